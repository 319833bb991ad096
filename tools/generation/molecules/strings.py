"""SMILES, SELFIES and XYZ (Å) become molecules, with the reason where they do not.

In XYZ bonds are perceived (Kim & Kim, Bull. Korean Chem. Soc. 36, 1769 (2015)).
"""

import math
from typing import Any, Final

import numpy as np

from tools.generation.lost import Lost, lost_as, lost_in_typing
from tools.generation.schema import LossReason, Stage
from tools.structures import Frame, read_xyz

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


MOST_ATOMS: Final = 200  # bond orders of larger molecules take too long
NEAREST: Final = 0.5  # Å, below which two atoms are one
HYPERVALENT: Final = {
    "P",
    "S",
    "Se",
    "Cl",
    "Br",
    "I",
}  # drawn with double bonds to oxygen, as in SMILES of ZINC


def parse_xyz(text: str) -> Any:  # noqa: ANN401 - RDKit ships no types
    """Return a sanitised RDKit molecule of charge 0, its hydrogens implicit. Raises Lost."""
    with lost_as(LossReason.NOT_XYZ):
        frame = read_xyz(text, MOST_ATOMS)
    _check_distances(frame)
    from rdkit import Chem

    raw = _bonded(frame)
    _check_parts(raw)
    _neutralise(raw)
    try:
        molecule = Chem.RemoveHs(raw)
    except Chem.MolSanitizeException as error:
        raise Lost(LossReason.VALENCE, str(error), Stage.CHEMICAL) from error
    # RDKit fills open valences with hydrogen, which would mend a broken molecule in silence
    filled = Chem.AddHs(molecule).GetNumAtoms() - len(frame.symbols)
    if filled:
        raise Lost(LossReason.VALENCE, f"{filled} hydrogen atoms are missing", Stage.CHEMICAL)
    return molecule


def _bonded(frame: Frame) -> Any:  # noqa: ANN401 - RDKit ships no types
    from rdkit import Chem
    from rdkit.Chem import rdDetermineBonds

    rows = (
        f"{s} {x:.6f} {y:.6f} {z:.6f}"
        for s, (x, y, z) in zip(frame.symbols, frame.positions.tolist(), strict=True)
    )
    raw = Chem.MolFromXYZBlock("\n".join([str(len(frame.symbols)), "", *rows]))
    if raw is None:
        raise Lost(LossReason.NOT_XYZ, "RDKit reads no atoms in it")
    try:
        rdDetermineBonds.DetermineBonds(raw, charge=0)
    except (ValueError, RuntimeError) as error:
        raise Lost(LossReason.NO_BONDS, str(error).split("\n")[0], Stage.STRUCTURAL) from error
    return raw


def _check_parts(molecule: Any) -> None:  # noqa: ANN401 - RDKit ships no types
    """Raise Lost where an unbonded part has a net charge: the molecule is torn, or its unit is not Å."""
    from rdkit import Chem

    parts = Chem.GetMolFrags(molecule)
    charges = [sum(molecule.GetAtomWithIdx(k).GetFormalCharge() for k in part) for part in parts]
    if not any(charges):
        return
    if len(parts) == molecule.GetNumAtoms():
        raise Lost(LossReason.NO_BONDS, "nothing is bonded: are the coordinates in Å?", Stage.STRUCTURAL)
    written = ", ".join(f"{charge:+d}" for charge in charges if charge)
    raise Lost(
        LossReason.NO_BONDS,
        f"{len(parts)} parts that are not bonded, with charges {written}: torn, or not in Å",
        Stage.STRUCTURAL,
    )


def _neutralise(molecule: Any) -> None:  # noqa: ANN401 - RDKit ships no types
    """Write S⁺–O⁻ as S=O, as SMILES of other sources do, so that equal molecules are equal strings."""
    from rdkit import Chem

    for bond in molecule.GetBonds():
        ends = sorted((bond.GetBeginAtom(), bond.GetEndAtom()), key=lambda atom: int(atom.GetFormalCharge()))
        oxygen, centre = ends
        pair = oxygen.GetFormalCharge() == -1 and centre.GetFormalCharge() >= 1
        if pair and oxygen.GetSymbol() == "O" and centre.GetSymbol() in HYPERVALENT:
            bond.SetBondType(Chem.BondType.DOUBLE)
            oxygen.SetFormalCharge(0)
            centre.SetFormalCharge(centre.GetFormalCharge() - 1)
    Chem.SanitizeMol(molecule)


def _check_distances(frame: Frame) -> None:
    apart = np.linalg.norm(frame.positions[:, None] - frame.positions[None], axis=-1)
    apart[np.tril_indices(len(apart))] = math.inf
    if apart.size and apart.min() < NEAREST:
        one, other = np.unravel_index(int(apart.argmin()), apart.shape)
        raise Lost(
            LossReason.ATOMS_TOO_CLOSE,
            f"atoms {one + 1} and {other + 1} within {NEAREST} Å",
            Stage.STRUCTURAL,
        )
