"""How soon the true order is found, beside random pairing and Elo."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from agents.rank.counting import Games, winner_first
from agents.rank.ratings import weigh
from agents.rank.strengths import estimate
from agents.schema import Match, MatchOutcome
from bench.ranking.judges import (
    COUNT,
    ENDLESS,
    KEYS,
    MOST,
    STEPS,
    Reader,
    SimulatedJudge,
    Vector,
    chance_right,
    play,
)

K = 32
ORDERS = (
    SimulatedJudge("right 70 %, graded"),
    SimulatedJudge("right 70 %, flat", right=0.7),
    SimulatedJudge("right 70 %, graded, position bias 1", bias=1.0),
)


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
