"""From a chain of configurations to responses with standard uncertainties (jackknife over batches)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from tools.instruments.lattice.clusters import Spins
from tools.instruments.lattice.lattices import Lattice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Means: TypeAlias = NDArray[np.float64]

WARM: Final = 60
SWEEPS: Final = 400
BATCHES: Final = 20


@dataclass(frozen=True)
class BatchMeans:
    """Batch means of everything that responses are made of, in units of J."""

    sites: int
    sides: tuple[int, ...]
    beta: float
    batches: "NDArray[np.float64]"
    """(batches, columns): e, e², m, m², m⁴, share of unlike bonds, S at the two smallest wave vectors."""

    def estimate(self, formula: Callable[["BatchMeans", "Means"], float]) -> tuple[float, float]:
        """Return a formula of the means, and its jackknife uncertainty."""
        import numpy as np

        whole = self.batches.mean(axis=0)
        n = len(self.batches)
        left_out = np.array([formula(self, (whole * n - batch) / (n - 1)) for batch in self.batches])
        spread = float(np.sqrt((n - 1) * left_out.var()))
        return float(formula(self, whole)), spread


def record(spins: Spins, lattice: Lattice, beta: float) -> BatchMeans:
    """Run the chain and return its batch means."""
    import numpy as np

    for _ in range(WARM):
        spins.update()
    waves = _waves(lattice)
    rows = np.empty((SWEEPS, 8))
    for row in rows:
        spins.update()
        e, m = spins.energy() / lattice.sites, spins.order()
        amplitudes = np.abs(spins.density() @ waves) ** 2 / lattice.sites
        structure = amplitudes.sum(axis=0).reshape(2, -1).mean(axis=1)
        row[:] = e, e * e, m, m * m, m**4, spins.unlike(), *structure
    return BatchMeans(lattice.sites, lattice.sides, beta, rows.reshape(BATCHES, -1, 8).mean(axis=1))


def _waves(lattice: Lattice) -> "NDArray[np.complex128]":
    """Return exp(i k·x) as (sites, 2 × axes): the smallest wave vector along each axis, then its double."""
    import numpy as np

    places = np.indices(lattice.sides).reshape(len(lattice.sides), -1) / np.array(lattice.sides)[:, None]
    phases = np.concatenate([places, 2 * places]).T
    waves: NDArray[np.complex128] = np.exp(2j * np.pi * phases)
    return waves


def energy(_: BatchMeans, means: "Means") -> float:
    return float(means[0])


def heat_capacity(record: BatchMeans, means: "Means") -> float:
    return float(record.sites * record.beta**2 * (means[1] - means[0] ** 2))


def order(_: BatchMeans, means: "Means") -> float:
    return float(means[2])


def susceptibility(record: BatchMeans, means: "Means") -> float:
    """Return βN(⟨m²⟩ − ⟨|m|⟩²), which peaks at the transition at any size."""
    return float(record.sites * record.beta * (means[3] - means[2] ** 2))


def binder(_: BatchMeans, means: "Means") -> float:
    return float(1 - means[4] / (3 * means[3] ** 2))


def unlike_share(_: BatchMeans, means: "Means") -> float:
    return float(means[5])


def correlation_length(record: BatchMeans, means: "Means") -> float:
    """Return ξ of 1/S(k) ∝ ξ⁻² + k² at the two smallest wave vectors; half the size where it is larger."""
    import numpy as np

    side = record.sides[0]
    small, double = (2 * np.sin(np.pi * n / side) for n in (1, 2))
    below = means[7] * double**2 - means[6] * small**2
    longest = side / 2
    if below <= 0:
        return longest
    return float(min(np.sqrt(max(means[6] - means[7], 0.0) / below), longest))
