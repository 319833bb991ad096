"""Crystals as tokens of whole elements, counts, lengths, angles and coordinates (LM-AC style).

    Ba ×1 Ti ×1 O ×3  l139 =a =a a90 a90 a90  Ba x0 x0 x0  Ti x60 x60 x60  O x60 x60 x0 …

The composition comes first, so that cell and coordinates are drawn given it. Lengths lie on a geometric grid
of 1 %, angles on whole degrees, coordinates on 120ths, which write 1/2, 1/3, 1/4, 1/5, 1/6 and 1/8 exactly.

Which token may follow is decided by what the tokens say: a site's element is that of the composition, angles
close a cell, and an atom is not put within 0.5 Å of another (the rule of Xie et al., arXiv 2110.06197).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.vocabulary import LAST
from tools.generation.schema import SampleForm

GRID: Final = 120
RATIO: Final = math.log(1.01)
FLATTEST: Final = 0.6  # Å between opposite faces


def length_token(length: float) -> str:
    return f"l{round(math.log(length) / RATIO)}"


def read_length(token: str) -> float:
    """Å."""
    return math.exp(int(token[1:]) * RATIO)


def read_lengths(tokens: list[str]) -> list[float]:
    """Å; "=a" and "=b" repeat an earlier one."""
    found: list[float] = []
    for token in tokens:
        found.append(found["ab".index(token[1])] if token[0] == "=" else read_length(token))
    return found


def lattice_matrix(tokens: list[str]) -> tuple[tuple[float, float, float], ...] | None:
    """Rows are the cell's vectors, Å; none where the angles close no cell, or one that is flat."""
    a, b, c = read_lengths(tokens[:3])
    alpha, beta, gamma = (math.radians(int(token[1:])) for token in tokens[3:6])
    along = math.cos(beta)
    across = (math.cos(alpha) - along * math.cos(gamma)) / math.sin(gamma)
    rise = math.sqrt(max(0.0, 1 - along**2 - across**2))
    heights = (a * math.sin(gamma) / math.sin(alpha), b * math.sin(gamma) / math.sin(beta), c)
    if rise * min(heights) < FLATTEST:
        return None
    third = (c * along, c * across, c * rise)
    return ((a, 0.0, 0.0), (b * math.cos(gamma), b * math.sin(gamma), 0.0), third)


LATTICE: Final = 6
LENGTHS: Final = 3
SITE: Final = 4
MARGIN: Final = 0.51
# two cells each way are enough for atoms 0.5 Å apart in cells at least 0.6 Å high
IMAGES: Final = np.array(list(product(range(-2, 3), repeat=3)), float)


class CrystalState:
    """`apart`: smallest distance of two atoms, Å; 0 asks for order alone."""

    def __init__(self, apart: float = MARGIN) -> None:
        self.apart = apart
        self.composition: list[str] = []
        self.lattice: list[str] = []
        self.sites: list[str] = []
        self.elements: list[str] = []
        self.matrix: NDArray[np.float64] = np.eye(3)
        self.shifts = IMAGES

    def allows(self, token: str) -> bool:
        if not self.lattice and (token[0] != "l" or not self.composition or len(self.composition) % 2):
            return token[0] == "×" if len(self.composition) % 2 else token[0].isupper()
        if len(self.lattice) < LATTICE:
            return self._allows_lattice(token)
        return self._allows_site(token)

    def push(self, token: str) -> None:
        if len(self.lattice) == LATTICE:
            self.sites.append(token)
        elif self.lattice or token[0] == "l":
            self._push_lattice(token)
        else:
            self.composition.append(token)

    def _allows_lattice(self, token: str) -> bool:
        place = len(self.lattice)
        if place >= LENGTHS:
            closed = (
                place < LATTICE - 1 or lattice_matrix([*self.lattice, token]) if token[0] == "a" else None
            )
            return closed is not None
        return token[0] == "l" or token in ("=a", "=b")[:place]

    def _push_lattice(self, token: str) -> None:
        self.lattice.append(token)
        if len(self.lattice) == LATTICE:
            found = lattice_matrix(self.lattice)
            self.matrix = np.eye(3) if found is None else np.array(found)
            self.shifts = IMAGES @ self.matrix
            runs = zip(self.composition[::2], self.composition[1::2], strict=True)
            self.elements = [element for element, count in runs for _ in range(int(count[1:]))]

    def _allows_site(self, token: str) -> bool:
        atom, place = divmod(len(self.sites), SITE)
        if atom == len(self.elements):
            return token == LAST
        if place == 0:
            return token == self.elements[atom]
        return token[0] == "x" and (place < SITE - 1 or self._far(token))

    def _far(self, token: str) -> bool:
        """Whether the atom that this token completes keeps its distance, from its own images too."""
        if not self.apart:
            return True
        steps = [
            [int(step[1:]) for step in self.sites[at + 1 : at + SITE]]
            for at in range(0, len(self.sites), SITE)
        ]
        steps[-1].append(int(token[1:]))
        places = np.array(steps, float) / GRID
        apart = ((places - places[-1]) @ self.matrix)[:, None, :] + self.shifts
        squares = np.einsum("ijk,ijk->ij", apart, apart)
        squares[-1, len(IMAGES) // 2] = np.inf
        return bool(squares.min() >= self.apart**2)


CELL: Final = 6


@dataclass(frozen=True)
class CrystalAtoms:
    """`sort`: whether atoms of an element are put in the order of their coordinates, or keep the file's."""

    sort: bool
    name: str = "atoms"
    form: SampleForm = SampleForm.TEXT

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
