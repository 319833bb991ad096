"""One chain of Monte Carlo for one setting: what model, where, how hot; cached, as all responses share it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tools.instruments.contract import InstrumentError
from tools.instruments.lattice.clusters import PottsSpins, Spins, VectorSpins
from tools.instruments.lattice.lattices import STEPS, build
from tools.instruments.lattice.observables import BatchMeans, record

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
    from tools.instruments.lattice.observables import energy

    plain, with_wall = sample(setting, seed), sample(setting, seed, wall=True)
    below, low = plain.estimate(energy)
    above, high = with_wall.estimate(energy)
    scale = plain.sites / _face(setting)
    return (above - below) * scale, float((low**2 + high**2) ** 0.5) * scale


def _face(setting: Setting) -> int:
    return int(setting.size ** (len(STEPS[setting.lattice][0]) - 1))
