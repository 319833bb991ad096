"""One chain of Monte Carlo for one setting (what model, where, how hot), and the responses read from it.

It is cached, as all responses share it; their standard uncertainties are of a jackknife over batches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from tools.instruments.contract import InstrumentError
from tools.instruments.lattice.clusters import PottsSpins, Spins, VectorSpins
from tools.instruments.lattice.lattices import STEPS, Lattice, build

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


COMPONENTS: Final = {"ising": 1, "xy": 2, "heisenberg": 3}
MOST_SITES: Final = 8000
FEWEST_SITES: Final = 8


@dataclass(frozen=True)
class Setting:
    """What is simulated, in units of the exchange."""

    model: str
    lattice: str
    size: int
    beta: float
    field: float
    dilution: float
    states: int = 0


def refusal(setting: Setting) -> str | None:
    """Return why a setting cannot be sampled in a second."""
    dimension = max(len(STEPS[setting.lattice][0]), 2)  # a chain has its size squared
    sites = setting.size**dimension
    if sites > MOST_SITES:
        return f"{sites} sites are more than {MOST_SITES}: take a smaller size"
    if sites * (1 - setting.dilution) < FEWEST_SITES:
        return "nearly no spins are left: take a larger size or less dilution"
    return None


@lru_cache(maxsize=256)
def sample(setting: Setting, seed: int, *, wall: bool = False) -> BatchMeans:
    """Return the batch means of a chain; with `wall`, of one whose boundary reverses the spins.

    Raises InstrumentError where the dilution leaves no neighbours.
    """
    import numpy as np

    rng = np.random.default_rng([seed, int(wall)])
    lattice = build(setting.lattice, setting.size, setting.dilution, rng)
    if not len(lattice.first):
        raise InstrumentError("no two spins are neighbours: take less dilution")
    spins: Spins
    if setting.model == "potts":
        spins = PottsSpins(lattice, setting.states, setting.beta, setting.field, rng, wall=wall)
    else:
        components = COMPONENTS[setting.model]
        spins = VectorSpins(lattice, components, setting.beta, setting.field, rng, wall=wall)
    return record(spins, lattice, setting.beta)


def wall_energy(setting: Setting, seed: int) -> tuple[float, float]:
    """Return the energy of a wall per site of its face, in units of the exchange, and its uncertainty."""
    plain, with_wall = sample(setting, seed), sample(setting, seed, wall=True)
    below, low = plain.estimate(energy)
    above, high = with_wall.estimate(energy)
    scale = plain.sites / _face(setting)
    return (above - below) * scale, float((low**2 + high**2) ** 0.5) * scale


def _face(setting: Setting) -> int:
    return int(setting.size ** (len(STEPS[setting.lattice][0]) - 1))
