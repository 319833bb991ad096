"""Reads POSCAR and CONTCAR of VASP 4 to 6: comment, scale, three vectors, elements, counts, positions."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from tools.structures.atoms import Atoms, BadStructure, Floats, StructureFault, check_number, to_fractional
from tools.structures.elements import element_of

POSITIONS: Final = 7  # the line before them, at the earliest; VASP 4 has no elements
COMMENT: Final = re.compile(r"[!#].*")
DOUBLE: Final = re.compile(r"(?<=[\d.])[dD](?=[-+]?\d)")  # Fortran's 1.0D+00
MOST_DIGITS: Final = 9  # of a count


def read_poscar(text: str, most_atoms: int) -> Atoms:
    """Return the structure. Raises BadStructure with the line that does not fit."""
    lines = text.splitlines()
    if len(lines) <= POSITIONS:
        raise BadStructure(
            StructureFault.UNREADABLE, f"{len(lines)} lines: a POSCAR has at least {POSITIONS + 1}"
        )
    stretch, lattice = _scaled(_numbers(lines[1], 2), np.array([_vector(lines[k], k + 1) for k in (2, 3, 4)]))
    words, at = _code(lines[5]).split(), 5
    named = not _are_counts(words)
    at += named
    counts = _counts(_code(lines[at]).split(), words if named else None, most_atoms)
    at += 1
    selective = at < len(lines) and lines[at].strip()[:1].lower() == "s"  # "Selective dynamics"
    at += selective
    cartesian = at < len(lines) and lines[at].strip()[:1].lower() in {"c", "k"}
    rows = lines[at + 1 : at + 1 + sum(counts)]
    if len(rows) < sum(counts):
        raise BadStructure(
            StructureFault.UNREADABLE, f"{len(rows)} positions for {sum(counts)} atoms: cut short"
        )
    places = np.array([_vector(row, at + 2 + k) for k, row in enumerate(rows)]).reshape(-1, 3)
    symbols = _by_group(words, counts) if named else _unnamed(lines[0], counts, rows, 6 if selective else 3)
    return Atoms(symbols, to_fractional(places * stretch, lattice) if cartesian else places, lattice)


def looks_like_poscar(text: str) -> bool:
    """Return whether lines 2 to 5 are a scale and three vectors, whatever the comment says."""
    lines = text.split("\n", 5)
    try:
        return len(_numbers(lines[1], 2)) in {1, 3} and all(
            _vector(lines[k], k + 1) is not None for k in (2, 3, 4)
        )
    except (BadStructure, IndexError):
        return False


def _code(line: str) -> str:
    """Return a line without the remark behind it, and without the blank-less hash of VASP 6.4.2."""
    return COMMENT.sub("", line)


def _numbers(line: str, number: int) -> list[float]:
    words = DOUBLE.sub("e", _code(line)).split()
    found: list[float] = []
    for word in words[:3]:
        try:
            found.append(float(word))
        except ValueError:
            break
    if not found:
        raise BadStructure(
            StructureFault.UNREADABLE, f"line {number} of the POSCAR needs a number: {line.strip()[:60]!r}"
        )
    return found


def _vector(line: str, number: int) -> list[float]:
    found = _numbers(line, number)
    if len(found) != 3:  # noqa: PLR2004 axes
        raise BadStructure(
            StructureFault.UNREADABLE,
            f"line {number} of the POSCAR needs three numbers: {line.strip()[:60]!r}",
        )
    return found


def _scaled(scale: Sequence[float], lattice: Floats) -> tuple[Floats, Floats]:
    """Return the factors of x, y and z, which Cartesian positions take too, and the scaled lattice.

    One negative number is the volume of the cell in Å³; three stretch the axes.
    """
    if not np.isfinite([*scale, *lattice.flat]).all():
        raise BadStructure(StructureFault.NOT_FINITE, "the scale or a lattice vector is not a finite number")
    factors = np.array(scale) if len(scale) == 3 else np.full(3, scale[0])  # noqa: PLR2004 axes
    if scale[0] < 0 and len(scale) < 3:  # noqa: PLR2004 axes
        volume = abs(float(np.linalg.det(lattice)))
        factors = np.full(3, (-scale[0] / volume) ** (1 / 3) if volume else 0.0)
    if not (factors > 0).all():
        raise BadStructure(
            StructureFault.FLAT_CELL, f"the scale {' '.join(f'{x:g}' for x in scale)} makes no cell"
        )
    return factors, lattice * factors


def _are_counts(words: Sequence[str]) -> bool:
    return bool(words) and all(word.isdecimal() for word in words)


def _counts(words: Sequence[str], elements: Sequence[str] | None, most_atoms: int) -> list[int]:
    if not _are_counts(words):
        raise BadStructure(
            StructureFault.UNREADABLE, "line 6 of a POSCAR needs the elements and line 7 their counts"
        )
    if elements is not None and len(words) != len(elements):
        raise BadStructure(
            StructureFault.UNREADABLE,
            f"{len(elements)} elements on line 6, but {len(words)} counts on line 7",
        )
    if max(map(len, words)) > MOST_DIGITS:
        raise BadStructure(StructureFault.TOO_MANY_ATOMS, f"over {most_atoms} atoms")
    counts = [int(word) for word in words]
    check_number(sum(counts), most_atoms)
    return counts


def _by_group(words: Sequence[str], counts: Sequence[int]) -> tuple[str, ...]:
    return tuple(s for word, count in zip(words, counts, strict=True) for s in [_element(word)] * count)


def _element(word: str) -> str:
    """Return the element of `Zn`, `Zn_pv`, `Zn/`, `Zn_pv/0123456789abcdef` and `H.75`."""
    symbol = element_of(re.split(r"[_/.]", word)[0])
    if symbol is None:
        raise BadStructure(StructureFault.UNKNOWN_SPECIES, f"{word!r} is no element")
    return symbol


def _unnamed(comment: str, counts: Sequence[int], rows: Sequence[str], place: int) -> tuple[str, ...]:
    """Return the elements of a VASP 4 file: from the word at `place` behind each position, or the comment."""
    labels = [element_of((row.split()[place : place + 1] or ["?"])[0]) for row in rows]
    if labels and None not in labels:
        return tuple(label for label in labels if label is not None)
    words = [element_of(word) for word in comment.split()]
    if len(words) == len(counts) and None not in words:
        return _by_group([word for word in words if word is not None], counts)
    raise BadStructure(
        StructureFault.UNKNOWN_SPECIES,
        "a POSCAR of VASP 4 names no elements: write them on a line of their own above the counts",
    )
