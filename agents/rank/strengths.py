"""Strengths with how sure they are: the spread between hypotheses is estimated along with them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import erf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.rank.counting import Games, Vector
from agents.rank.davidson import MatchDesign, log_likelihood, make_design, maximise
from agents.rank.rules import Rules

LEAST_SHAPE = 0.5  # fewer matches than twice the parameters: the prior decides
MOVES = 12  # of each chain; the posterior is near its normal approximation, where they start
Rows = NDArray[np.intp]
NARROWEST = 1e-9  # angle: a chain that finds no higher place stays
WIDER = 1.3  # that approximation, so that chains reach its tails


@dataclass(frozen=True)
class Strengths:
    """Log-odds against the average of `keys`, in their order, with the covariance (keys, keys)."""

    games: Games
    value: Vector
    covariance: Vector
    log_nu: Vector  # (judges,)

    @property
    def lead(self) -> float:
        """Chance that the strongest is stronger than the next, by the normal approximation."""
        first, second = np.argsort(-self.value)[:2]
        own = self.covariance.diagonal()
        variance = own[first] + own[second] - 2 * self.covariance[first, second]
        return (1 + erf((self.value[first] - self.value[second]) / sqrt(2 * variance))) / 2


class Spreads(NamedTuple):
    """The allowed spreads, how likely the matches make each, and the likeliest parameters under each."""

    allowed: Vector  # (spreads,)
    share: Vector  # (spreads,)
    at: Vector  # (spreads, parameters)
    bend: Vector  # (spreads, parameters, parameters)
    learned: float  # how many parameters the matches determine, and not the prior (MacKay 1992)


class Fits(NamedTuple):
    """Under each spread: the likeliest parameters, how sharp they are, and how likely the matches."""

    at: Vector  # (spreads, parameters)
    bend: Vector  # (spreads, parameters, parameters)
    precision: Vector  # (spreads, parameters), the prior's
    evidence: Vector  # (spreads,), natural logarithm


def estimate(games: Games, rules: Rules) -> Strengths:
    """At the spread that the matches make likeliest; a hypothesis without a match has the prior's."""
    design, count = make_design(games), len(games.keys)
    spreads = weigh_spreads(design, count, rules)
    mean = np.exp(spreads.share @ np.log(spreads.allowed))
    centre, precision = _prior(design, count, np.array([mean]), rules)
    start = spreads.at[[spreads.share.argmax()]]
    at, bend = maximise(design, design.weight[None], centre, precision, start)
    strengths = at[0, :count]
    covariance = np.linalg.inv(bend[0])[:count, :count]
    return Strengths(games, strengths - strengths.mean(), covariance, at[0, count:])


def fit_at_once(games: Games, rules: Rules) -> tuple[Vector, Vector]:
    """Return strengths (keys,) and ln nu (judges,) at the middle of the allowed spreads, from one fit."""
    design, count = make_design(games), len(games.keys)
    middle = np.exp(np.log(rules.spreads).mean(keepdims=True))
    centre, precision = _prior(design, count, middle, rules)
    at, _ = maximise(design, design.weight[None], centre, precision)
    return at[0, :count], at[0, count:]


def draw(games: Games, rules: Rules, seed: int) -> Vector:
    """Return strengths (resamples, keys) that the matches allow, each row against its own average."""
    drawn = bootstrap(games, rules, seed) if rules.samples == "bootstrap" else posterior(games, rules, seed)
    against_average: Vector = drawn - drawn.mean(axis=1, keepdims=True)
    return against_average


def posterior(games: Games, rules: Rules, seed: int) -> Vector:
    """Draw strengths (resamples, keys) from their posterior.

    Generalised elliptical slice sampling (Nishihara, Murray & Adams 2014, J. Mach. Learn. Res. 15, 2087): one
    chain a draw, each with a spread drawn by what the matches make of it, from the normal approximation on.
    No step size is tuned, and a judge that never errs, whose strengths are bounded by the prior alone, needs
    no other treatment.
    """
    random = np.random.default_rng(seed)
    design, count = make_design(games), len(games.keys)
    spreads = weigh_spreads(design, count, rules)
    spread = random.choice(len(spreads.allowed), rules.resamples, p=spreads.share)
    prior_centre, prior_precision = _prior(design, count, spreads.allowed[spread], rules)
    centre, root = spreads.at[spread], WIDER * np.linalg.cholesky(np.linalg.inv(spreads.bend))[spread]
    inverse = np.linalg.inv(root)

    def height(at: Vector, rows: Rows) -> Vector:
        """Return the log posterior over the normal approximation, of chains `rows` (rows,)."""
        prior = (prior_precision[rows] * (at - prior_centre[rows]) ** 2).sum(axis=1) / 2
        from_centre = (np.einsum("cij,cj->ci", inverse[rows], at - centre[rows]) ** 2).sum(axis=1) / 2
        above: Vector = log_likelihood(design, at) - prior + from_centre
        return above

    def from_normal() -> Vector:
        drawn: Vector = np.einsum("cij,cj->ci", root, random.standard_normal(centre.shape))
        return drawn

    offset = from_normal()
    for _ in range(MOVES):
        offset = _slice(offset, from_normal(), lambda off, rows: height(centre[rows] + off, rows), random)
    return (centre + offset)[:, :count]


def _slice(
    at: Vector, other: Vector, height: Callable[[Vector, Rows], Vector], random: np.random.Generator
) -> Vector:
    """Move each chain to a place on the ellipse through it and `other` that is high enough."""
    rows = np.arange(len(at))
    level = height(at, rows) + np.log(random.random(len(at)))
    angle = random.uniform(0, 2 * np.pi, len(at))
    low, high = angle - 2 * np.pi, angle.copy()
    moved = at.copy()
    while len(rows):
        now = angle[rows, None]
        tried = at[rows] * np.cos(now) + other[rows] * np.sin(now)
        reached = height(tried, rows) > level[rows]
        moved[rows[reached]] = tried[reached]
        rows = rows[~reached & (high - low > NARROWEST)[rows]]
        low, high = np.where(angle < 0, angle, low), np.where(angle >= 0, angle, high)
        angle = random.uniform(low, high)
    return moved


def bootstrap(games: Games, rules: Rules, seed: int) -> Vector:
    """Return strengths (resamples, keys) as earlier runs drew them.

    The weighted likelihood bootstrap (Newton & Raftery 1994, doi:10.1111/j.2517-6161.1994.tb01956.x): each
    match weighs as a gamma deviate of mean 1. Its variance makes up for the fitted parameters, as degrees of
    freedom do for a standard deviation. The prior takes part: its centre is drawn from the prior and its
    spread from what the matches make of the allowed spreads; otherwise a hypothesis with two wins of two
    would seem to be known exactly.
    """
    random = np.random.default_rng(seed)
    design, count = make_design(games), len(games.keys)
    spreads = weigh_spreads(design, count, rules)
    drawn = random.choice(len(spreads.allowed), rules.resamples, p=spreads.share)
    centre, precision = _prior(design, count, spreads.allowed[drawn], rules)
    centre = centre + random.standard_normal(centre.shape) / np.sqrt(precision)
    shape = max(1 - spreads.learned / len(games), LEAST_SHAPE)
    weights = random.gamma(shape, 1 / shape, size=(rules.resamples, len(games))) * design.weight
    return maximise(design, weights, centre, precision, spreads.at[drawn])[0][:, :count]


def weigh_spreads(design: MatchDesign, count: int, rules: Rules) -> Spreads:
    """By Laplace's approximation of the evidence for each."""
    spreads = np.array(rules.spreads)
    at, bend, precision, evidence = fit_each(design, count, spreads, rules)
    share = np.exp(evidence - evidence.max())
    share /= share.sum()
    from_prior = (precision * np.linalg.inv(bend).diagonal(axis1=1, axis2=2)).sum(axis=1)
    return Spreads(spreads, share, at, bend, learned=float(share @ (at.shape[1] - from_prior)))


def fit_each(design: MatchDesign, count: int, spreads: Vector, rules: Rules) -> Fits:
    """The matches under each spread."""
    centre, precision = _prior(design, count, spreads, rules)
    weights = np.broadcast_to(design.weight, (len(spreads), len(design.gap)))
    at, bend = maximise(design, weights, centre, precision)
    prior = (np.log(precision) - precision * (at - centre) ** 2).sum(axis=1) / 2
    evidence = log_likelihood(design, at) + prior - np.linalg.slogdet(bend)[1] / 2
    return Fits(at, bend, precision, evidence)


def _prior(design: MatchDesign, count: int, spreads: Vector, rules: Rules) -> tuple[Vector, Vector]:
    """Centre and precision of all parameters, each (spreads, parameters)."""
    shape = len(spreads), design.gap.shape[1]
    centre, precision = np.zeros(shape), np.empty(shape)
    centre[:, count:] = rules.tie_centre
    precision[:, :count] = spreads[:, None] ** -2.0
    precision[:, count:] = rules.tie_spread**-2.0
    return centre, precision
