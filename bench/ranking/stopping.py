"""What intervals hold, when tournaments stop, and how few hypotheses can be ranked."""

from collections.abc import Sequence
from statistics import fmean, median

import numpy as np

from agents.rank import rate, rules
from agents.schema import Stop
from bench.ranking.judges import (
    ENDLESS,
    KEYS,
    MOST,
    SPREAD_80,
    SPREAD_90,
    Reader,
    SimulatedJudge,
    chance_right,
    play,
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
