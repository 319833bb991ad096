"""Judges without a model: they answer a pair by a rule, as a match of both orders."""

import random
from collections.abc import Callable, Iterable, Sequence

from agents.schema import Match, MatchOutcome

Answer = Callable[[str, str], MatchOutcome]


def match(first: str, second: str, outcome: MatchOutcome = MatchOutcome.FIRST, judge: str = "m") -> Match:
    return Match(first=first, second=second, judge=judge, outcome=outcome)


def by_name(first: str, second: str) -> MatchOutcome:
    """The key that sorts first is the better one."""
    return MatchOutcome.FIRST if first < second else MatchOutcome.SECOND


def all_against_all(keys: Sequence[str], answer: Answer = by_name, judge: str = "m") -> list[Match]:
    return [
        match(first, second, answer(first, second), judge)
        for at, first in enumerate(keys)
        for second in keys[at + 1 :]
    ]


def tosser(seed: int) -> Answer:
    """A coin for each of two readings: they agree half of the time."""
    coin = random.Random(seed)  # noqa: S311 - a coin
    return lambda _first, _second: coin.choice(
        [MatchOutcome.FIRST, MatchOutcome.TIE, MatchOutcome.TIE, MatchOutcome.SECOND]
    )


class FakeJudge:
    """Remembers what it was asked, and fails where told."""

    def __init__(
        self,
        answer: Answer = by_name,
        name: str = "m",
        *,
        fault: Exception | None = None,
        after: int = 10**6,
        void: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.answer, self.name, self.fault, self.after, self.void = answer, name, fault, after, set(void)
        self.asked: list[tuple[str, str]] = []
        self.readings: list[int] = []

    async def __call__(self, first: str, second: str, reading: int = 1) -> Match:
        self.asked.append((first, second))
        self.readings.append(reading)
        if self.fault and len(self.asked) > self.after:
            raise self.fault
        if (first, second) in self.void:
            return Match(
                first=first, second=second, judge=self.name, outcome=MatchOutcome.VOID, reading=reading
            )
        outcome = self.answer(first, second)
        split = outcome is MatchOutcome.TIE
        return Match(
            first=first, second=second, judge=self.name, outcome=outcome, split=split, reading=reading
        )
