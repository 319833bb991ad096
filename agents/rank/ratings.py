"""From matches to ratings: strength, interval, place and the chance of being the strongest."""

from collections.abc import Iterable, Sequence

import numpy as np

from agents.rank.davidson import chances
from agents.rank.dependence import weigh
from agents.rank.games import Vector
from agents.rank.links import count_matches
from agents.rank.rules import Rules, rules
from agents.rank.strengths import draw, estimate
from agents.schema import Match, Rating

LOW, HIGH = 5, 95  # percentiles


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
