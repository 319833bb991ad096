"""Matches as arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.rank.counting import WINS, counted, winner_first
from agents.rank.rules import Rules
from agents.schema import Match

Vector = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Games:
    """Matches that count between `keys`, one row each: (matches,) arrays of places in `keys` and `judges`."""

    keys: tuple[str, ...]
    judges: tuple[str, ...]
    winner: Places
    loser: Places
    judge: Places
    decided: Vector  # 1 where there is a winner; in a tie winner and loser are just the two
    weight: Vector  # 1: a match that repeats no other

    def __len__(self) -> int:
        return len(self.decided)


def tabulate(matches: Iterable[Match], rules: Rules, keys: Sequence[str] | None = None) -> Games:
    """Between `keys`, or between all that have a match that counts."""
    counting = counted(matches, rules)
    met = {key for match in counting for key in (match.first, match.second)}
    names = tuple(sorted(met if keys is None else set(keys)))
    judges = tuple(sorted({match.judge for match in counting}))
    place, seat = ({name: at for at, name in enumerate(each)} for each in (names, judges))
    rows = [(*winner_first(match), match) for match in counting if {match.first, match.second} <= set(names)]
    return Games(
        names,
        judges,
        winner=np.array([place[winner] for winner, _, _ in rows], dtype=np.int64),
        loser=np.array([place[loser] for _, loser, _ in rows], dtype=np.int64),
        judge=np.array([seat[match.judge] for *_, match in rows], dtype=np.int64),
        decided=np.array([float(match.outcome in WINS) for *_, match in rows]),
        weight=np.ones(len(rows)),
    )
