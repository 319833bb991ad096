"""The numbers that a law is sought in: columns, their dimensions, and the monomials that may stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.monomials import LONGEST, Array, Atom, Monomial, exponent_frame, lattice_points, make

MOST_PLAIN: Final = 300
"""Dimensionless products of the variables that are tried as arguments of functions."""
MOST_MADE: Final = 30
"""The same with each sum, difference, sine or cosine in them."""
SQUARES: Final = 2
"""Highest power of a sum, difference, sine or cosine."""
FEW: Final = 5
"""Atoms among which square roots are sought beside a sine or cosine."""
MOST_ATOMS: Final = 40
"""Sums, differences, sines and cosines that are tried."""


@dataclass(frozen=True)
class RegressionProblem:
    """Columns (rows,), target (rows,), and the integer dimensions of both in base units.

    In a loose problem constants may have any unit, so that monomials need not fit the target's.
    """

    columns: Mapping[str, Array]
    y: Array
    dimensions: Mapping[str, tuple[int, ...]]
    wanted: tuple[int, ...]
    loose: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        return len(self.y)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "RegressionProblem":
        """Return the same problem with some of its rows."""
        return replace(self, columns={n: c[rows] for n, c in self.columns.items()}, y=self.y[rows])

    def only(self, names: set[str]) -> "RegressionProblem":
        """Return the same problem with some of its variables."""
        return replace(self, columns={n: c for n, c in self.columns.items() if n in names})

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Return the variables that may be multiplied and divided by: those that are (nearly) never zero."""
        return tuple(Atom((name,)) for name, column in self.columns.items() if np.mean(column == 0) < 0.01)  # noqa: PLR2004 - a slip or two

    @cached_property
    def made(self) -> tuple[Atom, ...]:
        """Return differences and sums of variables of one dimension, sines and cosines of plain numbers."""
        pairs = [(a, b) for a, b in combinations(self.names, 2) if self.dimensions[a] == self.dimensions[b]]
        plain = [name for name in self.names if not any(self.dimensions[name])]
        angles = [Atom((name,), (1,), f) for name in plain for f in ("sin", "cos")]
        sums = [Atom(pair, signs) for pair in pairs for signs in ((1, -1), (1, 1))]
        turned = [Atom(pair, (1, -1), f) for pair in pairs if pair[0] in plain for f in ("sin", "cos")]
        return tuple([*angles, *sums, *turned][:MOST_ATOMS])

    def dimension(self, atom: Atom) -> tuple[int, ...]:
        """Return an atom's dimension as monomials count it."""
        if self.loose:
            return ()
        return (0,) * len(self.wanted) if atom.function else self.dimensions[atom.names[0]]

    def matrix(self, atoms: tuple[Atom, ...]) -> NDArray[np.int64]:
        width = 0 if self.loose else len(self.wanted)
        return np.array([self.dimension(atom) for atom in atoms], np.int64).reshape(len(atoms), width)

    def target(self, power: Fraction = Fraction(1)) -> NDArray[np.int64]:
        return np.array([] if self.loose else [int(one * power) for one in self.wanted], np.int64)

    @cached_property
    def frame(self) -> tuple[list[Fraction], list[list[Fraction]]] | None:
        """Return a product of powers with the target's dimension, and a basis of the dimensionless ones."""
        return exponent_frame(self.matrix(self.atoms), self.target())

    def monomials(self, power: Fraction, most: int, mixed: int) -> list[Monomial]:
        """Return monomials with the dimension of the target to a power, short first.

        Then come, `mixed` for each, those with a sum, difference, sine or cosine. Square roots of the
        shortest are among them.
        """
        doubled = self.target(2 * power)
        found = _make(self.atoms, self._points(self.atoms, self.target(power)), most)
        rooted = self._points(self.atoms, doubled, 5)
        found += _make(self.atoms, rooted[(rooted % 2 != 0).any(axis=1)], 40, Fraction(1, 2))
        for atom in self.made:
            atoms = (*(one for one in self.atoms if one.names[0] not in atom.names), atom)
            points = self._points(atoms, self.target(power), 6)
            found += _make(atoms, points[(points[:, -1] > 0) & (points[:, -1] <= SQUARES)], mixed)
            if atom.function and len(atoms) <= FEW:
                points = self._points(atoms, doubled, 6)
                odd = (points[:, :-1] % 2 != 0).any(axis=1) & (points[:, -1] == SQUARES)
                found += _make(atoms, points[odd], 6, Fraction(1, 2))
        return sorted(found, key=lambda one: any(len(a.names) > 1 for a, _ in one.powers))

    def _points(
        self, atoms: tuple[Atom, ...], wanted: NDArray[np.int64], longest: int = LONGEST
    ) -> NDArray[np.int64]:
        return lattice_points(self.matrix(atoms), wanted, longest)

    @cached_property
    def plain_products(self) -> tuple[Monomial, ...]:
        """Return dimensionless products, short first; of P and 1/P both."""
        none = np.zeros_like(self.target())
        points = self._points(self.atoms, none)
        found = _make(self.atoms, points[np.any(points != 0, axis=1)], MOST_PLAIN)
        for atom in self.made:
            atoms = (*(one for one in self.atoms if one.names[0] not in atom.names), atom)
            points = self._points(atoms, none, 6)
            held = points[(points[:, -1] != 0) & (np.abs(points[:, -1]) <= SQUARES)]
            found += _make(atoms, held, MOST_MADE)
        return tuple(sorted(found, key=lambda one: sum(abs(p) * a.length for a, p in one.powers)))


def _make(
    atoms: tuple[Atom, ...], points: NDArray[np.int64], most: int, unit: Fraction = Fraction(1)
) -> list[Monomial]:
    return [make(atoms, [int(one) * unit for one in point]) for point in points[:most]]
