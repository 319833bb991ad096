"""The model as a search sees it: costs of states, each distinct one predicted once and counted."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.design.goal import REFUSED, Goal, cost
from tools.defects.design.space import Space, State
from tools.defects.predictor import predict_configurations
from tools.defects.schema import Prediction
from tools.defects.spec import write_spec

IDLE: Final = 30  # calls in a row that brought nothing new: the space, or the search, is exhausted


class Objective:
    """Costs in eV, up to the goal's number of evaluations; what comes after costs as what is refused."""

    def __init__(self, goal: Goal, space: Space, watch: Callable[[int], None] | None = None) -> None:
        self.goal, self.space = goal, space
        self.answers: list[Prediction] = []
        """In the order of their evaluation."""
        self.states: list[State] = []
        self.costs: list[float] = []
        self._known: dict[object, int] = {}
        self._idle = 0
        self._watch = watch

    @property
    def is_spent(self) -> bool:
        return len(self.answers) >= self.goal.evaluations or self._idle >= IDLE

    def __call__(self, states: Sequence[State]) -> NDArray[np.float64]:
        keys = [self.space.key(state) for state in states]
        new: dict[object, State] = {}
        for key, state in zip(keys, states, strict=True):
            if key not in self._known and len(new) < self.goal.evaluations - len(self.answers):
                new.setdefault(key, state)
        self._evaluate(new)
        self._idle = 0 if new else self._idle + 1
        return np.array([self.costs[self._known[k]] if k in self._known else REFUSED for k in keys])

    def is_known(self, state: State) -> bool:
        return self.space.key(state) in self._known

    def _evaluate(self, new: dict[object, State]) -> None:
        configurations = [self.space.configuration(state) for state in new.values()]
        answers = predict_configurations(configurations, [write_spec(c) for c in configurations])
        for (key, state), answer in zip(new.items(), answers, strict=True):
            self._known[key] = len(self.answers)
            self.answers.append(answer)
            self.states.append(state)
            self.costs.append(cost(answer, self.goal))
        if self._watch and new:
            self._watch(len(new))
