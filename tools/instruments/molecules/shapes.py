"""Rings that are strained, bonds that are turned, bonds that are stretched."""

from functools import lru_cache

import numpy as np

from tools.instruments.contract import InstrumentError, Measurement, Settings
from tools.instruments.molecules.electrons import (
    KILOJOULE,
    ConformerSet,
    Geometry,
    electronic,
    needing_chemistry,
    relaxed,
)

TURNED = {
    "butane": ("CCCC", (0, 1, 2, 3)),
    "ethane": ("CC", (2, 0, 1, 5)),
    "butadiene": ("C=CC=C", (0, 1, 2, 3)),
    "biphenyl": ("c1ccccc1-c1ccccc1", (4, 5, 6, 7)),
    "bithiophene": ("c1ccsc1-c1cccs1", (3, 4, 5, 9)),
    "hydrogen_peroxide": ("OO", (2, 0, 1, 3)),
}
"""SMILES, and the four atoms of the bond that is turned."""
DIATOMICS = {
    "hydrogen": (1, 1),
    "nitrogen": (7, 7),
    "fluorine": (9, 9),
    "chlorine": (17, 17),
    "hydrogen_fluoride": (1, 9),
    "hydrogen_chloride": (1, 17),
    "carbon_monoxide": (6, 8),
    "lithium_fluoride": (3, 9),
    "sodium_chloride": (11, 17),
}
RADII = {1: 0.32, 3: 1.33, 6: 0.75, 7: 0.71, 8: 0.63, 9: 0.64, 11: 1.55, 17: 0.99}
"""Covalent radii in Å: P. Pyykkö, M. Atsumi, Chem. Eur. J. 15, 186 (2009)."""
SQUEEZED, TORN = 0.6, 2.2
"""Of the sum of the radii."""


@lru_cache(maxsize=64)
def _best_energy(smiles: str) -> float:
    """Return the energy in eV of the most stable of three conformers, relaxed with GFN2-xTB."""
    return min(relaxed(geometry)[1] for geometry in ConformerSet.from_smiles(smiles).geometries[:3])


@lru_cache(maxsize=1)
def _unstrained() -> float:
    """Return the energy in eV of a CH2 group in a chain: half of what two more add to butane."""
    return (_best_energy("CCCCCC") - _best_energy("CCCC")) / 2


def ring(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - one geometry
    """Compare a ring of CH2 groups with as many of them in a chain, in kJ/mol."""
    size = int(settings["size"])
    strain = (_best_energy("C1" + "C" * (size - 1) + "1") - size * _unstrained()) * KILOJOULE
    error = 0.5 * size**0.5  # kJ/mol: of relaxation, and of conformers not found
    if response == "strain_per_unit":
        return Measurement(value=strain / size, std=error / size)
    return Measurement(value=strain, std=error)


def torsion(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - one geometry
    """Hold one dihedral angle, relax the rest with MMFF94, and measure; energies against that at 180°."""
    smiles, atoms = TURNED[str(settings["molecule"])]
    here = _turned(smiles, atoms, float(settings["angle"]))
    if response != "energy":
        return Measurement(value=electronic(here, response), std=0)
    there = _turned(smiles, atoms, 180.0)
    return Measurement(value=(electronic(here, "energy") - electronic(there, "energy")) * KILOJOULE, std=0.1)


@lru_cache(maxsize=256)
def _turned(smiles: str, atoms: tuple[int, int, int, int], angle: float) -> Geometry:
    with needing_chemistry():
        from rdkit.Chem import rdForceFieldHelpers, rdMolTransforms

    molecule = ConformerSet.from_smiles(smiles).rdkit
    conformer = molecule.GetConformer(molecule.GetConformers()[0].GetId())
    rdMolTransforms.SetDihedralDeg(conformer, *atoms, angle)
    properties = rdForceFieldHelpers.MMFFGetMoleculeProperties(molecule)
    force = rdForceFieldHelpers.MMFFGetMoleculeForceField(molecule, properties, confId=conformer.GetId())
    force.Initialize()
    force.MMFFAddTorsionConstraint(*atoms, False, angle, angle, 1000.0)
    force.Minimize(maxIts=2000)
    numbers = np.array([atom.GetAtomicNum() for atom in molecule.GetAtoms()])
    return Geometry(numbers, conformer.GetPositions())


def stretch(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - exact to rounding
    """Hold two atoms apart, closed-shell; energies in eV against the minimum."""
    pair, length = str(settings["molecule"]), float(settings["bond_length"])
    if response == "energy":
        return Measurement(value=electronic(_apart(pair, length), "energy") - _minimum(pair)[1], std=0.001)
    return Measurement(value=electronic(_apart(pair, length), response), std=0)


def too_far(settings: Settings) -> str | None:
    """Say that a bond is squeezed or torn; None where it is neither."""
    pair, length = str(settings["molecule"]), float(settings["bond_length"])
    usual = sum(RADII[number] for number in DIATOMICS[pair])
    if not SQUEEZED * usual <= length <= TORN * usual:
        low, high = SQUEEZED * usual, TORN * usual
        return f"a closed shell describes {pair} between {low:.2f} and {high:.2f} Å only, not at {length:g} Å"
    return None


def _apart(pair: str, length: float) -> Geometry:
    return Geometry(np.array(DIATOMICS[pair]), np.array([[0, 0, 0], [0, 0, length]], float))


@lru_cache(maxsize=16)
def _minimum(pair: str) -> tuple[float, float]:
    """Return bond length in Å and energy in eV at the minimum."""
    from scipy.optimize import minimize_scalar

    lengths = np.linspace(0.6, 3.0, 25)
    energies = [_energy(pair, length) for length in lengths]
    best = int(np.argmin(energies))
    if best in (0, len(lengths) - 1):
        raise InstrumentError(f"no bond of {pair} was found between 0.6 and 3 Å")
    bracket = (lengths[best - 1], lengths[best + 1])
    found = minimize_scalar(lambda length: _energy(pair, length), bounds=bracket, method="bounded")
    return float(found.x), float(found.fun)


def _energy(pair: str, length: float) -> float:
    try:
        return electronic(_apart(pair, length), "energy")
    except InstrumentError:
        return np.inf
