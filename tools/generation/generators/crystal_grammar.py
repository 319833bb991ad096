"""Which token may follow in a crystal: by position, by what is written already, and by distance.

Everything is decided by what the tokens say: a site's element is that of the composition, angles close
a cell, and an atom is not put within 0.5 Å of another (the rule of Xie et al., arXiv 2110.06197).
"""

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.grid import GRID, lattice_matrix
from tools.generation.generators.vocabulary import LAST

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
