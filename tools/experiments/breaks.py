"""Whether a response has a threshold: two pieces with a break against a smooth curve.

The two kinds of model are compared by the Bayesian information criterion with the known errors of the values
(a difference of 10 is very strong evidence: Kass & Raftery, J. Am. Stat. Assoc. 90, 773 (1995),
doi:10.1080/01621459.1995.10476572). As neither holds the other, each side's p-value comes from data simulated
under the other (Cox, J. R. Stat. Soc. B 24, 406 (1962), doi:10.1111/j.2517-6161.1962.tb00468.x).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tools.experiments.sweep import Sweep, Vector

STRONG: Final = 10.0
ROUGH: Final = 0.01
"""Share of the range that no model needs to explain: nature is rarely a polynomial."""
DRAWS: Final = 4000
BLOCK: Final = 500
"""Rows that are fitted at once, so that memory stays small."""
FEWEST: Final = 3
"""Values in each piece."""


@dataclass(frozen=True)
class Break:
    """`evidence`: by how much the criterion favours a break; `position`: the cause at it, with its bounds."""

    evidence: float
    position: tuple[float, float, float]
    p_smooth: float | None
    p_break: float | None

    def decides(self, tail: float, *, supports: bool) -> bool:
        p_value = self.p_smooth if supports else self.p_break
        if p_value is None:
            return self.evidence > STRONG or self.evidence < 0
        return p_value <= tail


@dataclass(frozen=True)
class PiecewiseModel:
    """A linear model of the response or of its logarithm; `at`: the first value of the second piece."""

    projection: Vector
    parameters: int
    logarithm: bool = False
    at: int | None = None

    def fit(self, rows: Vector) -> Vector:
        if not self.logarithm:
            fitted: Vector = rows @ self.projection.T
            return fitted
        floor = np.abs(rows).max() * 1e-12
        grown: Vector = np.exp(np.log(np.maximum(rows, floor)) @ self.projection.T)
        return grown


def compare_break(sweep: Sweep, *, seed: int) -> Break:
    """Compare both kinds of model. The sweep's values must not all be equal."""
    error = np.sqrt(sweep.std**2 + (ROUGH * sweep.range) ** 2)
    smooth, broken = _smooth(sweep), _broken(sweep)
    rows = sweep.mean[None, :]
    costs_smooth, costs_broken = _costs(smooth, rows, error), _costs(broken, rows, error)
    best_smooth, best_broken = smooth[int(costs_smooth.argmin())], broken[int(costs_broken.argmin())]
    evidence = float(costs_smooth.min() - costs_broken.min())
    position = _locate(sweep, broken, costs_broken[:, 0], best_broken)
    if sweep.exact:
        return Break(evidence, position, None, None)
    random = np.random.default_rng(seed)

    def simulate(truth: PiecewiseModel) -> Vector:
        noise = random.standard_t(np.minimum(sweep.freedom, 1e6), size=(DRAWS, sweep.mean.size)) * sweep.std
        drawn = truth.fit(rows) + noise
        found: Vector = _costs(smooth, drawn, error).min(axis=0) - _costs(broken, drawn, error).min(axis=0)
        return found

    p_smooth = (1 + int((simulate(best_smooth) >= evidence).sum())) / (1 + DRAWS)
    p_break = (1 + int((simulate(best_broken) <= evidence).sum())) / (1 + DRAWS)
    return Break(evidence, position, p_smooth, p_break)


def _costs(models: Sequence[PiecewiseModel], rows: Vector, error: Vector) -> Vector:
    """Return the criterion of every model (first axis) for every row."""
    parts = [_costs_of_some(models, part, error) for part in np.array_split(rows, 1 + len(rows) // BLOCK)]
    return np.concatenate(parts, axis=1)


def _costs_of_some(models: Sequence[PiecewiseModel], rows: Vector, error: Vector) -> Vector:
    """Evaluate all linear models in one product: many small ones take ten times as long."""
    size = rows.shape[1]
    misfit = np.empty((len(models), len(rows)))
    linear = [number for number, model in enumerate(models) if not model.logarithm]
    residual = np.concatenate([(np.eye(size) - models[n].projection) / error[:, None] for n in linear])
    misfit[linear] = ((residual @ rows.T) ** 2).reshape(len(linear), size, -1).sum(axis=1)
    for number, model in enumerate(models):
        if model.logarithm:
            misfit[number] = (((rows - model.fit(rows)) / error) ** 2).sum(axis=1)
    parameters = np.array([model.parameters for model in models])
    costs: Vector = misfit + parameters[:, None] * np.log(size)
    return costs


def _smooth(sweep: Sweep) -> list[PiecewiseModel]:
    axes = [sweep.axis]
    if sweep.cause[0] > 0 and sweep.cause[-1] > 5 * sweep.cause[0]:
        logs = np.log(sweep.cause)
        linear = (sweep.cause - sweep.cause[0]) / np.ptp(sweep.cause)
        axes = [linear, (logs - logs[0]) / np.ptp(logs)]
    positive = bool((sweep.mean > 3 * sweep.std).all() and (sweep.mean > 0).all())
    return [
        _polynomial(axis, degree, logarithm=logarithm)
        for axis in axes
        for degree in (1, 2, 3, 5)
        for logarithm in ((False, True) if positive else (False,))
    ]


def _polynomial(axis: Vector, degree: int, *, logarithm: bool) -> PiecewiseModel:
    design = np.asarray(np.polynomial.legendre.legvander(2 * axis - 1, degree), dtype=np.float64)
    return PiecewiseModel(_project(design), degree + 1, logarithm)


def _broken(sweep: Sweep) -> list[PiecewiseModel]:
    """Two constants, lines or parabolas, or a constant and a cubic (an onset), with the break anywhere."""
    return [
        PiecewiseModel(_pieces(sweep.axis, at, degrees), sum(degrees) + 3, at=at)
        for degrees in ((0, 0), (1, 1), (2, 2), (0, 3), (3, 0))
        for at in range(FEWEST + degrees[0] // 2, sweep.mean.size - FEWEST - degrees[1] // 2 + 1)
    ]


def _pieces(axis: Vector, at: int, degrees: tuple[int, int]) -> Vector:
    whole = np.zeros((axis.size, axis.size))
    for part, degree in zip((slice(0, at), slice(at, None)), degrees, strict=True):
        whole[part, part] = _project(np.vander(axis[part] - axis[part].mean(), degree + 1))
    return whole


def _project(design: Vector) -> Vector:
    projection: Vector = design @ np.linalg.pinv(design)
    return projection


def _locate(
    sweep: Sweep, models: Sequence[PiecewiseModel], costs: Vector, best: PiecewiseModel
) -> tuple[float, float, float]:
    """Return the break between two values, and the outermost that are nearly as good (Δ < 4)."""
    near = [model.at for model, cost in zip(models, costs, strict=True) if cost < costs.min() + 4]
    places = [at for at in near if at is not None]
    at = best.at or 1
    middle = float(sweep.cause[at - 1] + sweep.cause[at]) / 2
    return middle, float(sweep.cause[min(places) - 1]), float(sweep.cause[max(places)])
