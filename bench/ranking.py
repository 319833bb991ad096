"""What tournaments do with judges whose strengths, noise and position bias are known. No model is asked.

Run: python -m bench.ranking [--repeats N] [--only WORD] [--plot docs/ranking.png]

A simulated judge reads two hypotheses twice, once in each order. A reading says "first" with log-odds
d/2 + b: d is by how much the one shown first is stronger, b the bias to the place. Two readings that agree
name a winner, others make a tie; this is Davidson's model with nu = 2 cosh b. Asked for a pair again, it
reads anew, or repeats itself with the chance that the row names.

1. Orders: Spearman's rho between found and true order of 12 hypotheses against matches, beside random pairing
   and beside Elo (K = 32, random pairs) from the same two readings a match and from one, as is usual.
   "Right 70 %": a reading prefers the better hypothesis with a chance of 0.7, either for any pair alike
   ("flat"), or on average over pairs, near ones being harder ("graded", strengths evenly spaced).
2. Intervals: how often the 5–95 % interval holds the true strength; strengths from a normal distribution.
3. Stopping, by the rules as shipped: what each kind of judge costs, what is concluded, and how often rightly.
4. Small runs: how often three or four hypotheses are ranked, by the rules as shipped.
5. Length: a judge that prefers the longer text, on pairs of real hypotheses as they are shown to judges.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from statistics import fmean, median

import numpy as np
import yaml
from numpy.typing import NDArray

from agents.blinding import BlindedHypothesis, fields, prose, restate, view_of
from agents.rank import Rules, hold, rate, rules, summarise
from agents.rank.counting import winner_first
from agents.rank.dependence import weigh
from agents.rank.games import Games
from agents.rank.strengths import estimate
from agents.schema import Claim, Match, MatchOutcome, Stop
from agents.steps.judge import side_by_side
from tests.agents.samples import PROPOSAL

COUNT, MOST, K = 12, 200, 32
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


ORDERS = (
    SimulatedJudge("right 70 %, graded"),
    SimulatedJudge("right 70 %, flat", right=0.7),
    SimulatedJudge("right 70 %, graded, position bias 1", bias=1.0),
)
INTERVALS = tuple(
    SimulatedJudge(f"spread {spread}, position bias {bias}", spread=spread, bias=bias, drawn=True)
    for spread, bias in ((0.8, 0.0), (1.6, 0.0), (1.6, 1.5), (3.2, 0.0), (3.2, 1.5))
)
SMALL = (
    (18, SimulatedJudge("3, right 80 %, graded", spread=SPREAD_80[3], count=3)),
    (12, SimulatedJudge("3, right 80 %, graded", spread=SPREAD_80[3], count=3)),
    (18, SimulatedJudge("3, right 90 %, graded", spread=SPREAD_90[3], count=3)),
    (6, SimulatedJudge("3, never wrong", spread=60.0, count=3)),
    (6, SimulatedJudge("4, never wrong", spread=60.0, count=4)),
    (24, SimulatedJudge("4, right 80 %, graded", spread=SPREAD_80[4], count=4)),
    *(
        (most, SimulatedJudge(f"{count}, a coin", spread=0.0, count=count))
        for count, most in ((3, 18), (4, 24))
    ),
    (18, SimulatedJudge("3, a coin, repeats half", spread=0.0, count=3, repeats=0.5)),
    *(
        (most, SimulatedJudge(f"{count}, always first", bias=50.0, count=count))
        for count, most in ((3, 18), (4, 24))
    ),
)
STOPS = (
    SimulatedJudge("always first", bias=50.0),
    SimulatedJudge("a coin", spread=0.0),
    SimulatedJudge("right 60 %, graded", spread=0.86),
    SimulatedJudge("right 70 %, graded"),
    SimulatedJudge("right 80 %, graded", spread=3.0),
    SimulatedJudge("right 80 %, graded, position bias 2", spread=3.0, bias=2.0),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--only", choices=["orders", "intervals", "stopping", "small", "length"])
    parser.add_argument("--plot", type=Path, help="where to draw the orders, as PNG")
    options = parser.parse_args()
    print(f"{COUNT} hypotheses, {options.repeats} repeats, seeds 2026 with the number of the repeat")
    if options.only in {None, "orders"}:
        curves = {kind.name: orders(kind, options.repeats) for kind in ORDERS}
        if options.plot:
            draw(curves, options.plot)
    if options.only in {None, "intervals"}:
        intervals(options.repeats)
    if options.only in {None, "stopping"}:
        stopping(options.repeats)
    if options.only in {None, "small"}:
        small(options.repeats)
    if options.only in {None, "length"}:
        length(options.repeats)


def play(reader: Reader, most: int, seed: int, by: Rules) -> tuple[list[Match], Stop, str]:
    keys = KEYS[: len(reader.strengths)]
    held = asyncio.run(hold(keys, [reader.judge], matches=most, seed=seed, by=by))
    top = held.ratings[0].hypothesis if held.can_rank else ""
    return held.matches, held.stopped, top


def orders(kind: SimulatedJudge, repeats: int) -> dict[str, Vector]:
    """Spearman's rho, (repeats, steps) a way of ranking."""
    ways: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for repeat in range(repeats):
        for way, found in WAYS.items():
            reader = kind.reader(repeat)
            ways[way].append([spearman(found_now, reader.strengths) for found_now in found(reader, repeat)])
    curves = {way: np.array(rows) for way, rows in ways.items()}
    print(f"\n{kind.name}: {chance_right(kind.reader(0)):.0%} of readings right; Spearman's rho, mean ± s.d.")
    shown = (24, 48, 104, MOST)
    print(f"{'':34}" + "".join(f"{f'{step} matches':>16}" for step in shown) + f"{'mean 0.9 at':>14}")
    for way, curve in curves.items():
        cells = [curve[:, STEPS.index(step)] for step in shown]
        reached = [step for step, mean in zip(STEPS, curve.mean(axis=0), strict=True) if mean >= 0.9]
        print(
            f"{way:34}"
            + "".join(f"{f'{cell.mean():.3f} ± {cell.std():.3f}':>16}" for cell in cells)
            + f"{reached[0] if reached else 'never':>14}"
        )
    return curves


def by_information(reader: Reader, seed: int) -> list[Vector]:
    matches, *_ = play(reader, MOST, seed, ENDLESS)
    return [strengths_of(weigh(matches[:step], ENDLESS, KEYS)) for step in STEPS]


def at_random(reader: Reader, seed: int) -> list[Vector]:
    games = as_games(random_matches(reader, seed))
    return [strengths_of(first_of(games, step)) for step in STEPS]


def elo(reader: Reader, seed: int) -> list[Vector]:
    results = [
        (KEYS.index(m.first), KEYS.index(m.second), POINTS[m.outcome]) for m in random_matches(reader, seed)
    ]
    return [elo_ratings(results[:step]) for step in STEPS]


def elo_one_order(reader: Reader, seed: int) -> list[Vector]:
    """Twice the pairs in place of two orders: as many readings."""
    pairs = random_pairs(2 * MOST, seed)
    results = [(first, second, float(reader.says_first(first, second))) for first, second in pairs]
    return [elo_ratings(results[: 2 * step]) for step in STEPS]


WAYS: dict[str, Callable[[Reader, int], list[Vector]]] = {
    "ours": by_information,
    "Bradley–Terry, random pairs": at_random,
    "Elo, random pairs": elo,
    "Elo, one order, twice the pairs": elo_one_order,
}
POINTS = {MatchOutcome.FIRST: 1.0, MatchOutcome.TIE: 0.5, MatchOutcome.SECOND: 0.0}


def random_pairs(count: int, seed: int) -> list[tuple[int, int]]:
    random = np.random.default_rng([7, seed])
    return [(int(i), int(j)) for i, j in (random.choice(COUNT, 2, replace=False) for _ in range(count))]


def random_matches(reader: Reader, seed: int) -> list[Match]:
    return [reader.match(KEYS[i], KEYS[j]) for i, j in random_pairs(MOST, seed)]


def as_games(matches: Sequence[Match]) -> Games:
    """Of one judge, a pair counting as often as it was met."""
    rows = [[KEYS.index(key) for key in winner_first(match)] for match in matches]
    winner, loser = np.array(rows).T
    decided = np.array([float(match.outcome is not MatchOutcome.TIE) for match in matches])
    seats, weight = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows))
    return Games(tuple(KEYS), ("simulated",), winner, loser, seats, decided, weight)


def first_of(games: Games, step: int) -> Games:
    rows = {name: getattr(games, name)[:step] for name in ("winner", "loser", "judge", "decided", "weight")}
    return replace(games, **rows)


def strengths_of(games: Games) -> Vector:
    return estimate(games, ENDLESS).value


def elo_ratings(results: Sequence[tuple[int, int, float]]) -> Vector:
    ratings = np.full(COUNT, 1200.0)
    for first, second, points in results:
        expected = 1 / (1 + 10 ** ((ratings[second] - ratings[first]) / 400))
        ratings[first] += K * (points - expected)
        ratings[second] -= K * (points - expected)
    return ratings


def spearman(found: Vector, true: Vector) -> float:
    """0 where nothing was found."""
    ranks = [mean_ranks(values) for values in (found, true)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1]) if np.ptp(ranks[0]) else 0.0


def mean_ranks(values: Vector) -> Vector:
    """Equal values share the mean of their ranks."""
    rounded = values.round(9)
    below = (rounded[None, :] < rounded[:, None]).sum(axis=1)
    ranks: Vector = below + ((rounded[None, :] == rounded[:, None]).sum(axis=1) - 1) / 2
    return ranks


def chance_right(reader: Reader) -> float:
    """Of a reading without bias, over all pairs."""
    if reader.right is not None:
        return reader.right
    gaps = [abs(one - other) for one, other in combinations(reader.strengths, 2)]
    return fmean(1 / (1 + np.exp(-gap / 2)) for gap in gaps)


def intervals(repeats: int) -> None:
    sizes = (36, 100, MOST)
    print("\n5–95 % intervals: share that holds the true strength ± s.e. (mean width in log-odds)")
    print(f"{'':36}" + "".join(f"{f'{size} matches':>24}" for size in sizes))
    for kind in INTERVALS:
        rows = [interval_row(kind.reader(repeat), repeat, sizes) for repeat in range(repeats)]
        cells = []
        for held, width in np.array(rows).transpose(1, 2, 0):
            cells.append(f"{held.mean():.3f} ± {held.std() / repeats**0.5:.3f} ({width.mean():.1f})")
        print(f"{kind.name:36}" + "".join(f"{cell:>24}" for cell in cells))


def interval_row(reader: Reader, seed: int, sizes: Sequence[int]) -> list[tuple[float, float]]:
    """Share of the intervals that hold the truth, and their mean width, after so many matches."""
    matches, *_ = play(reader, sizes[-1], seed, ENDLESS)
    true = dict(zip(KEYS, reader.strengths, strict=True))
    rated = [rate(matches[:size], seed=seed, by=ENDLESS) for size in sizes]
    return [
        (
            fmean(r.low <= true[r.hypothesis] <= r.high for r in ratings),
            fmean(r.high - r.low for r in ratings),
        )
        for ratings in rated
    ]


def stopping(repeats: int) -> None:
    print(f"\nThe rules as shipped, at most {MOST} matches")
    print(f"{'':36}{'matches, median (range)':>26}{'ranked':>8}{'settled':>9}{'right top of settled':>22}")
    for kind in STOPS:
        runs = []
        for repeat in range(repeats):
            reader = kind.reader(repeat)
            runs.append((*play(reader, MOST, repeat, rules()), KEYS[int(reader.strengths.argmax())]))
        used = [len(matches) for matches, *_ in runs]
        settled = [top == true for _, stop, top, true in runs if stop is Stop.SETTLED]
        ranked = fmean(top != "" for _, _, top, _ in runs)
        print(
            f"{kind.name:36}{f'{median(used):.0f} ({min(used)}–{max(used)})':>26}{ranked:>8.0%}"
            f"{len(settled) / repeats:>9.0%}{f'{fmean(settled):.0%}' if settled else '–':>22}"
        )


def small(repeats: int) -> None:
    print("\nSmall runs, by the rules as shipped; readings right is measured")
    heads = f"{'right':>7}{'at most':>9}{'matches, median':>17}{'ranked':>9}{'top right':>11}"
    print(f"{'hypotheses, judge':36}{heads}")
    for most, kind in SMALL:
        runs = []
        for repeat in range(repeats):
            reader = kind.reader(repeat)
            runs.append((*play(reader, most, repeat, rules()), KEYS[int(reader.strengths.argmax())]))
        ranked = [top == true for _, _, top, true in runs if top]
        right = f"{chance_right(kind.reader(0)):.0%}"
        print(
            f"{kind.name:36}{right:>7}{most:>9}{median(len(matches) for matches, *_ in runs):>17.0f}"
            f"{len(ranked) / repeats:>9.1%}{f'{fmean(ranked):.0%}' if ranked else '–':>11}"
        )


def length(repeats: int) -> None:
    """What a judge that prefers the longer text as shown is taken for, of three hypotheses and 18 matches."""
    decided, believed, before = list[bool](), list[bool](), list[bool]()
    for repeat in range(repeats):
        random = np.random.default_rng([77, repeat])
        shown = [made_up(key, random) for key in KEYS[:3]]
        matches = [
            by_length(one, other, reading) for reading in range(1, 7) for one, other in combinations(shown, 2)
        ]
        decided += [match.outcome is not MatchOutcome.TIE for match in matches]
        believed.append(summarise(matches, Stop.SPENT).can_rank)
        fixed = [match.model_copy(update={"outcome": longer_of(match, shown)}) for match in matches]
        before.append(summarise(fixed, Stop.SPENT).can_rank)
    print(
        "\nA judge that prefers the longer text, three hypotheses of claims in bench/data/claims, 18 matches"
    )
    print(
        f"matches decided {fmean(decided):.1%}; believed {fmean(believed):.1%} of {repeats} runs; "
        f"were lengths not swapped with the order {fmean(before):.1%}"
    )


def made_up(key: str, random: np.random.Generator) -> BlindedHypothesis:
    """A hypothesis of any length: a planted claim, sentences of others as its prose, a verdict or none."""
    claims = all_claims()
    own, *others = (claims[int(at)] for at in random.choice(len(claims), 12, replace=False))
    sentences = [str(claim["statement"]) for claim in others]
    names = {name: str(own[name]) for name in ("system", "cause", "response", "relation")}
    proposal = PROPOSAL.model_copy(
        update={
            "claim": Claim.model_validate(names),
            "statement": str(own["statement"]),
            "mechanism": " ".join(sentences[: random.integers(1, 6)]),
            "steps": sentences[6 : 9 + random.integers(0, 3)],
        }
    )
    verdict = f"Test of “{own['statement']}”: survived. By {own['source']}."
    return BlindedHypothesis(
        key,
        verdicts=[verdict] * int(random.integers(0, 2)),
        fields=fields(proposal),
        restated=restate(proposal),
        prose=prose(proposal),
    )


@cache
def all_claims() -> list[dict[str, object]]:
    folder = Path(__file__).parent / "data" / "claims"
    files = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml")))
    wanted = {"system", "cause", "response", "relation", "statement", "source"}
    return [claim for file in files for claim in file if wanted <= claim.keys()]


def by_length(one: BlindedHypothesis, other: BlindedHypothesis, reading: int) -> Match:
    """Of both orders, as they are shown."""
    ahead, behind = side_by_side(one, other, reading)
    straight = ahead.length > behind.length
    ahead, behind = side_by_side(other, one, reading)
    swapped = behind.length > ahead.length
    split = straight != swapped
    outcome = MatchOutcome.TIE if split else MatchOutcome.FIRST if straight else MatchOutcome.SECOND
    view = view_of(reading)
    return Match(
        first=one.key, second=other.key, judge="m", outcome=outcome, split=split, reading=reading, view=view
    )


def longer_of(match: Match, shown: Sequence[BlindedHypothesis]) -> MatchOutcome:
    size = {one.key: sum(map(len, (*one.fields, *one.verdicts, *one.prose))) for one in shown}
    return MatchOutcome.FIRST if size[match.first] > size[match.second] else MatchOutcome.SECOND


def draw(curves: dict[str, dict[str, Vector]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        1, len(curves), figsize=(4 * len(curves), 3.6), sharey=True, layout="constrained"
    )
    styles = zip(WAYS, ("-", "--", "-.", ":"), ("#0072B2", "#E69F00", "#009E73", "#CC79A7"), strict=True)
    shown = {way: (dash, colour) for way, dash, colour in styles}
    for panel, (name, ways) in zip(axes, curves.items(), strict=True):
        for way, curve in ways.items():
            dash, colour = shown[way]
            low, high = np.percentile(curve, (25, 75), axis=0)
            panel.plot(STEPS, curve.mean(axis=0), dash, color=colour, label=way)
            panel.fill_between(STEPS, low, high, color=colour, alpha=0.12, linewidth=0)
        panel.axhline(0.9, color="black", linewidth=0.5)
        panel.set(title=name, xlabel="matches (two readings each)", ylim=(0.4, 1))
        panel.title.set_fontsize(10)
    axes[0].set_ylabel("Spearman's ρ with the true order\n(mean and quartiles)")
    axes[-1].legend(fontsize=8, loc="lower right")
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
