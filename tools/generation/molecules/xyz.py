"""XYZ, in Å, becomes a molecule: bonds are perceived (Kim & Kim, Bull. Korean Chem. Soc. 36 (2015))."""

import math
from typing import Any, Final

from tools.generation.crystals.elements import SYMBOLS
from tools.generation.lost import Lost, lost_in_typing
from tools.generation.schema import Reason, Stage

MOST_ATOMS: Final = 200  # bond orders of larger molecules take too long
ATOM: Final = 4  # words on an atom line
NEAREST: Final = 0.5  # Å, below which two atoms are one


def parse_xyz(text: str) -> Any:  # noqa: ANN401 - RDKit ships no types
    """A sanitised RDKit molecule of charge 0, its hydrogens implicit. Raises Lost."""
    atoms = _atoms(text)
    _check_distances([place for _, place in atoms])
    from rdkit import Chem
    from rdkit.Chem import rdDetermineBonds

    block = "\n".join([str(len(atoms)), "", *(f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in atoms)])
    raw = Chem.MolFromXYZBlock(block)
    if raw is None:
        raise Lost(Reason.NOT_XYZ, "RDKit reads no atoms in it")
    try:
        rdDetermineBonds.DetermineBonds(raw, charge=0)
    except (ValueError, RuntimeError) as error:
        raise Lost(Reason.NO_BONDS, str(error).split("\n")[0], Stage.STRUCTURAL) from error
    try:
        molecule = Chem.RemoveHs(raw)
    except Chem.MolSanitizeException as error:
        raise Lost(Reason.VALENCE, str(error), Stage.CHEMICAL) from error
    # RDKit fills open valences with hydrogen, which would mend a broken molecule in silence
    filled = Chem.AddHs(molecule).GetNumAtoms() - len(atoms)
    if filled:
        raise Lost(Reason.VALENCE, f"{filled} hydrogen atoms are missing", Stage.CHEMICAL)
    return molecule


def _atoms(text: str) -> list[tuple[str, tuple[float, float, float]]]:
    lines = text.strip("\n").splitlines()
    if not lines or not lines[0].strip().isdecimal():
        raise Lost(Reason.NOT_XYZ, "the first line needs the number of atoms")
    promised, rows = int(lines[0].strip()[:9]), [line.split() for line in lines[2:] if line.strip()]
    if promised != len(rows) or not rows:
        raise Lost(Reason.NOT_XYZ, f"{promised} atoms promised, {len(rows)} lines follow")
    if promised > MOST_ATOMS:
        raise Lost(Reason.TOO_MANY_ATOMS, f"{promised} atoms, at most {MOST_ATOMS} are judged")
    return [_atom(row) for row in rows]


def _atom(words: list[str]) -> tuple[str, tuple[float, float, float]]:
    if len(words) < ATOM:
        raise Lost(
            Reason.NOT_XYZ, f"an atom line needs an element and three coordinates: {' '.join(words)!r}"
        )
    if words[0] not in SYMBOLS:
        raise lost_in_typing(Reason.UNKNOWN_SPECIES, f"{words[0]!r} is no element")
    try:
        x, y, z = (float(word) for word in words[1:ATOM])
    except ValueError:
        raise Lost(Reason.NOT_XYZ, f"no three numbers: {' '.join(words)!r}") from None
    if not all(math.isfinite(v) for v in (x, y, z)):
        raise lost_in_typing(Reason.NOT_FINITE, " ".join(words))
    return words[0], (x, y, z)


def _check_distances(places: list[tuple[float, float, float]]) -> None:
    for k, place in enumerate(places):
        near = next((j for j in range(k) if math.dist(place, places[j]) < NEAREST), None)
        if near is not None:
            raise Lost(
                Reason.ATOMS_TOO_CLOSE, f"atoms {near + 1} and {k + 1} within {NEAREST} Å", Stage.STRUCTURAL
            )
