"""Verdicts of experiments as matches, beside those of judges."""

from collections.abc import Mapping
from itertools import combinations

from agents.rank.counting import EXPERIMENT
from agents.schema import Match, MatchOutcome

LEVELS = {"refuted": -1, "survived": 1}  # undecided and untested: neither


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
