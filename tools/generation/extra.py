"""The optional packages of this tool."""

from functools import partial
from typing import Final

from tools.extras import needing
from tools.generation.errors import MissingPackage

EXTRAS: Final = {
    "ase": "stability",
    "chgnet": "stability",
    "fcd_torch": "generation-fcd",
    "matminer": "generation-cov",
    "matplotlib": "generation",
    "plotly": "generation",
    "pymatgen": "generation",
    "pyxtal": "generation-train",
    "rdkit": "generation",
    "scipy": "generation",
    "selfies": "generation",
    "smact": "generation",
    "spglib": "generation",
    "torch": "generation-train",
}
"""Packages, and the extra that brings each."""

needing_extra = partial(needing, EXTRAS, MissingPackage)
