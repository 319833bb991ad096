"""SMILES and SELFIES become molecules, with the reason where they do not."""

from typing import Any, Final

from tools.generation.lost import Lost, lost_in_typing
from tools.generation.schema import LossReason, Stage

AROMATIC: Final = {"KekulizeException", "AtomKekulizeException"}


def parse_smiles(text: str) -> Any:  # noqa: ANN401 - RDKit ships no types
    """A sanitised RDKit molecule. Raises Lost."""
    from rdkit import Chem

    if any(c.isspace() for c in text):
        raise Lost(LossReason.NOT_SMILES, f"words: {text[:60]!r}")
    if not text.isascii():  # RDKit passes over such letters in silence: Cα would be C
        raise Lost(LossReason.NOT_SMILES, f"letters that no SMILES has: {text[:60]!r}")
    molecule = Chem.MolFromSmiles(text)
    if molecule is None:
        raise _explained(text)
    if not molecule.GetNumAtoms():
        raise Lost(LossReason.EMPTY, "a SMILES without atoms")
    _check_elements(molecule)
    return molecule


def parse_selfies(text: str) -> Any:  # noqa: ANN401 - RDKit ships no types
    """Raises Lost."""
    import selfies

    try:
        smiles = selfies.decoder(text)
    except (selfies.DecoderError, ValueError, IndexError) as error:
        smiles = _decode_old(text)
        if smiles is None:
            raise Lost(LossReason.NOT_SELFIES, str(error).split("\n")[0]) from error
    if not smiles:
        raise Lost(LossReason.NOT_SELFIES, "it stands for no atom")
    return parse_smiles(smiles)


def _decode_old(text: str) -> str | None:
    """The SMILES of a string in symbols of selfies 1, or none."""
    import warnings

    import selfies

    try:
        with warnings.catch_warnings(action="ignore"):  # that old symbols are read
            return str(selfies.decoder(text, compatible=True))
    except (selfies.DecoderError, ValueError, IndexError):
        return None


def repair_smiles(text: str) -> str | None:
    """The molecule nearest in SELFIES (Krenn et al., MLST 1, 045024 (2020)), or none."""
    import selfies

    try:
        return str(selfies.decoder(selfies.encoder(text, strict=False))) or None
    except (selfies.EncoderError, selfies.DecoderError, ValueError, IndexError, KeyError):
        return None


def _check_elements(molecule: Any) -> None:  # noqa: ANN401 - RDKit ships no types
    if any(atom.GetAtomicNum() == 0 for atom in molecule.GetAtoms()):
        raise lost_in_typing(LossReason.UNKNOWN_SPECIES, "an atom is '*', which is no element")


def _explained(text: str) -> Lost:
    from rdkit import Chem

    graph = Chem.MolFromSmiles(text, sanitize=False)
    if graph is None:
        return Lost(LossReason.NOT_SMILES, repr(text[:60]))
    problems = Chem.DetectChemistryProblems(graph)
    if not problems:
        return Lost(LossReason.NOT_SMILES, repr(text[:60]))
    aromatic = problems[0].GetType() in AROMATIC
    return Lost(
        LossReason.AROMATICITY if aromatic else LossReason.VALENCE,
        problems[0].Message().strip(),
        Stage.CHEMICAL,
    )
