"""What bands show: gaps, widths, Chern and winding numbers, velocities, channels, densities of states."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
