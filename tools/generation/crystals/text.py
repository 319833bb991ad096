"""Reads and writes the compact text crystal: a cell line, then an atom a line.

The form of crystal-text-llm (Gruver et al., arXiv:2402.04379) is read as well: lengths, angles, and then a
line with the element above each line of coordinates.
"""

import math
from typing import Final

import numpy as np

from tools.generation.crystals.crystal import Crystal, build_crystal
from tools.generation.lost import Lost, lost_as, lost_in_typing
from tools.generation.schema import LossReason
from tools.structures import lattice_from_parameters

CELL: Final = 6  # numbers on the first line
ATOM: Final = 4  # words on an atom line
AXES: Final = 3
LLM: Final = [AXES, AXES, 1, AXES]  # words on the first lines of crystal-text-llm's form


def parse_text(text: str) -> Crystal:
    """Raises Lost."""
    lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    if [len(words) for words in lines[: len(LLM)]] == LLM:
        lines = _on_one_line(lines)
    if not lines or len(lines[0]) != CELL:
        raise Lost(LossReason.NOT_TEXT, "the first line needs a b c alpha beta gamma")
    if len(lines) == 1:
        raise Lost(LossReason.NOT_TEXT, "no atom follows the cell")
    odd = next((" ".join(words) for words in lines[1:] if len(words) != ATOM), None)
    if odd is not None:
        raise Lost(LossReason.NOT_TEXT, f"an atom line needs an element and three coordinates: {odd!r}")
    cell = [_number(word) for word in lines[0]]
    fractional = np.array([[_number(word) for word in words[1:]] for words in lines[1:]])
    with lost_as(LossReason.NOT_TEXT):
        lattice = lattice_from_parameters(cell[:AXES], cell[AXES:])
    return build_crystal([words[0] for words in lines[1:]], fractional, lattice)


def write_text(crystal: Crystal, decimals: int = 2) -> str:
    """Lengths in Å, angles in degrees with one decimal less."""
    lengths = np.linalg.norm(crystal.lattice, axis=1)
    pairs = ((1, 2), (0, 2), (0, 1))
    cosines = [crystal.lattice[i] @ crystal.lattice[j] / lengths[i] / lengths[j] for i, j in pairs]
    angles = [math.degrees(math.acos(max(-1.0, min(1.0, c)))) for c in cosines]
    cell = [f"{x:.{decimals}f}" for x in lengths] + [f"{x:.{max(decimals - 1, 0)}f}" for x in angles]
    atoms = [
        f"{symbol} " + " ".join(f"{x:.{decimals}f}" for x in place % 1.0)
        for symbol, place in zip(crystal.symbols, crystal.fractional, strict=True)
    ]
    return "\n".join([" ".join(cell), *atoms])


def _on_one_line(lines: list[list[str]]) -> list[list[str]]:
    """Return the cell on one line and each atom on one; an element without coordinates stays alone."""
    atoms = [lines[k] + (lines[k + 1] if k + 1 < len(lines) else []) for k in range(2, len(lines), 2)]
    return [lines[0] + lines[1], *atoms]


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        raise Lost(LossReason.NOT_TEXT, f"{word!r} is no number") from None
    if not math.isfinite(number):
        raise lost_in_typing(LossReason.NOT_FINITE, f"{word!r}")
    return number
