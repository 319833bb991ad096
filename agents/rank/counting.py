"""Which matches count: each once, readable, and by a judge that follows the texts and not their order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import comb

from agents.rank.rules import Rules
from agents.schema import Match, MatchOutcome, View

PERSON, EXPERIMENT = "person", "experiment"
WINS = frozenset({MatchOutcome.FIRST, MatchOutcome.SECOND})


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
