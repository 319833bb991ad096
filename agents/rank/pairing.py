"""Which pairs to judge next, and by whom: those that teach most, several at once, nobody left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from agents.rank.counting import Vector, count_matches, group, join, pair_of
from agents.rank.davidson import chances
from agents.rank.ratings import weigh
from agents.rank.rules import Rules
from agents.rank.strengths import estimate
from agents.schema import Match

Pair = tuple[str, str]
Likeness = NDArray[np.floating]


class Need(Enum):
    """What a match is for, the most pressing first."""

    JOINED = "no match joins the two yet"
    ENOUGH = "one of the two has too few matches"
    CERTAINTY = "any pair"


@dataclass
class Seat:
    """A judge's place at the table: what it was asked and what it said."""

    number: int
    asked: Counter[Pair] = field(default_factory=Counter)
    matches: list[Match] = field(default_factory=list)

    def open_to(self, pairs: Sequence[Pair], judged: set[Pair], most: int) -> list[Pair]:
        """Return what it has read fewer than `most` times.

        Who has said nothing yet may be who judged what was brought along.
        """
        barred = set[Pair]() if self.matches else judged
        return [pair for pair in pairs if self.asked[pair] < most and pair not in barred]

    def freshest(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Return the pairs that it has read least."""
        least = min(self.asked[pair] for pair in pairs)
        return [pair for pair in pairs if self.asked[pair] == least]


@dataclass(frozen=True)
class Board:
    """What is known when the next pairs are chosen. `likeness` (keys, keys) is the cosine of meanings."""

    keys: Sequence[str]
    matches: Sequence[Match]
    seats: Sequence[Seat]
    likeness: Likeness | None
    rules: Rules

    def gains(self, random: np.random.Generator) -> dict[Pair, float]:
        """What one match would teach: ½ ln(1 + Fisher information × variance of the gap), in nats.

        Close and uncertain pairs teach most. Those that say nearly the same teach little about the others.
        """
        names = sorted(self.keys)
        known = estimate(weigh(self.matches, self.rules, names), self.rules)
        one, other = np.triu_indices(len(names), 1)
        own = known.covariance.diagonal()
        variance = own[one] + own[other] - 2 * known.covariance[one, other]
        log_nu = np.append(known.log_nu, self.rules.tie_centre)[:1]
        information = chances(known.value[one] - known.value[other], log_nu).about_gap
        gain = np.log1p(information * variance) / 2 * self._farness(names, one, other)
        gain = gain * (1 + 1e-6 * random.random(len(gain)))  # equal ones in no order of their names
        return {(names[i], names[j]): float(g) for i, j, g in zip(one, other, gain, strict=True)}

    def _farness(self, names: Sequence[str], one: NDArray[np.intp], other: NDArray[np.intp]) -> Vector:
        if self.likeness is None:
            return np.ones(len(one))
        at = np.array([list(self.keys).index(name) for name in names])
        farness: Vector = 1 - np.clip(self.likeness[at[one], at[other]], 0, 1).astype(np.float64)
        return np.maximum(farness, 1e-3)  # the very same text may still have to be judged


def choose(board: Board, most: int, seed: int) -> list[tuple[Seat, Pair]]:
    """Up to `most` pairs of different hypotheses. Empty when every judge has judged every pair.

    First pairs that join what no match joins yet, then those of a hypothesis with too few matches, then any:
    a batch is of one kind, and of pairs that teach not much less than its first.
    """
    gains = board.gains(np.random.default_rng([seed, len(board.matches)]))
    judged, groups = (
        {pair_of(match) for match in board.matches},
        group(board.keys, board.matches, board.rules),
    )
    counts = count_matches(board.keys, board.matches, board.rules)
    for kind in Need:
        chosen: list[tuple[Seat, Pair]] = []
        free = list(gains)
        while len(chosen) < most:
            needed = _needed(kind, free, groups, counts, board.rules)
            seats = sorted(board.seats, key=lambda seat: (_load(seat, chosen), seat.number))
            options = ((seat, seat.open_to(needed, judged, board.rules.readings)) for seat in seats)
            seat, pairs = next((option for option in options if option[1]), (None, []))
            if seat is None:
                break
            wanted = _to_share(seat, pairs, board) if kind is Need.CERTAINTY else seat.freshest(pairs)
            pair = max(wanted, key=gains.__getitem__)
            chosen.append((seat, pair))
            join(groups, pair)
            least = board.rules.worth * gains[chosen[0][1]]
            free = [other for other in free if set(pair).isdisjoint(other) and gains[other] >= least]
        if chosen:
            return chosen
    return []


def _load(seat: Seat, chosen: Sequence[tuple[Seat, Pair]]) -> int:
    return seat.asked.total() + sum(other is seat for other, _ in chosen)


def _needed(
    kind: Need, free: Sequence[Pair], groups: dict[str, str], counts: dict[str, int], rules: Rules
) -> list[Pair]:
    if kind is Need.JOINED:
        return [pair for pair in free if groups[pair[0]] != groups[pair[1]]]
    if kind is Need.ENOUGH:
        return [pair for pair in free if min(counts[key] for key in pair) < rules.fewest_matches]
    return list(free)


def _to_share(seat: Seat, pairs: list[Pair], board: Board) -> list[Pair]:
    """Those that another judge has judged, as long as this one shares too few."""
    others = set[Pair]().union(*(other.asked for other in board.seats if other is not seat))
    if len(seat.asked.keys() & others) >= board.rules.shared * (len(seat.asked) + 1):
        return pairs
    return [pair for pair in pairs if pair in others] or pairs
