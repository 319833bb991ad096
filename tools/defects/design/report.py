"""Runs the searches at equal evaluations, and says how each did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import MappingProxyType
from typing import Final

import numpy as np

from tools.defects.design.classical import anneal, evolve, search_at_random
from tools.defects.design.goal import Goal
from tools.defects.design.objective import Objective
from tools.defects.design.pbits import search_with_pbits
from tools.defects.design.space import make_space
from tools.defects.errors import BadInput
from tools.defects.schema import Prediction
from tools.defects.windows import chance_within, is_within

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
