"""Runs the searches (p-bits, annealing, evolution, at random) at equal evaluations, and says how each did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import MappingProxyType
from typing import Final

import numpy as np

from tools.defects.design.goal import Goal
from tools.defects.design.objective import Objective
from tools.defects.design.pbits import search_with_pbits
from tools.defects.design.space import PRISTINE, Space, State, make_space
from tools.defects.errors import BadInput
from tools.defects.schema import Prediction
from tools.defects.windows import chance_within, is_within

CHAINS: Final = 16  # states at once: the model is quicker by the batch
HOT, COLD = 0.1, 0.002  # eV: temperatures at the beginning and the end
POPULATION: Final = 32
RIVALS: Final = 3  # in a tournament for parenthood


def search_at_random(objective: Objective, rng: np.random.Generator) -> None:
    while not objective.is_spent:
        objective([objective.space.draw(rng) for _ in range(CHAINS)])


def anneal(objective: Objective, rng: np.random.Generator) -> None:
    """Metropolis steps of several chains while the temperature falls (Kirkpatrick et al. 1983)."""
    space = objective.space
    states = [space.draw(rng) for _ in range(CHAINS)]
    costs = objective(states)
    while not objective.is_spent:
        done = len(objective.answers) / objective.goal.evaluations
        temperature = HOT * (COLD / HOT) ** done
        proposed = [space.mutate(state, rng) for state in states]
        found = objective(proposed)
        accepted = rng.random(CHAINS) < np.exp(np.minimum(0.0, (costs - found) / temperature))
        states = [new if yes else old for new, old, yes in zip(proposed, states, accepted, strict=True)]
        costs = np.where(accepted, found, costs)


def evolve(objective: Objective, rng: np.random.Generator) -> None:
    """Parents by tournament, halves of the cell crossed over, one mutation, the best survive."""
    space = objective.space
    states = [space.draw(rng) for _ in range(POPULATION)]
    costs = objective(states)
    while not objective.is_spent:
        children = [
            space.mutate(_cross(space, _parent(states, costs, rng), _parent(states, costs, rng), rng), rng)
            for _ in range(CHAINS)
        ]
        states, costs = states + children, np.concatenate([costs, objective(children)])
        _, distinct = np.unique(np.array(states), axis=0, return_index=True)
        best = distinct[np.argsort(costs[distinct], kind="stable")][:POPULATION]
        states, costs = [states[k] for k in best.tolist()], costs[best]


def _parent(states: list[State], costs: np.ndarray, rng: np.random.Generator) -> State:
    rivals = rng.integers(0, len(states), RIVALS)
    return states[int(rivals[costs[rivals].argmin()])]


def _cross(space: Space, one: State, other: State, rng: np.random.Generator) -> State:
    """Half of the cells from each; defects are added or taken away where there are too few or too many."""
    n, m = space.shape
    cells = np.arange(n * m)
    along = cells // m if rng.random() < 0.5 else cells % m  # noqa: PLR2004 - either axis
    cut = (along + rng.integers(0, max(n, m))) % max(n, m) < max(n, m) / 2
    child = np.where(np.repeat(cut, len(space.host.sites)), one, other)
    placed = rng.permutation(np.flatnonzero(child))
    child[placed[space.most :]] = PRISTINE
    while np.count_nonzero(child) < space.fewest:
        missing = rng.permutation(np.flatnonzero((child == PRISTINE) & (one != PRISTINE)))
        child[missing[0]] = one[missing[0]]
    return child


METHODS: Final[Mapping[str, Callable[[Objective, np.random.Generator], None]]] = MappingProxyType(
    {"pbits": search_with_pbits, "annealing": anneal, "evolution": evolve, "random": search_at_random}
)


@dataclass(frozen=True)
class MethodTrial:
    """What one method found."""

    method: str
    evaluations: int
    hits: tuple[Prediction, ...]
    """Distinct under symmetry, cheapest first."""
    hit_places: tuple[int, ...]
    """After how many evaluations each was found, in that order."""
    best: Prediction
    """The least cost, hit or not."""
    cost: float
    seconds: float

    @property
    def first_hit(self) -> int | None:
        return self.hit_places[0] if self.hit_places else None

    @property
    def hit_rate(self) -> float:
        return len(self.hits) / self.evaluations


@dataclass(frozen=True)
class DesignReport:
    """All trials at one goal."""

    goal: Goal
    trials: tuple[MethodTrial, ...]

    @property
    def found(self) -> list[Prediction]:
        """Hits of all methods, cheapest first, each once."""
        hits = {hit.id: hit for trial in self.trials for hit in trial.hits}
        return sorted(hits.values(), key=_energy)

    def chance(self, answer: Prediction) -> float:
        return chance_within(answer, self.goal.energies, self.goal.gaps)


def design(
    goal: Goal, methods: Sequence[str] = tuple(METHODS), watch: Callable[[int], None] | None = None
) -> DesignReport:
    """Each method with the goal's number of evaluations. Raises BadInput."""
    unknown = set(methods) - set(METHODS)
    if unknown:
        raise BadInput(f"unknown method {min(unknown)!r}: choose of {', '.join(METHODS)}")
    return DesignReport(goal, tuple(_try(goal, method, watch) for method in methods))


def _try(goal: Goal, method: str, watch: Callable[[int], None] | None) -> MethodTrial:
    objective = Objective(goal, make_space(goal), watch)
    began = perf_counter()
    METHODS[method](objective, np.random.default_rng(goal.seed))
    hit = [is_within(answer, goal.energies, goal.gaps) for answer in objective.answers]
    best = int(np.argmin(objective.costs))
    hits = sorted((a for a, yes in zip(objective.answers, hit, strict=True) if yes), key=_energy)
    return MethodTrial(
        method,
        len(objective.answers),
        tuple(hits),
        tuple(k for k, yes in enumerate(hit, start=1) if yes),
        objective.answers[best],
        objective.costs[best],
        perf_counter() - began,
    )


def _energy(answer: Prediction) -> float:
    return answer.formation_energy_per_site.value if answer.formation_energy_per_site else np.inf
