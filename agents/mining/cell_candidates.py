"""One discipline's methods against another's problems: the candidates of a cell, best first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.mining.schema import Cell
from retrieval.stems import stem_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

REPEATED = 0.08  # what a method or a target loses with each pair that it has already, for variety's sake
WINDOW = 24  # candidates that compete for a turn
GENERIC = (
    "analysis application approach approximation behavior calculation dynamics "
    "effect equation experimental fluctuation formalism function interaction measurement mechanism method "
    "model modeling numerical phenomenon physics problem process property research science simulation state "
    "statistics structure system technique theoretical theory tool"
)


class SelectedPair(NamedTuple):
    method: str
    target: str
    score: float


class PairUses:
    """What the job has chosen so far."""

    def __init__(self, places: Mapping[str, int], labels: Mapping[str, str]) -> None:
        self._places, self._labels = places, labels
        self._pairs = np.zeros((len(places), len(places)), dtype=bool)
        self._uses: Counter[str] = Counter()

    def add(self, choice: SelectedPair) -> None:
        self._pairs[self._places[choice.method], self._places[choice.target]] = True
        self._uses.update((choice.method, choice.target))

    def holds(self, choice: SelectedPair) -> bool:
        return bool(self._pairs[self._places[choice.method], self._places[choice.target]])

    def bars(self, choice: SelectedPair) -> bool:
        return self.holds(choice) or is_same_by_name(self._labels[choice.method], self._labels[choice.target])

    def worth(self, choice: SelectedPair) -> float:
        return choice.score - REPEATED * (self._uses[choice.method] + self._uses[choice.target])


class CellCandidates:
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
        self._window: list[SelectedPair] = []
        if scores is not None:
            self._sort(scores.ravel(), min(cell.candidates, max(WINDOW, most)))

    def take(self, used: PairUses) -> SelectedPair | None:
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

    def _read(self, number: int) -> SelectedPair:
        row, column = divmod(int(self._order[number]), len(self._targets))
        return SelectedPair(self._methods[row], self._targets[column], float(self._scores[number]))


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(stem_words(GENERIC))


@lru_cache(maxsize=20_000)
def _own_stems(label: str) -> frozenset[str]:
    """Without the words that many concepts have, unless there is no other."""
    stems = frozenset(stem_words(label))
    return stems - _generic() or stems


def is_same_by_name(first: str, second: str) -> bool:
    """Whether all telling words of one are the other's, as of "Bifurcation analysis" and "Bifurcations"."""
    one, other = _own_stems(first), _own_stems(second)
    return bool(one and other) and (one <= other or other <= one)
