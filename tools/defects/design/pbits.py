"""Search by probabilistic bits: fit a Potts form to what is known, sample it, ask the model, and again.

The form's energy is a sum of one-body terms (which kind of defect) and two-body terms (which two kinds,
how far apart), as in a cluster expansion cut after pairs. Each site is a p-bit of several states: it takes
the next one with its Boltzmann weight given all others (Geman & Geman 1984; Camsari et al. 2017).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.design.goal import REFUSED
from tools.defects.design.objective import Objective
from tools.defects.design.space import PRISTINE, Space, State
from tools.defects.graph import COLUMNS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FAR: Final = 9.0  # Å: pairs beyond are one class
DECIMALS: Final = 2  # of an Å
FORBIDDEN: Final = 1e9  # eV
RIDGE: Final = 0.3  # weight of the penalty on pairs; that on kinds is a hundredth of it


@dataclass(frozen=True)
class SitePairs:
    """Pairs of sites sorted into classes that the host's symmetry leaves alone."""

    space: Space

    @cached_property
    def classes(self) -> Ints:
        """(sites, sites) numbers from 0; pairs beyond FAR share the last."""
        names = ("distance", "dz", "dx", "dy") if self.space.host.is_anisotropic else ("distance", "dz")
        keys = self.space.geometry[..., [COLUMNS.index(name) for name in names]].round(DECIMALS) + 0.0
        keys[keys[..., 0] > FAR] = FAR + 1
        _, numbers = np.unique(keys.reshape(-1, len(names)), axis=0, return_inverse=True)
        return np.asarray(numbers.reshape(keys.shape[:2]), dtype=np.int64)

    @cached_property
    def columns(self) -> Ints:
        """(kinds, kinds, classes): the feature of two kinds in a class; the kinds' own come first."""
        kinds, classes = len(self.space.kinds), int(self.classes.max()) + 1
        table = np.empty((kinds, kinds, classes), dtype=np.int64)
        for number, (a, b) in enumerate(combinations_with_replacement(range(kinds), 2)):
            table[a, b] = table[b, a] = kinds + number * classes + np.arange(classes)
        return table

    def features(self, states: list[State]) -> Floats:
        """Rows of counts: kinds, then pairs of kinds by class."""
        counts = np.zeros((len(states), int(self.columns.max()) + 1))
        for row, state in enumerate(states):
            sites = np.flatnonzero(state)
            kinds = state[sites] - 1
            first, second = np.triu_indices(len(sites), 1)
            between = self.columns[kinds[first], kinds[second], self.classes[sites[first], sites[second]]]
            np.add.at(counts[row], np.concatenate([kinds, between]), 1)
        return counts


@dataclass(frozen=True)
class Potts:
    """field (sites, states) and coupling (sites, states, sites, states), eV; state 0 is pristine and free."""

    space: Space
    field: Floats
    coupling: Floats

    def energy(self, state: State) -> float:
        sites = np.flatnonzero(state)
        kinds = state[sites]
        pairs = self.coupling[sites[:, None], kinds[:, None], sites[None], kinds[None]]
        return float(self.field[sites, kinds].sum() + np.triu(pairs, 1).sum())


def make_potts(pairs: SitePairs, weights: Floats) -> Potts:
    """From weights of `SitePairs.features`."""
    space, kinds = pairs.space, len(pairs.space.kinds)
    sites = len(space.elements)
    field = np.where(space.allowed, np.concatenate([[0.0], weights[:kinds]]), FORBIDDEN)
    coupling = np.zeros((sites, kinds + 1, sites, kinds + 1))
    for a in range(kinds):
        for b in range(kinds):
            coupling[:, a + 1, :, b + 1] = weights[pairs.columns[a, b]][pairs.classes]
    coupling[np.arange(sites), :, np.arange(sites), :] = 0.0
    return Potts(space, field, coupling)


def fit(pairs: SitePairs, states: list[State], costs: Floats, importance: Floats) -> Potts:
    """Ridge regression on the counts, about the weighted mean."""
    counts = pairs.features(states)
    share = importance / importance.sum()
    centre, mean = share @ counts, share @ costs
    root = np.sqrt(share)[:, None] * np.sqrt(len(states))
    given, wanted = (counts - centre) * root, (costs - mean) * root[:, 0]
    kinds = len(pairs.space.kinds)
    penalty = np.full(counts.shape[1], RIDGE)
    penalty[:kinds] = RIDGE / 100
    # the dual form: fewer states than features
    scaled = given / penalty
    dual = np.linalg.solve(scaled @ given.T + np.eye(len(states)), wanted)
    return make_potts(pairs, scaled.T @ dual)


def sample(potts: Potts, starts: list[State], coldness: Floats, rng: np.random.Generator) -> Ints:
    """(replicas, sites): where the starts come to under `coldness` (steps, replicas), 1/eV.

    A step of a replica picks a defect and another site and gives both new states at once, so that defects
    move although their number is bounded. Weights allow for how often a pair is picked, which depends on
    the number of defects: the Boltzmann distribution over the space is left as it is.
    """
    chain = _Chain(potts, np.array(starts))
    for beta in coldness:
        chain.step(beta, rng)
    return chain.states


class _Chain:
    """Replicas, and for each site and state what it would cost given the other sites."""

    def __init__(self, potts: Potts, states: Ints) -> None:
        self.states, self._potts = states, potts
        self._replicas = np.arange(len(states))
        self._local = np.repeat(potts.field[None], len(states), axis=0)
        for site in range(states.shape[1]):
            self._local += potts.coupling[site, states[:, site]]  # symmetric: (replicas, sites, states)

    def step(self, beta: Floats, rng: np.random.Generator) -> None:
        first, second = self._pick(rng)
        weights = self._weights(first, second, beta)
        flat = weights.reshape(len(weights), -1)
        drawn = (flat.cumsum(1) > (rng.random(len(flat)) * flat.sum(1))[:, None]).argmax(1)
        new_first, new_second = np.divmod(drawn, weights.shape[2])
        self._set(first, new_first)
        self._set(second, new_second)

    def _pick(self, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """A random defect and a random other site of each replica."""
        first = (rng.random(self.states.shape) * (self.states != PRISTINE)).argmax(1)
        second = rng.integers(0, self.states.shape[1] - 1, len(first))
        return first, second + (second >= first)

    def _weights(self, first: Ints, second: Ints, beta: Floats) -> Floats:
        """(replicas, states of the first, states of the second)"""
        rows, coupling, space = self._replicas, self._potts.coupling, self._potts.space
        was_first, was_second = self.states[rows, first], self.states[rows, second]
        energy = (
            (self._local[rows, first] - coupling[first, :, second, was_second])[:, :, None]
            + (self._local[rows, second] - coupling[second, :, first, was_first])[:, None, :]
            + coupling[first, :, second, :]
        )
        present = np.arange(energy.shape[1]) != PRISTINE
        picked = present[:, None].astype(int) + present[None]  # ways in which this pair is picked: 0, 1 or 2
        others = np.count_nonzero(self.states, axis=1) - (was_first != PRISTINE) - (was_second != PRISTINE)
        number = others[:, None, None] + picked
        allowed = (number >= space.fewest) & (number <= space.most) & (picked > 0)
        energy = np.where(allowed, energy, np.inf)
        energy -= energy.min((1, 2), keepdims=True)
        return np.asarray(np.exp(-beta[:, None, None] * energy) * picked / np.maximum(number, 1))

    def _set(self, sites: Ints, states: Ints) -> None:
        rows, coupling = self._replicas, self._potts.coupling
        self._local += coupling[sites, states] - coupling[sites, self.states[rows, sites]]
        self.states[rows, sites] = states


FIRST: Final = 96  # random states that the first fit learns from
BATCH: Final = 24  # states asked of the model between two fits
REPLICAS: Final = 48
STEPS: Final = 300
IDLE: Final = 5  # rounds in a row that brought nothing new: the space is exhausted
HOT: Final = 10.0  # 1/eV, where every replica begins
ENDS: Final = (
    30.0,
    3_000.0,
)  # 1/eV, where the warmest and the coldest end: one for variety, one for the minimum
SHARP: Final = 0.15  # eV above the best at which a state matters 1/e as much to the fit
FLOOR: Final = 0.01  # the least that a state matters


def search_with_pbits(objective: Objective, rng: np.random.Generator) -> None:
    space, pairs = objective.space, SitePairs(objective.space)
    objective([space.draw(rng) for _ in range(min(FIRST, objective.goal.evaluations // 3 + 1))])
    coldness = np.geomspace(np.full(REPLICAS, HOT), np.geomspace(*ENDS, REPLICAS), STEPS)
    idle = 0
    while not objective.is_spent and idle < IDLE:
        starts = [space.draw(rng) for _ in range(REPLICAS)]
        potts = _fit_known(objective, pairs)
        reached = sorted(sample(potts, starts, coldness, rng), key=potts.energy) if potts else starts
        new = _pick_new(objective, reached, rng)
        objective(new)
        idle = 0 if new else idle + 1


def _fit_known(objective: Objective, pairs: SitePairs) -> Potts | None:
    """None where the model has refused (almost) all."""
    costs = np.array(objective.costs)
    known = np.flatnonzero(costs < REFUSED)
    if len(known) < 2:  # noqa: PLR2004 - no line through one point
        return None
    importance = np.exp(-(costs[known] - costs[known].min()) / SHARP) + FLOOR
    return fit(pairs, [objective.states[k] for k in known.tolist()], costs[known], importance)


def _pick_new(objective: Objective, reached: list[State], rng: np.random.Generator) -> list[State]:
    """The lowest that the model has not been asked about; one move away from those that it has."""
    moved = [
        state if not objective.is_known(state) else objective.space.mutate(state, rng) for state in reached
    ]
    distinct = {objective.space.key(state): state for state in moved if not objective.is_known(state)}
    return list(distinct.values())[:BATCH]
