"""Reads XYZ, plain and extended: a count, a comment, and a line an atom."""

import re
import shlex
from dataclasses import dataclass
from typing import Final

import numpy as np

from tools.structures.atoms import Atoms, BadStructure, Floats, StructureFault, check_number, to_fractional
from tools.structures.elements import NAMES, element_of

ATOM: Final = 4  # words of a plain atom line
MATHEMATICA: Final = re.compile(r"\*\^|(?<=[\d.])[dD](?=[-+]?\d)")  # 1.0*^-3 of QM9, 1.0D-3 of Fortran
LATTICE: Final = re.compile(r"\blattice\s*=", re.IGNORECASE)
WIDTH: Final = re.compile(r"\d{1,3}")
MOST_DIGITS: Final = 9  # of the count


@dataclass(frozen=True)
class Frame:
    """Element symbols, positions (n, 3) in Å, and the lattice as rows in Å where the comment gives one."""

    symbols: tuple[str, ...]
    positions: Floats
    lattice: Floats | None


def read_xyz(text: str, most_atoms: int) -> Frame:
    """Return one frame. Raises BadStructure.

    What follows the atoms, as frequencies do in QM9, is passed over as long as it is no further atom.
    """
    lines = text.strip("\n").splitlines()
    if not lines or not lines[0].strip().isdecimal():
        raise BadStructure(StructureFault.UNREADABLE, "the first line needs the number of atoms")
    promised = int(lines[0].strip()[:MOST_DIGITS])
    rows = [words for words in (_words(line) for line in lines[2:]) if words]
    settings = _settings(lines[1]) if len(lines) > 1 else {}
    columns = _columns(settings)
    if (
        not promised
        or len(rows) < promised
        or any(_is_atom(row, columns) for row in rows[promised : promised + 1])
    ):
        atoms = sum(_is_atom(row, columns) for row in rows)
        raise BadStructure(
            StructureFault.UNREADABLE, f"{promised} atoms promised, {atoms} lines of atoms follow"
        )
    check_number(promised, most_atoms)
    symbols = tuple(_symbol(row, columns[0]) for row in rows[:promised])
    positions = np.array([_place(row, columns[1]) for row in rows[:promised]])
    if not np.isfinite(positions).all():
        raise BadStructure(StructureFault.NOT_FINITE, "a coordinate is not a finite number")
    return Frame(symbols, positions, _lattice(settings))


def read_extended_xyz(text: str, most_atoms: int) -> Atoms:
    """Return a periodic structure. Raises BadStructure, also for no lattice and for several frames."""
    if (frames := sum(LATTICE.search(line) is not None for line in text.splitlines())) > 1:
        raise BadStructure(
            StructureFault.UNREADABLE, f"the XYZ holds {frames} structures: write each to a file of its own"
        )
    frame = read_xyz(text, most_atoms)
    if frame.lattice is None:
        raise BadStructure(
            StructureFault.UNREADABLE, 'the XYZ gives no cell: write Lattice="…" into its comment line'
        )
    return Atoms(frame.symbols, to_fractional(frame.positions, frame.lattice), frame.lattice)


def looks_like_xyz(text: str) -> bool:
    """Return whether a count stands alone on the first line and the second is a comment with a lattice."""
    lines = text.lstrip("\n").split("\n", 2)
    return len(lines) > 1 and lines[0].strip().isdecimal() and LATTICE.search(lines[1]) is not None


def _words(line: str) -> list[str]:
    """Return the words of a line; a comma before a blank only parts them."""
    return re.sub(r",(?=\s|$)", " ", line).split()


def _settings(comment: str) -> dict[str, str]:
    """Return key=value pairs of an extended comment, keys in lower case; none of a plain one."""
    if "=" not in comment:
        return {}
    try:
        pairs = [word.partition("=") for word in shlex.split(re.sub(r"\s*=\s*", "=", comment))]
    except ValueError:  # a lone quotation mark
        return {}
    return {key.lower(): value for key, is_pair, value in pairs if is_pair}


def _columns(settings: dict[str, str]) -> tuple[int, int]:
    """Return the numbers of the columns with the species and the first coordinate."""
    words = settings.get("properties", "").split(":")
    found, at = {}, 0
    for name, width in zip(words[::3], words[2::3], strict=False):
        if not WIDTH.fullmatch(width):
            return 0, 1
        found[name.lower()] = at
        at += int(width)
    return (found["species"], found["pos"]) if {"species", "pos"} <= set(found) else (0, 1)


def _is_atom(words: list[str], columns: tuple[int, int]) -> bool:
    try:
        _symbol(words, columns[0])
        _place(words, columns[1])
    except BadStructure:
        return False
    return True


def _symbol(words: list[str], column: int) -> str:
    word = words[column] if column < len(words) else ""
    if word.isdecimal() and 0 < int(word[:4]) <= len(NAMES):
        return NAMES[int(word) - 1]
    symbol = element_of(word)
    if symbol is None:
        raise BadStructure(StructureFault.UNKNOWN_SPECIES, f"{word!r} is no element")
    return symbol


def _place(words: list[str], column: int) -> list[float]:
    try:
        place = [float(MATHEMATICA.sub("e", word)) for word in words[column : column + 3]]
    except ValueError:
        place = []
    if len(place) != 3:  # noqa: PLR2004 axes
        raise BadStructure(
            StructureFault.UNREADABLE,
            f"an atom line needs an element and three coordinates: {' '.join(words)[:60]!r}",
        )
    return place


def _lattice(settings: dict[str, str]) -> Floats | None:
    words = settings.get("lattice", "").split()
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError:
        numbers = np.array([])
    if not words:
        return None
    if numbers.shape != (9,) or not np.isfinite(numbers).all():
        raise BadStructure(StructureFault.UNREADABLE, "Lattice in the XYZ's comment needs nine numbers")
    return numbers.reshape(3, 3)
