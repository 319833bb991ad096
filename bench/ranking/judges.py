"""Simulated judges of hypotheses whose strengths are known."""

import asyncio
from dataclasses import dataclass, field
from itertools import combinations
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from agents.rank import Rules, hold, rules
from agents.schema import Match, MatchOutcome, Stop

COUNT, MOST = 12, 200
KEYS = [f"p{number:02}" for number in range(1, COUNT + 1)]
STEPS = range(16, MOST + 1, 8)
SPREAD_80 = {3: 1.8, 4: 2.0}  # the same, of three and four, so that it is right 80 %
SPREAD_90 = {3: 3.6}
GRADED = 1.62  # standard deviation of evenly spaced strengths that makes a mean reading right 70 %
Vector = NDArray[np.float64]
ENDLESS = rules().model_copy(update={"settled": 2.0, "coin_hopeless": 0.0, "useful_decided": 0.0})


@dataclass
class Reader:
    """One judge. `right`: chance of the better one in any unbiased reading; None: by the strengths."""

    strengths: Vector
    bias: float
    right: float | None
    random: np.random.Generator
    repeats: float = 0.0
    said: dict[tuple[int, int], tuple[bool, bool]] = field(default_factory=dict)

    def says_first(self, first: int, second: int) -> bool:
        gap = self.strengths[first] - self.strengths[second]
        odds = gap / 2 if self.right is None else np.sign(gap) * np.log(self.right / (1 - self.right))
        return bool(self.random.random() < 1 / (1 + np.exp(-odds - self.bias)))

    def match(self, first: str, second: str, reading: int = 1) -> Match:
        one, other = KEYS.index(first), KEYS.index(second)
        straight, swapped = self.read(one, other)
        split = straight != swapped
        outcome = MatchOutcome.TIE if split else MatchOutcome.FIRST if straight else MatchOutcome.SECOND
        return Match(
            first=first, second=second, judge="simulated", outcome=outcome, split=split, reading=reading
        )

    def read(self, one: int, other: int) -> tuple[bool, bool]:
        """Whether it says that the one is better, in both orders."""
        if (one, other) in self.said and self.random.random() < self.repeats:
            return self.said[one, other]
        self.said[one, other] = self.says_first(one, other), not self.says_first(other, one)
        return self.said[one, other]

    async def judge(self, first: str, second: str, reading: int) -> Match:
        return self.match(first, second, reading)


@dataclass(frozen=True)
class SimulatedJudge:
    """How a simulated judge and the hypotheses before it are drawn."""

    name: str
    spread: float = GRADED
    bias: float = 0.0
    right: float | None = None
    drawn: bool = False  # normal strengths, else evenly spaced
    count: int = COUNT
    repeats: float = 0.0  # chance that a pair read again is answered as before

    def reader(self, repeat: int) -> Reader:
        random = np.random.default_rng([2026, repeat])
        even = np.linspace(1, -1, self.count)
        strengths = (
            random.standard_normal(self.count) if self.drawn else random.permutation(even / even.std())
        )
        strengths = self.spread * (strengths - strengths.mean())
        return Reader(strengths, self.bias, self.right, random, self.repeats)


def play(reader: Reader, most: int, seed: int, by: Rules) -> tuple[list[Match], Stop, str]:
    keys = KEYS[: len(reader.strengths)]
    held = asyncio.run(hold(keys, [reader.judge], matches=most, seed=seed, by=by))
    top = held.ratings[0].hypothesis if held.can_rank else ""
    return held.matches, held.stopped, top


def chance_right(reader: Reader) -> float:
    """Of a reading without bias, over all pairs."""
    if reader.right is not None:
        return reader.right
    gaps = [abs(one - other) for one, other in combinations(reader.strengths, 2)]
    return fmean(1 / (1 + np.exp(-gap / 2)) for gap in gaps)
