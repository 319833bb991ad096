"""What held-out margins are worth: ranking, calibration, and rates."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.elements import Floats

BINS = 10


class Platt(NamedTuple):
    """log-odds = slope · margin + intercept (Platt 1999)."""

    slope: float
    intercept: float

    def probability(self, margins: Floats) -> Floats:
        return 1 / (1 + np.exp(-(self.slope * margins + self.intercept)))


def fit_platt(margins: Floats, made: NDArray[np.bool_]) -> Platt:
    """Return the line of greatest likelihood."""
    from scipy.optimize import minimize

    def loss(line: Floats) -> float:
        odds = line[0] * margins + line[1]
        return float(np.mean(np.logaddexp(0, odds) - made * odds))

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return Platt(float(slope), float(intercept))


def roc_auc(scores: Floats, made: NDArray[np.bool_]) -> float:
    """Return the chance that a made entry scores above another one, ties counted half."""
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    count = int(made.sum())
    return float((ranks[made].sum() - count * (count + 1) / 2) / (count * (len(made) - count)))


def reliability(probability: Floats, made: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return mean score and observed share in ten bins with the same number of entries."""
    parts = np.array_split(np.argsort(probability, kind="stable"), BINS)
    return (
        np.array([probability[part].mean() for part in parts]),
        np.array([made[part].mean() for part in parts]),
    )


def recall_at(scores: Floats, made: NDArray[np.bool_], rate: float) -> float:
    """Return the share of made entries above the score that a share `rate` of the others passes.

    Of entries with one score as many pass as are needed: the curve is straight between scores.
    """
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    good = np.cumsum(made[order])[ends]
    passed = ends + 1 - good
    made_share = np.append(0.0, good / made.sum())
    return float(np.interp(rate, np.append(0.0, passed / (~made).sum()), made_share))
