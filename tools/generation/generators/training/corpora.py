"""Training strings, from the reference sets; molecules as XYZ are embedded here.

Their frame depends on nothing but the molecule, small and neutral.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from tools.generation.references import load_reference
from tools.generation.schema import ReferenceSet, SampleForm

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


CELL: Final = re.compile(r"_cell_(?:length|angle)_\w+\s+(\S+)")
SITE: Final = re.compile(r"^\s+([A-Z][a-z]?)\s+\S+\s+1\s+(\S+)\s+(\S+)\s+(\S+)\s+1", re.MULTILINE)


def read_corpus(
    name: str, form: SampleForm, folder: Path, tell: Callable[[str], None]
) -> tuple[ReferenceSet, list[str]]:
    """The set, and its strings in a form that models are trained on. Raises BadFile where it is missing."""
    reference = load_reference(name, folder)
    tell(f"{len(reference.texts)} strings of {name}")
    return reference, WRITERS[form](reference)


def crystal_texts(reference: ReferenceSet) -> list[str]:
    """Compact text of every CIF, all digits and the file's order of atoms kept."""
    return [_compact(cif) for cif in reference.texts]


def canonical_smiles(reference: ReferenceSet) -> list[str]:
    """Re-made with the RDKit at hand."""
    from rdkit import Chem

    return [Chem.MolToSmiles(Chem.MolFromSmiles(text)) for text in reference.texts]


def _selfies(reference: ReferenceSet) -> list[str]:
    import selfies

    return [selfies.encoder(smiles) for smiles in canonical_smiles(reference)]


def _conformers(reference: ReferenceSet) -> list[str]:
    written = (write_xyz(smiles, seed=number) for number, smiles in enumerate(canonical_smiles(reference)))
    return [text for text in written if text is not None]


def _compact(cif: str) -> str:
    return "\n".join([" ".join(CELL.findall(cif)), *(" ".join(site) for site in SITE.findall(cif))])


WRITERS: Final = {
    SampleForm.TEXT: crystal_texts,
    SampleForm.SMILES: canonical_smiles,
    SampleForm.SELFIES: _selfies,
    SampleForm.XYZ: _conformers,
}
