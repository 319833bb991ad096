"""A person's marks as matches, to be laid beside a judge's."""

from collections.abc import Mapping
from itertools import combinations

from agents.rank.counting import PERSON
from agents.schema import Match, MatchOutcome


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
