"""From matches to ratings: what repeated readings weigh, then strength, interval, place, chance to win."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agents.rank.counting import EXPERIMENT, Games, Vector, count_matches, tabulate
from agents.rank.davidson import chances
from agents.rank.rules import Rules, rules
from agents.rank.strengths import draw, estimate, fit_at_once
from agents.schema import Match, Rating

SURE = 2.0  # standard errors
LOW, HIGH = 5, 95  # percentiles


def weigh(matches: Iterable[Match], rules: Rules, keys: Sequence[str] | None = None) -> Games:
    """Tabulate the matches that count, each with its weight.

    Of n readings of a pair by one judge each weighs 1 / (1 + (n − 1) ρ), as in a sample of clusters (Kish
    1965, Survey Sampling, section 5.4). A verdict weighs as the rules say, spread over its matches.
    """
    games = tabulate(matches, rules, keys)
    if not len(games):
        return games
    times, each = readings_of_pairs(games)
    shares = dependence(games, rules) if times.max() > 1 else np.zeros(len(games.judges))
    weight = 1 / (1 + (times[each] - 1) * shares[games.judge])
    experiment = np.array([name == EXPERIMENT for name in games.judges])[games.judge]
    if experiment.any():
        met = len({*games.winner[experiment], *games.loser[experiment]})
        weight = np.where(experiment, rules.verdict / (met - 1), weight)
    return replace(games, weight=weight)


def dependence(games: Games, rules: Rules) -> Vector:
    """Return ρ by judge: 0 where readings of a pair are as good as new ones, 1 where they only repeat.

    It is the share of agreement between readings of a pair beyond what the strengths and two standard errors
    explain, shrunk towards the rules' own where few were seen: of three hypotheses a judge that is always
    right and one that clings to a whim look alike.
    """
    strengths, log_nu = fit_at_once(games, rules)
    each = chances(strengths[games.winner] - strengths[games.loser], log_nu[games.judge])
    explained = each.win**2 + each.loss**2 + each.tie**2
    shares = np.full(len(games.judges), rules.dependence)
    _, pairs = readings_of_pairs(games)
    outcome = np.where(games.decided > 0, np.where(games.winner < games.loser, 1, -1), 0)
    for judge in range(len(games.judges)):
        seen = agreed = expected = variance = 0.0
        for pair in np.unique(pairs[games.judge == judge]):
            rows = np.flatnonzero(pairs == pair)
            said, chance = outcome[rows], float(explained[rows].mean())
            ways = len(rows) * (len(rows) - 1) / 2
            seen += ways
            agreed += ((said[:, None] == said[None, :]).sum() - len(rows)) / 2
            expected += ways * chance
            variance += ways**2 * chance * (1 - chance)  # as if those of one pair were one
        if seen > expected:
            beyond = max(agreed - expected - SURE * variance**0.5, 0) / (seen - expected)
            total = rules.dependence_known * rules.dependence + seen * beyond
            shares[judge] = min(total / (rules.dependence_known + seen), 1)
    return shares


def readings_of_pairs(games: Games) -> tuple[Vector, NDArray[np.intp]]:
    """Return how often each pair was read by its judge, and which of those each match belongs to."""
    low, high = np.minimum(games.winner, games.loser), np.maximum(games.winner, games.loser)
    rows = np.stack([games.judge, low, high], axis=1)
    _, each, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return times.astype(np.float64), each.reshape(-1)


def rate(matches: Iterable[Match], *, seed: int = 0, by: Rules | None = None) -> list[Rating]:
    """Strongest first. A hypothesis without a match that counts has no rating, not an average one.

    The same set of matches gives the same ratings, in whatever order and however often each is told.
    """
    by, matches = by or rules(), list(matches)
    games = weigh(matches, by)
    if not len(games):
        return []
    known, samples = estimate(games, by), draw(games, by, seed)
    counts = count_matches(games.keys, matches, by)
    strengths = dict(zip(games.keys, known.value, strict=True))
    scaled = _scale(known.value, known.log_nu)
    low, high = np.percentile(samples, (LOW, HIGH), axis=0)
    best, first, last = _places(samples)
    ratings = [
        Rating(
            hypothesis=key,
            matches=counts[key],
            ranked=counts[key] >= by.fewest_matches,
            strength=round(float(strengths[key]), 3),
            low=round(float(min(low[at], strengths[key])), 3),
            high=round(float(max(high[at], strengths[key])), 3),
            best=round(float(best[at]), 3),
            places=(int(first[at]), int(last[at])),
            scaled=round(float(scaled[at]), 1),
        )
        for at, key in enumerate(games.keys)
    ]
    return in_order(ratings)


def in_order(ratings: Sequence[Rating]) -> list[Rating]:
    """Ranked ones first, the strongest of them foremost; equal ones by key."""
    return sorted(ratings, key=lambda rating: (not rating.ranked, -rating.strength, rating.hypothesis))


def _scale(strengths: Vector, log_nu: Vector) -> Vector:
    """Chance, in %, of winning against the average, ties halved: the mean over judges."""
    each = chances(strengths[None, :], log_nu[:, None])
    scaled: Vector = 100 * (each.win + each.tie / 2).mean(axis=0)
    return scaled


def _places(samples: Vector) -> tuple[Vector, Vector, Vector]:
    """Of each hypothesis: share of samples in which it is first, and its 5th and 95th percentile place."""
    places = (-samples).argsort(axis=1).argsort(axis=1) + 1
    first = np.percentile(places, LOW, axis=0, method="lower")
    last = np.percentile(places, HIGH, axis=0, method="higher")
    return (places == 1).mean(axis=0), first, last
