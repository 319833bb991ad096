"""Products of powers, and those among them that have a wanted dimension.

Dimensional analysis (Buckingham, Phys. Rev. 4, 345 (1914), doi 10.1103/PhysRev.4.345): whatever holds in
every system of units is a product of powers with the dimension of the target times a function of
dimensionless products. Both are integer points of one lattice, enumerated here from short to long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST_POINTS: Final = 150_000
"""Exponent vectors that are looked at, which bounds their length when there are many variables."""
LONGEST: Final = 8
"""Sum of absolute exponents beyond which no monomial is tried."""


@dataclass(frozen=True, order=True)
class Atom:
    """A variable, a sum or difference of two of one dimension, or the sine or cosine of such an angle."""

    names: tuple[str, ...]
    signs: tuple[int, ...] = (1,)
    function: str = ""

    def values(self, columns: Mapping[str, Array]) -> Array:
        """Return its value in every row."""
        inside = np.sum([s * columns[name] for name, s in zip(self.names, self.signs, strict=True)], axis=0)
        return np.asarray({"sin": np.sin, "cos": np.cos}[self.function](inside) if self.function else inside)

    @property
    def length(self) -> int:
        """Return how many symbols it takes."""
        return len(self.names) + bool(self.function)


@dataclass(frozen=True)
class Monomial:
    """A product of powers of atoms; the empty one is 1."""

    powers: tuple[tuple[Atom, Fraction], ...] = ()

    def values(self, columns: Mapping[str, Array]) -> Array:
        """Return its value in every row; NaN for roots of negative numbers and inverses of zero."""
        rows = len(next(iter(columns.values())))
        product = np.ones(rows)
        for atom, power in self.powers:
            product = product * raise_to(atom.values(columns), power)
        return product

    @property
    def names(self) -> set[str]:
        """Return the variables in it."""
        return {name for atom, _ in self.powers for name in atom.names}

    def times(self, other: "Monomial") -> "Monomial":
        """Return the product, without factors whose power is zero."""
        powers = dict(self.powers)
        for atom, power in other.powers:
            powers[atom] = powers.get(atom, Fraction(0)) + power
        return Monomial(tuple(sorted((atom, power) for atom, power in powers.items() if power)))

    def to(self, power: Fraction) -> "Monomial":
        """Return it raised to a power."""
        return Monomial(tuple((atom, one * power) for atom, one in self.powers if one * power))


def raise_to(values: Array, power: Fraction) -> Array:
    """Return a real power; NaN for roots of negative numbers. Products are faster than pow."""
    if power.denominator > 2:  # noqa: PLR2004 - a cube root, or a fitted exponent
        return np.asarray(np.where(values >= 0, np.abs(values), np.nan) ** float(power))
    root = np.sqrt(values) if power.denominator == 2 else values  # noqa: PLR2004 - a square root
    raised = root
    for _ in range(abs(power.numerator) - 1):
        raised = raised * root
    return np.asarray(1 / raised if power < 0 else raised)


def make(atoms: Sequence[Atom], exponents: Sequence[Fraction]) -> Monomial:
    """Return the monomial of these exponents."""
    return Monomial(tuple(sorted((a, Fraction(e)) for a, e in zip(atoms, exponents, strict=True) if e)))


def lattice_points(
    dimensions: NDArray[np.int64], wanted: NDArray[np.int64], longest: int = LONGEST
) -> NDArray[np.int64]:
    """Return integer exponent vectors (points × atoms) whose product has the wanted dimension, short first.

    `dimensions` (atoms × base units) and `wanted` (base units) are integer; without base units every
    vector fits. The zero vector is among them when the wanted dimension is none.
    """
    atoms = len(dimensions)
    radius = next((r for r in range(longest, 0, -1) if _ball(atoms, r) <= MOST_POINTS), 1)
    points, used = np.zeros((1, 0), np.int64), np.zeros(1, np.int64)
    for _ in range(atoms):
        steps = np.arange(-min(4, radius), min(4, radius) + 1)
        tried = used[:, None] + np.abs(steps)[None, :]
        row, column = np.nonzero(tried <= radius)
        points = np.hstack([points[row], steps[column, None]])
        used = tried[row, column]
    fits = np.all(points @ dimensions == wanted, axis=1)
    points, used = points[fits], used[fits]
    kinds = np.count_nonzero(points, axis=1)
    negative = (points < 0).sum(axis=1)
    return np.asarray(points[np.lexsort((negative, kinds, used))])


def _ball(atoms: int, radius: int) -> int:
    """Return how many integer vectors have at most this sum of absolute entries."""
    counts = [1] * (radius + 1)
    for _ in range(atoms):
        counts = [counts[r] + 2 * sum(counts[max(0, r - 4) : r]) for r in range(radius + 1)]
    return counts[radius]


def exponent_frame(
    dimensions: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[list[Fraction], list[list[Fraction]]] | None:
    """Return one exponent vector with the wanted dimension, and a basis of the dimensionless ones.

    None when no product of powers has that dimension. Exact, by sympy.
    """
    import sympy

    matrix = sympy.Matrix(dimensions.T.tolist()) if dimensions.shape[1] else sympy.zeros(1, len(dimensions))
    target = sympy.Matrix(wanted.tolist()) if dimensions.shape[1] else sympy.zeros(1, 1)
    reduced, pivots = matrix.row_join(target).rref()
    unknowns = len(dimensions)
    if unknowns in pivots:
        return None
    start = [Fraction(0)] * unknowns
    for row, pivot in enumerate(pivots):
        start[pivot] = _fraction(reduced[row, unknowns])
    basis = [[_fraction(entry) for entry in vector] for vector in matrix.nullspace()]
    return start, basis


def _fraction(entry: object) -> Fraction:
    import sympy

    number = sympy.Rational(entry)
    return Fraction(int(number.p), int(number.q))
