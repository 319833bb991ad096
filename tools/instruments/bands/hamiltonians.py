"""Bloch Hamiltonians on grids of wave vectors, and what their bands show.

Energies are in eV, wave vectors are phases from cell to cell. Shown are gaps, widths, Chern and winding
numbers, velocities, channels and densities of states.
"""

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Matrices: TypeAlias = NDArray[np.complex128]
    Floats: TypeAlias = NDArray[np.float64]

BOND: Final = 0.142
"""nm between carbon atoms of graphene."""
GRUENEISEN: Final = 3.37
"""t = t0 exp(-3.37 (d/d0 - 1)) (Pereira, Castro Neto and Peres, Phys. Rev. B 80, 045401 (2009))."""
POISSON: Final = 0.165
NEAR: Final = 0.1
"""In bond lengths: how far a distance between neighbours may be off by rounding."""


def grid(points: int, dimension: int) -> "Floats":
    """Return the points of a Brillouin zone as (points^dimension, dimension), from 0."""
    import numpy as np

    axis = np.arange(points) * 2 * np.pi / points
    return np.stack(np.meshgrid(*[axis] * dimension, indexing="ij"), axis=-1).reshape(-1, dimension)


def dimer_chain(k: "Floats", inside: float, between: float, staggered: float) -> "Matrices":
    """Return H of a chain of two atoms a cell, hopping inside and between them, and energies ±staggered."""
    import numpy as np

    h = np.zeros((len(k), 2, 2), dtype=complex)
    h[:, 0, 1] = inside + between * np.exp(-1j * k[:, 0])
    h[:, 1, 0] = h[:, 0, 1].conj()
    h[:, 0, 0], h[:, 1, 1] = staggered, -staggered
    return h


def honeycomb(
    k: "Floats", hoppings: tuple[float, float, float], mass: float, second: float = 0.0, phase: float = 0.0
) -> "Matrices":
    """Return H of a honeycomb with energies ±mass and complex hopping to second neighbours (Haldane 1988)."""
    import numpy as np

    one, two = k[:, 0], k[:, 1]
    h = np.zeros((len(k), 2, 2), dtype=complex)
    h[:, 0, 1] = hoppings[0] + hoppings[1] * np.exp(-1j * one) + hoppings[2] * np.exp(-1j * two)
    h[:, 1, 0] = h[:, 0, 1].conj()
    even = 2 * second * math.cos(phase) * (np.cos(one) + np.cos(two) + np.cos(one - two))
    odd = 2 * second * math.sin(phase) * (np.sin(one) - np.sin(two) - np.sin(one - two))
    h[:, 0, 0], h[:, 1, 1] = even + mass - odd, even - mass + odd
    return h


def strained(hopping: float, strain: float) -> tuple[float, float, float]:
    """Return the hoppings of graphene stretched along zigzag: the bond across it, then the two others."""
    across = 1 - POISSON * strain  # the bond perpendicular to the strain is shortened
    along = math.hypot(math.sqrt(3) / 2 * (1 + strain), (1 - POISSON * strain) / 2)
    weak = hopping * math.exp(-GRUENEISEN * (along - 1))
    return hopping * math.exp(-GRUENEISEN * (across - 1)), weak, weak


def harper(k: "Floats", hopping: float, p: int, q: int) -> "Matrices":
    """Return H of a square lattice with p/q flux quanta a plaquette, in a cell of q sites."""
    import numpy as np

    h = np.zeros((len(k), q, q), dtype=complex)
    site = np.arange(q)
    h[:, site, site] = -2 * hopping * np.cos(k[:, 1:] + 2 * np.pi * p / q * site)
    for n in range(q):
        phase = np.exp(-1j * k[:, 0]) if n == q - 1 else np.ones(len(k))
        h[:, n, (n + 1) % q] += -hopping * phase
        h[:, (n + 1) % q, n] += -hopping * phase.conj()
    return h


def ribbon(k: "Floats", edge: str, width: int, hopping: float, mass: float) -> "Matrices":
    """Return H of a graphene ribbon of `width` dimer lines (armchair) or zigzag chains (zigzag)."""
    import numpy as np

    atoms, period = _ribbon_atoms(edge, width)
    h = np.zeros((len(k), len(atoms), len(atoms)), dtype=complex)
    places = np.array([[x, y] for x, y, _ in atoms])
    for shift in (-1, 0, 1):
        apart = places[None, :] + np.array([shift * period, 0.0]) - places[:, None]
        bonds = np.abs(np.hypot(apart[..., 0], apart[..., 1]) - 1) < NEAR
        h += -hopping * bonds[None] * np.exp(1j * shift * k[:, :1, None])
    sites = np.arange(len(atoms))
    h[:, sites, sites] += mass * np.array([sublattice for _, _, sublattice in atoms])
    return h


def _ribbon_atoms(edge: str, width: int) -> tuple[list[tuple[float, float, int]], float]:
    """Return x, y and sublattice (±1) of the atoms of a cell, in bond lengths, and the period along x."""
    root = math.sqrt(3)
    if edge == "armchair":
        rows = [(1.5 * (n % 2), root / 2 * n) for n in range(width)]
        return [atom for x, y in rows for atom in ((x, y, 1), (x + 1, y, -1))], 3.0
    chains = [(root / 2 * (n % 2), 1.5 * n) for n in range(width)]
    return [atom for x, y in chains for atom in ((x, y, 1), (x + root / 2, y + 0.5, -1))], root


def gap(bands: "NDArray[np.float64]", filled: int) -> float:
    """Return the energy between the highest filled and the lowest empty state, 0 where they overlap.

    `bands`: (wave vectors, bands), rising.
    """
    return float(max(bands[:, filled].min() - bands[:, filled - 1].max(), 0.0))


def width(bands: "NDArray[np.float64]") -> float:
    return float(bands.max() - bands.min())


def chern(states: "NDArray[np.complex128]", points: int) -> float:
    """Return the Chern number of filled bands on a grid (Fukui, Hatsugai and Suzuki, JPSJ 74, 1674 (2005)).

    `states`: (points², orbitals, filled), wave vectors along the second axis fastest.
    """
    import numpy as np

    u = states.reshape(points, points, *states.shape[1:])

    def link(axis: int) -> "NDArray[np.complex128]":
        overlap = np.swapaxes(u.conj(), -1, -2) @ np.roll(u, -1, axis=axis)
        determinant = np.linalg.det(overlap)
        linked: NDArray[np.complex128] = determinant / np.abs(determinant)
        return linked

    first, second = link(0), link(1)
    loop = first * np.roll(second, -1, axis=0) * np.roll(first, -1, axis=1).conj() * second.conj()
    return float(np.round(np.angle(loop).sum() / (2 * np.pi)))


def winding(off_diagonal: "NDArray[np.complex128]") -> float:
    """Return how often h(k) of a chiral chain turns about zero over the zone."""
    import numpy as np

    steps = np.angle(np.roll(off_diagonal, -1) / off_diagonal)
    return float(abs(np.round(steps.sum() / (2 * np.pi))))


def channels(bands: "NDArray[np.float64]", energy: float) -> float:
    """Return how many bands cross an energy with one sign of the velocity: the conductance in 2e²/h."""
    import numpy as np

    above = bands > energy
    return float((above != np.roll(above, -1, axis=0)).sum() / 2)


def density(energies: "NDArray[np.float64]", energy: float, broadening: float) -> float:
    """Return the density of states per orbital in 1/eV, broadened by a Gaussian of that deviation."""
    import numpy as np

    away = (energies.ravel() - energy) / broadening
    return float(np.exp(-(away**2) / 2).mean() / (np.sqrt(2 * np.pi) * broadening))
