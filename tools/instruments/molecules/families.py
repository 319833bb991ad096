"""Families of molecules as SMILES, and how they are measured."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from tools.instruments.contract import Measurement, Settings
from tools.instruments.molecules.electrons import ConformerSet, electronic, needing_chemistry


def acene(rings: int) -> str:
    """Return linearly fused benzene rings as SMILES, up to nine."""
    if rings == 1:
        return "c1ccccc1"
    there = "c".join(f"c{ring}" for ring in range(2, rings + 1))
    back = "c".join(f"c{ring}" for ring in range(rings, 1, -1))
    return f"c1cc{there}cccc{back}c1"


def joined(first: str, middle: str, last: str, units: int) -> str:
    """Return a chain with two ends; `first` stands alone where there is one unit."""
    return first if units == 1 else first + middle * (units - 2) + last


CHAINS: dict[str, Callable[[int], str]] = {
    "alkane": lambda n: "C" * n,
    "polyene": lambda n: "C=C" * n,
    "polyyne": lambda n: "C#C" * n,
    "acene": acene,
    "oligothiophene": lambda n: joined("c1ccsc1", "-c1ccc(s1)", "-c1cccs1", n),
    "oligophenylene": lambda n: joined("c1ccccc1", "-c1ccc(cc1)", "-c1ccccc1", n),
    "alcohol": lambda n: "C" * n + "O",
    "amine": lambda n: "C" * n + "N",
    "carboxylic_acid": lambda n: "C" * (n - 1) + "C(=O)O",
    "perfluoroalkane": lambda n: joined("FC(F)(F)F", "C(F)(F)", "C(F)(F)F", n).replace(
        "FC(F)(F)FC", "FC(F)(F)C"
    ),
    "glycol": lambda n: "O" + "CCO" * n,
}
"""SMILES by the number of units: carbon atoms, double or triple bonds, rings, monomers."""

HALOGENS = {2: "F", 3: "Cl", 4: "Br", 5: "I"}
PARENTS = {
    "methane": ("C", "C{}", "C({}){}", "C({})({}){}", "C({})({})({}){}"),
    "ethylene": ("C=C", "C=C{}", "C=C({}){}", "C({})=C({}){}", "C({})({})=C({}){}"),
    "benzene": ("c1ccccc1", "c1ccccc1{}", "c1cc({})ccc1{}", "c1c({})cc({})cc1{}", "c1c({})c({})cc({})c1{}"),
}
"""SMILES by the number of halogen atoms; of benzene: para for two, 1,3,5 for three, 1,2,4,5 for four."""


def measure_chain(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - one geometry
    """Build a chain of a family and measure it."""
    smiles = CHAINS[str(settings["family"])](int(settings["units"]))
    return measured(smiles, response, int(settings["units"]))


def measure_halogenated(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001
    """Replace hydrogen atoms of a parent by a halogen and measure it."""
    number, halogen = int(settings["halogens"]), HALOGENS[int(settings["period"])]
    pattern = PARENTS[str(settings["parent"])][number]
    return measured(pattern.replace("{}", halogen), response, 1)


@lru_cache(maxsize=256)
def measured(smiles: str, response: str, units: int) -> Measurement:
    """Measure a molecule given as SMILES, in its most stable conformer by MMFF94.

    The uncertainty is what the second most stable conformer differs by, over √2. Raises InstrumentError.
    """
    exact = descriptor(smiles, response)
    if exact is not None:
        return Measurement(value=exact, std=0)
    molecule = ConformerSet.from_smiles(smiles)
    values = [electronic(geometry, response) for geometry in molecule.geometries[:2]]
    scale = units if response == "energy_per_unit" else 1
    spread = abs(values[0] - values[-1]) / np.sqrt(2)
    return Measurement(value=float(values[0]) / scale, std=float(spread) / scale)


def descriptor(smiles: str, response: str) -> float | None:
    """Return what follows from the graph of the molecule alone, by RDKit; None for other responses."""
    with needing_chemistry():
        from rdkit import Chem
        from rdkit.Chem import Descriptors, rdMolDescriptors

    functions = {
        "molar_mass": Descriptors.MolWt,  # type: ignore[attr-defined] # made when the module loads
        "partition": lambda molecule: rdMolDescriptors.CalcCrippenDescriptors(molecule)[0],
        "polar_area": rdMolDescriptors.CalcTPSA,
        "rotatable_bonds": rdMolDescriptors.CalcNumRotatableBonds,
    }
    return float(functions[response](Chem.MolFromSmiles(smiles))) if response in functions else None
