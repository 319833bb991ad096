"""Small neutral molecules in three dimensions, written as XYZ in a frame that depends on nothing else."""

from typing import Any, Final

import numpy as np

MOST_HEAVY: Final = 16
TRIES: Final = 20


def write_xyz(smiles: str, seed: int) -> str | None:
    """XYZ of one conformer (ETKDG, RDKit), or none where the molecule is charged, too large or will not fold.

    Atoms come in the order of the canonical SMILES, each followed by its hydrogens. The first atom is the
    origin, the second on the x axis, the third in the upper half of the xy plane.
    """
    from rdkit import Chem
    from rdkit.Chem import rdDistGeom

    molecule = Chem.MolFromSmiles(smiles)
    charged = any(atom.GetFormalCharge() or atom.GetNumRadicalElectrons() for atom in molecule.GetAtoms())
    if charged or molecule.GetNumHeavyAtoms() > MOST_HEAVY:
        return None
    full = Chem.AddHs(molecule)
    settings: Any = rdDistGeom.ETKDGv3()
    settings.randomSeed = seed
    settings.maxIterations = TRIES
    if rdDistGeom.EmbedMolecule(full, settings):
        return None
    order = _order(full)
    places = _framed(full.GetConformer().GetPositions()[order])
    if places is None:
        return None
    symbols = [full.GetAtomWithIdx(number).GetSymbol() for number in order]
    rows = [f"{symbol} {x:.3f} {y:.3f} {z:.3f}" for symbol, (x, y, z) in zip(symbols, places, strict=True)]
    return "\n".join([str(len(rows)), "", *rows])


def _order(molecule: Any) -> list[int]:  # noqa: ANN401 - RDKit ships no types
    found = []
    for atom in molecule.GetAtoms():
        if atom.GetAtomicNum() > 1:
            hydrogens = [other.GetIdx() for other in atom.GetNeighbors() if other.GetAtomicNum() == 1]
            found += [atom.GetIdx(), *hydrogens]
    return found


def _framed(places: Any) -> Any:  # noqa: ANN401 - arrays, (atoms, 3), Å
    """None where the first three atoms lie on a line."""
    moved = places - places[0]
    first = moved[1] / np.linalg.norm(moved[1])
    second = moved[2] - (moved[2] @ first) * first
    if np.linalg.norm(second) < 0.1:  # noqa: PLR2004 - Å
        return None
    second = second / np.linalg.norm(second)
    return moved @ np.stack([first, second, np.cross(first, second)]).T
