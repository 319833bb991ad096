"""Which matches count: each once, readable, and by a judge that follows the texts and not their order."""

from collections.abc import Iterable, Sequence
from math import comb

from agents.rank.rules import Rules
from agents.schema import Match, Outcome

PERSON = "person"
WINS = frozenset({Outcome.FIRST, Outcome.SECOND})


def pair_of(match: Match) -> tuple[str, str]:
    return (match.first, match.second) if match.first < match.second else (match.second, match.first)


def winner_first(match: Match) -> tuple[str, str]:
    """Of a tie, whichever key sorts first."""
    if match.outcome in WINS:
        is_first = match.outcome is Outcome.FIRST
        return (match.first, match.second) if is_first else (match.second, match.first)
    return pair_of(match)


def judged(matches: Iterable[Match]) -> list[Match]:
    """By models, void ones included, each once, in an order that does not depend on how they were told."""
    distinct = {_identity(match): match for match in matches if match.judge != PERSON}
    return [distinct[identity] for identity in sorted(distinct)]


def readable(matches: Iterable[Match]) -> list[Match]:
    return [match for match in judged(matches) if match.outcome is not Outcome.VOID]


def counted(matches: Iterable[Match], rules: Rules) -> list[Match]:
    """What ratings rest on: readable matches of judges that are not hopeless."""
    matches = judged(matches)
    judges = {match.judge for match in matches}
    useful = {j for j in judges if not is_hopeless([m for m in matches if m.judge == j], rules)}
    return [match for match in readable(matches) if match.judge in useful]


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
    return (*pair_of(match), match.judge, outcome, *winner_first(match))
