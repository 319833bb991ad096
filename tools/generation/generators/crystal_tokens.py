"""Crystals as tokens of whole elements, counts, lengths, angles and coordinates (LM-AC style).

    Ba ×1 Ti ×1 O ×3  l139 =a =a a90 a90 a90  Ba x0 x0 x0  Ti x60 x60 x60  O x60 x60 x0 …

The composition comes first, so that cell and coordinates are drawn given it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tools.generation.generators.crystal_grammar import CrystalState
from tools.generation.generators.grid import GRID, length_token, read_lengths
from tools.generation.generators.vocabulary import LAST
from tools.generation.schema import Form

CELL: Final = 6


@dataclass(frozen=True)
class CrystalAtoms:
    """`sort`: whether atoms of an element are put in the order of their coordinates, or keep the file's."""

    sort: bool
    name: str = "atoms"
    form: Form = Form.TEXT

    def encode(self, text: str) -> list[str]:
        first, *rest = text.strip().splitlines()
        cell = [float(word) for word in first.split()]
        atoms = [(words[0], tuple(map(_step, words[1:4]))) for line in rest if (words := line.split())]
        if len(cell) != CELL or not atoms:
            raise ValueError("a crystal in text has six numbers and then an atom a line")
        if self.sort:
            order = list(dict.fromkeys(element for element, _ in atoms))
            atoms.sort(key=lambda atom: (order.index(atom[0]), atom[1]))
        runs = [(element, len(list(run))) for element, run in groupby(element for element, _ in atoms)]
        composition = [token for element, count in runs for token in (element, f"×{count}")]
        sites = [token for element, steps in atoms for token in (element, *(f"x{step}" for step in steps))]
        return [*composition, *_lengths(cell[:3]), *(f"a{round(angle)}" for angle in cell[3:]), *sites]

    def decode(self, tokens: Sequence[str]) -> str:
        if not _in_order(tokens):
            return " ".join(tokens)
        at = next(place for place, token in enumerate(tokens) if token[0] == "l")
        lengths = read_lengths(list(tokens[at : at + 3]))
        angles = [token[1:] for token in tokens[at + 3 : at + CELL]]
        sites = tokens[at + CELL :]
        lines = [" ".join([*(f"{length:.3f}" for length in lengths), *angles])]
        for place in range(0, len(sites), 4):
            element, *steps = sites[place : place + 4]
            lines.append(" ".join([element, *(f"{int(step[1:]) / GRID:.4f}" for step in steps)]))
        return "\n".join(lines)

    def state(self) -> CrystalState:
        return CrystalState()


def _in_order(tokens: Sequence[str]) -> bool:
    state = CrystalState(apart=0.0)
    for token in (*tokens, LAST):
        if not state.allows(token):
            return False
        state.push(token)
    return True


def _step(word: str) -> int:
    return round(float(word) * GRID) % GRID


def _lengths(cell: Sequence[float]) -> list[str]:
    first, second, third = map(length_token, cell)
    last = "=a" if third == first else "=b" if third == second else third
    return [first, "=a" if second == first else second, last]
