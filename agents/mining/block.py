"""One discipline's methods against another's problems: the candidates of a cell, best first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.mining.names import is_same_by_name
from agents.mining.schema import Cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

REPEATED = 0.08  # what a method or a target loses with each pair that it has already, for variety's sake
WINDOW = 24  # candidates that compete for a turn


class Choice(NamedTuple):
    method: str
    target: str
    score: float


class Used:
    """What the job has chosen so far."""

    def __init__(self, places: Mapping[str, int], labels: Mapping[str, str]) -> None:
        self._places, self._labels = places, labels
        self._pairs = np.zeros((len(places), len(places)), dtype=bool)
        self._uses: Counter[str] = Counter()

    def add(self, choice: Choice) -> None:
        self._pairs[self._places[choice.method], self._places[choice.target]] = True
        self._uses.update((choice.method, choice.target))

    def holds(self, choice: Choice) -> bool:
        return bool(self._pairs[self._places[choice.method], self._places[choice.target]])

    def bars(self, choice: Choice) -> bool:
        return self.holds(choice) or is_same_by_name(self._labels[choice.method], self._labels[choice.target])

    def worth(self, choice: Choice) -> float:
        return choice.score - REPEATED * (self._uses[choice.method] + self._uses[choice.target])


class Block:
    """A cell and, unless it is skipped, at most `most` candidates; scores of minus infinity are none."""

    def __init__(
        self,
        cell: Cell,
        methods: Sequence[str] = (),
        targets: Sequence[str] = (),
        scores: "NDArray[np.float32] | None" = None,
        *,
        most: int = 0,
    ) -> None:
        self.cell, self._methods, self._targets = cell, methods, targets
        self._order = np.zeros(0, dtype=np.int32)
        self._scores = np.zeros(0, dtype=np.float32)
        self._next = 0
        self._window: list[Choice] = []
        if scores is not None:
            self._sort(scores.ravel(), min(cell.candidates, max(WINDOW, most)))

    def take(self, used: Used) -> Choice | None:
        """The best of the next few, where whatever was used before counts for less."""
        self._window = [choice for choice in self._window if not used.holds(choice)]
        while len(self._window) < WINDOW and self._next < len(self._order):
            choice = self._read(self._next)
            self._next += 1
            if not used.bars(choice):
                self._window.append(choice)
        if not self._window:
            return None
        best = max(self._window, key=used.worth)
        used.add(best)
        return best

    def _sort(self, flat: "NDArray[np.float32]", count: int) -> None:
        """Equal scores in the order of their places, so that every machine sorts alike."""
        some = np.argpartition(-flat, count - 1)[:count] if count < len(flat) else np.arange(len(flat))
        order = some[np.lexsort((some, -flat[some]))][:count]
        self._order, self._scores = order.astype(np.int32), flat[order]

    def _read(self, number: int) -> Choice:
        row, column = divmod(int(self._order[number]), len(self._targets))
        return Choice(self._methods[row], self._targets[column], float(self._scores[number]))
