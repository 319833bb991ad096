"""Training strings, from the reference sets."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.generation.references import ReferenceSet, load_reference
from tools.generation.schema import SampleForm

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
    from tools.generation.generators.training.conformers import write_xyz

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
