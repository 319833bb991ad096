"""Strengths from wins, losses and ties: the maximum of Davidson's model under a normal prior.

Of two hypotheses whose strengths differ by d, the first wins, loses or ties with odds exp(d/2) : exp(−d/2) :
nu, where nu belongs to the judge. (Davidson 1970, J. Am. Stat. Assoc. 65, 317,
doi:10.1080/01621459.1970.10481082.) The log-likelihood is concave in strengths and ln nu, so Newton finds
its one maximum.
"""

from typing import NamedTuple

import numpy as np

from agents.rank.counting import Games, Vector

MOST_STEPS, LONGEST_STEP, NEGLIGIBLE = 60, 4.0, 1e-7


class MatchDesign(NamedTuple):
    """What each match says of the parameters: strengths first, then ln nu of each judge."""

    gap: Vector  # (matches, parameters): +1 for the winner, −1 for the loser
    tie: Vector  # (matches, parameters): 1 for the judge's ln nu
    result: Vector  # (matches,): 1 won, 0 tied
    weight: Vector  # (matches,)


class Chances(NamedTuple):
    win: Vector
    loss: Vector
    tie: Vector

    @property
    def about_gap(self) -> Vector:
        """Fisher information of one match about d."""
        return (self.win + self.loss - (self.win - self.loss) ** 2) / 4


def chances(gap: Vector, log_nu: Vector) -> Chances:
    """Of winning, losing and tying, for any shape of differences in strength."""
    exponents = np.stack(np.broadcast_arrays(gap / 2, -gap / 2, log_nu))
    odds = np.exp(exponents - exponents.max(axis=0))
    return Chances(*(odds / odds.sum(axis=0)))


def make_design(games: Games) -> MatchDesign:
    rows, strengths = np.arange(len(games)), len(games.keys)
    gap = np.zeros((len(games), strengths + len(games.judges)))
    tie = np.zeros_like(gap)
    gap[rows, games.winner] = 1
    gap[rows, games.loser] = -1
    tie[rows, strengths + games.judge] = 1
    return MatchDesign(gap, tie, games.decided, games.weight)


def log_likelihood(design: MatchDesign, at: Vector) -> Vector:
    """(fits,) for parameters of shape (fits, parameters)."""
    happened = chances(at @ design.gap.T, at @ design.tie.T)
    least = np.finfo(float).tiny
    each = np.log(np.maximum(np.where(design.result > 0, happened.win, happened.tie), least))
    total: Vector = each @ design.weight
    return total


def maximise(
    design: MatchDesign, weights: Vector, centre: Vector, precision: Vector, start: Vector | None = None
) -> tuple[Vector, Vector]:
    """The most likely parameters (fits, parameters) and the curvature there (fits, parameters, parameters).

    Each fit has its own weights of the matches (fits, matches), prior centre and prior precision (fits,
    parameters). A start near the maximum saves steps.
    """
    at, products = np.array(centre if start is None else start), _products(design)
    own = np.arange(centre.shape[1])
    for _ in range(MOST_STEPS):
        slope, bend = _derivatives(design, products, weights, at)
        slope -= precision * (at - centre)
        bend[:, own, own] += precision
        step = np.linalg.solve(bend, slope[..., None])[..., 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        at += step * np.minimum(1, LONGEST_STEP / np.maximum(longest, NEGLIGIBLE))
        if longest.max() < NEGLIGIBLE:
            break
    return at, bend


def _products(design: MatchDesign) -> tuple[Vector, Vector, Vector]:
    """Per match, flattened: gap × gap, gap × tie in both orders, tie × tie."""
    gap, tie = design.gap, design.tie
    crossed = gap[:, :, None] * tie[:, None, :]
    each = (
        gap[:, :, None] * gap[:, None, :],
        crossed + crossed.transpose(0, 2, 1),
        tie[:, :, None] * tie[:, None],
    )
    return tuple(product.reshape(len(gap), gap.shape[1] ** 2) for product in each)  # type: ignore[return-value]  # three


def _derivatives(
    design: MatchDesign, products: tuple[Vector, Vector, Vector], weights: Vector, at: Vector
) -> tuple[Vector, Vector]:
    fits, size = at.shape
    now = chances(at @ design.gap.T, at @ design.tie.T)
    slope = (weights * (design.result - now.win + now.loss) / 2) @ design.gap
    slope += (weights * (1 - design.result - now.tie)) @ design.tie
    curves = now.about_gap, -(now.win - now.loss) * now.tie / 2, now.tie * (1 - now.tie)
    bend = sum((weights * curve) @ product for curve, product in zip(curves, products, strict=True))
    return slope, np.reshape(bend, (fits, size, size))
