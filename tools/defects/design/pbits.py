"""Search by probabilistic bits: fit a Potts form to what is known, sample it, ask the model, and again."""

from typing import Final

import numpy as np

from tools.defects.design.goal import REFUSED
from tools.defects.design.objective import Objective
from tools.defects.design.potts import Potts, SitePairs, fit, sample
from tools.defects.design.space import State

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
