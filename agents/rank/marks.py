"""A person's marks as matches, to be laid beside a judge's."""

from collections.abc import Mapping
from itertools import combinations

from agents.rank.counting import PERSON
from agents.schema import Match, Outcome


def matches_from_marks(marks: Mapping[str, int]) -> list[Match]:
    """Of each two marked hypotheses the higher mark wins; equal marks tie.

    They count for agreement and not for ratings: ten marks make 45 matches that are not 45 opinions.
    """
    return [
        Match(first=first, second=second, judge=PERSON, outcome=_compare(marks[first], marks[second]))
        for first, second in combinations(sorted(marks), 2)
    ]


def _compare(first: int, second: int) -> Outcome:
    if first == second:
        return Outcome.TIE
    return Outcome.FIRST if first > second else Outcome.SECOND
