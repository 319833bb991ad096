"""Strengths with how sure they are: the spread between hypotheses is estimated along with them."""

from dataclasses import dataclass

import numpy as np

from agents.rank.davidson import Design, log_likelihood, make_design, maximise
from agents.rank.games import Games, Vector
from agents.rank.rules import Rules


@dataclass(frozen=True)
class Strengths:
    """Log-odds against the average of `keys`, in their order, with the covariance (keys, keys)."""

    games: Games
    value: Vector
    covariance: Vector
    log_nu: Vector  # (judges,)


def estimate(games: Games, rules: Rules) -> Strengths:
    """At the spread that the matches make likeliest; a hypothesis without a match has the prior's."""
    design, count = make_design(games), len(games.keys)
    spreads, share = weigh_spreads(design, count, rules)
    spread = np.exp(share @ np.log(spreads))
    centre, precision = _prior(design, count, np.array([spread]), rules)
    at, bend = maximise(design, np.ones((1, len(games))), centre, precision)
    strengths = at[0, :count]
    covariance = np.linalg.inv(bend[0])[:count, :count]
    return Strengths(games, strengths - strengths.mean(), covariance, at[0, count:])


def resample(games: Games, rules: Rules, seed: int) -> Vector:
    """Strengths (resamples, keys) that the matches allow, each row against its own average.

    The weighted likelihood bootstrap (Newton & Raftery 1994, doi:10.1111/j.2517-6161.1994.tb01956.x): each
    match weighs as an exponential deviate. The prior takes part: its centre is drawn from the prior and its
    spread from what the matches make of the allowed spreads; otherwise a hypothesis with two wins of two
    would seem to be known exactly.
    """
    random = np.random.default_rng(seed)
    design, count = make_design(games), len(games.keys)
    spreads, share = weigh_spreads(design, count, rules)
    drawn = random.choice(spreads, rules.resamples, p=share)
    centre, precision = _prior(design, count, drawn, rules)
    centre = centre + random.standard_normal(centre.shape) / np.sqrt(precision)
    weights = random.exponential(size=(rules.resamples, len(games)))
    strengths = maximise(design, weights, centre, precision)[0][:, :count]
    against_average: Vector = strengths - strengths.mean(axis=1, keepdims=True)
    return against_average


def weigh_spreads(design: Design, count: int, rules: Rules) -> tuple[Vector, Vector]:
    """The allowed spreads, and how likely the matches make each (Laplace's approximation)."""
    spreads = np.array(rules.spreads)
    centre, precision = _prior(design, count, spreads, rules)
    at, bend = maximise(design, np.ones((len(spreads), len(design.gap))), centre, precision)
    prior = (np.log(precision) - precision * (at - centre) ** 2).sum(axis=1) / 2
    evidence = log_likelihood(design, at) + prior - np.linalg.slogdet(bend)[1] / 2
    share = np.exp(evidence - evidence.max())
    return spreads, share / share.sum()


def spread_of(games: Games, results: Vector, rules: Rules) -> Vector:
    """Mean square strength (fits,) had the matches ended as `results` (fits, matches) says."""
    design, count = make_design(games)._replace(result=results), len(games.keys)
    spreads = np.full(len(results), np.median(rules.spreads))
    centre, precision = _prior(design, count, spreads, rules)
    strengths = maximise(design, np.ones_like(results), centre, precision)[0][:, :count]
    mean_square: Vector = (strengths**2).mean(axis=1)
    return mean_square


def _prior(design: Design, count: int, spreads: Vector, rules: Rules) -> tuple[Vector, Vector]:
    """Centre and precision of all parameters, each (spreads, parameters)."""
    shape = len(spreads), design.gap.shape[1]
    centre, precision = np.zeros(shape), np.empty(shape)
    centre[:, count:] = rules.tie_centre
    precision[:, :count] = spreads[:, None] ** -2.0
    precision[:, count:] = rules.tie_spread**-2.0
    return centre, precision
