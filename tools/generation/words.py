"""Words by which a question is known to ask for new crystals or molecules, or to speak of strings of them."""

from typing import Final

DESIGN: Final = (
    "inverse design", "generative model*", "crystal generation", "molecule generation", "generated crystal*",
    "generated molecule*", "crystal structure prediction", "de novo design", "molecular design",
    "drug design", "design new material*", "design new molecule*", "new perovskite*", "novel perovskite*",
    "new crystal structure*", "novel crystal structure*", "hypothetical crystal*", "hypothetical material*",
    "perovskite candidate*",
)  # fmt: skip
"""It asks for crystals or molecules that nobody has made."""

STRINGS: Final = ("SMILES", "SELFIES", "CIF", "CIFs", "POSCAR", "SLICES string*")
"""It speaks of crystals or molecules written as strings."""

SITES: Final = (
    "binding site*", "binding pocket*", "protein pocket*", "ligand pocket*", "active site of",
    "active sites of", "enzyme design", "protein design",
)  # fmt: skip
"""It speaks of where proteins hold their ligands."""

STABILITY: Final = (
    "energy above hull", "energy above the hull", "convex hull", "thermodynamic stability of crystal*",
    "thermodynamically stable crystal*", "thermodynamically stable compound*", "metastable crystal*",
    "metastable compound*",
)  # fmt: skip
"""It asks which crystals are stable."""
