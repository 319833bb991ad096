"""Matches, not yet rated: by models, persons and experiments; which count, whom they join, as arrays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from agents.rank.rules import Rules
from agents.schema import Match, MatchOutcome, View

PERSON, EXPERIMENT = "person", "experiment"
WINS = frozenset({MatchOutcome.FIRST, MatchOutcome.SECOND})
LEVELS = {"refuted": -1, "survived": 1}  # undecided and untested: neither
Vector = NDArray[np.float64]
Places = NDArray[np.int64]


def pair_of(match: Match) -> tuple[str, str]:
    return (match.first, match.second) if match.first < match.second else (match.second, match.first)


def winner_first(match: Match) -> tuple[str, str]:
    """Of a tie, whichever key sorts first."""
    if match.outcome in WINS:
        is_first = match.outcome is MatchOutcome.FIRST
        return (match.first, match.second) if is_first else (match.second, match.first)
    return pair_of(match)


def judged(matches: Iterable[Match]) -> list[Match]:
    """By models, void ones included, each once, in an order that does not depend on how they were told."""
    return _distinct(match for match in matches if match.judge not in (PERSON, EXPERIMENT))


def readable(matches: Iterable[Match]) -> list[Match]:
    return [match for match in judged(matches) if match.outcome is not MatchOutcome.VOID]


def counted(matches: Iterable[Match], rules: Rules) -> list[Match]:
    """What ratings rest on: readable matches of judges that are not hopeless, and verdicts of experiments.

    Prose may confirm what the fields say and decide what they leave open; it cannot turn it round.
    """
    told = list(matches)
    matches = judged(told)
    judges = {match.judge for match in matches}
    useful = {j for j in judges if not is_hopeless([m for m in matches if m.judge == j], rules)}
    turned = set(map(_identity, turned_by_prose(matches)))
    kept = [m for m in readable(matches) if m.judge in useful and _identity(m) not in turned]
    return kept + _distinct(match for match in told if match.judge == EXPERIMENT)


def turned_by_prose(matches: Iterable[Match]) -> list[Match]:
    """Return the matches with prose whose winner lost where the same judge read the fields alone."""
    decided = [match for match in readable(matches) if match.outcome in WINS]
    balance: defaultdict[tuple[tuple[str, str], str], int] = defaultdict(int)
    for match in decided:
        if match.view is View.FIELDS:
            balance[pair_of(match), match.judge] += _direction(match)
    return [
        match
        for match in decided
        if match.view is View.WHOLE and balance[pair_of(match), match.judge] * _direction(match) < 0
    ]


def _direction(match: Match) -> int:
    """1 where the winner's key sorts first, −1 where the loser's does."""
    return 1 if winner_first(match) == pair_of(match) else -1


def _distinct(matches: Iterable[Match]) -> list[Match]:
    distinct = {_identity(match): match for match in matches}
    return [distinct[identity] for identity in sorted(distinct)]


def is_hopeless(matches: Sequence[Match], rules: Rules) -> bool:
    """Whether a judge that is worth asking would hardly ever decide so few of its matches.

    One that follows the order shown decides none; neither does one that cannot be read.
    """
    decided = sum(match.outcome in WINS for match in matches)
    return _chance_of_at_most(decided, len(matches), rules.useful_decided) < rules.doubt


def _chance_of_at_most(successes: int, trials: int, share: float) -> float:
    return sum(
        comb(trials, hits) * share**hits * (1 - share) ** (trials - hits) for hits in range(successes + 1)
    )


def _identity(match: Match) -> tuple[str, ...]:
    outcome = "won" if match.outcome in WINS else match.outcome.value
    return (*pair_of(match), match.judge, f"{match.reading:02}", outcome, *winner_first(match))


def matches_from_marks(marks: Mapping[str, int]) -> list[Match]:
    """Of each two marked hypotheses the higher mark wins; equal marks tie.

    They count for agreement and not for ratings: ten marks make 45 matches that are not 45 opinions.
    """
    return [
        Match(first=first, second=second, judge=PERSON, outcome=_compare(marks[first], marks[second]))
        for first, second in combinations(sorted(marks), 2)
    ]


def _compare(first: int, second: int) -> MatchOutcome:
    if first == second:
        return MatchOutcome.TIE
    return MatchOutcome.FIRST if first > second else MatchOutcome.SECOND


def matches_from_verdicts(verdicts: Mapping[str, str]) -> list[Match]:
    """Return the matches that verdicts decide, by hypothesis: what survived beats what did not.

    Equal verdicts say nothing about each other. What all of them weigh together is in the rules.
    """
    level = {key: LEVELS.get(verdict, 0) for key, verdict in verdicts.items()}
    return [
        Match(
            first=first,
            second=second,
            judge=EXPERIMENT,
            outcome=MatchOutcome.FIRST if level[first] > level[second] else MatchOutcome.SECOND,
        )
        for first, second in combinations(sorted(level), 2)
        if level[first] != level[second]
    ]


def count_matches(keys: Sequence[str], matches: Iterable[Match], rules: Rules) -> dict[str, int]:
    """That count, by hypothesis."""
    counts = dict.fromkeys(keys, 0)
    for match in counted(matches, rules):
        for key in counts.keys() & {match.first, match.second}:
            counts[key] += 1
    return counts


def group(keys: Sequence[str], matches: Iterable[Match], rules: Rules) -> dict[str, str]:
    """Hypotheses that a chain of matches joins have the same value."""
    groups = {key: key for key in keys}
    for match in counted(matches, rules):
        if {match.first, match.second} <= groups.keys():
            join(groups, pair_of(match))
    return groups


def join(groups: dict[str, str], pair: tuple[str, str]) -> None:
    kept, gone = groups[pair[0]], groups[pair[1]]
    for key, name in groups.items():
        if name == gone:
            groups[key] = kept


def has_enough(keys: Sequence[str], matches: Sequence[Match], rules: Rules) -> bool:
    """Whether everybody has enough matches, and no two stand on islands that no match joins."""
    counts = count_matches(keys, matches, rules)
    return (
        min(counts.values()) >= rules.fewest_matches and len(set(group(keys, matches, rules).values())) == 1
    )


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
