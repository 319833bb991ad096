"""Fit the constants of a form by least squares, and weigh fit against length."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.forms import Columns, FormulaForm, Prepared

Array = NDArray[np.float64]
FLOOR: Final = 1e-6
"""Error, relative to the spread of y, below which two formulas count as equally right."""
GRADIENT: Final = 1e-6


@dataclass(frozen=True)
class FittedForm:
    """A form with constants fitted to rows, its mean squared error there, and its description length.

    Constants at the places in `held` are simple numbers and were not fitted.
    """

    form: FormulaForm
    constants: Array
    mse: float
    nats: float
    held: tuple[int, ...] = ()

    def predict(self, columns: Columns) -> Array:
        return self.form.predict(self.constants, columns)


def fit(
    form: FormulaForm,
    start: Array,
    columns: Columns,
    y: Array,
    *,
    most: int = 60,
    gain: float = 1e-10,
    held: tuple[int, ...] = (),
) -> FittedForm | None:
    """Return the form with the constants of least squared error from `start` on; None if it is undefined.

    At most `most` steps are taken, and none after one that lowered the squared error by less than `gain`.
    Constants at the places in `held` stay as they are.
    """
    prepared = Prepared(form, columns)
    constants = start if held else _linear(form, prepared, start, y)
    if constants is None:
        return None
    free = [place for place in range(form.size) if place not in held]
    if free and (held or form.inner or form.power != 1):
        constants = _descend(prepared, constants, y, free, (most, gain))
    predicted = prepared.predict(constants)
    if not np.isfinite(predicted).all() or not np.isfinite(constants).all():
        return None
    mse = float(np.mean((predicted - y) ** 2))
    return FittedForm(form, constants, mse, describe(form, mse, y, len(held)), held)


def describe(form: FormulaForm, mse: float, y: Array, held: int = 0) -> float:
    """Return the description length in nats: of the residuals, of the constants and of the structure.

    A constant that is held at a simple number costs one nat. With few rows the constants cost more (the
    correction of Hurvich and Tsai, doi 10.1093/biomet/76.2.297).
    """
    spread, rows, size = float(np.var(y)) or 1.0, len(y), form.size + form.fitted_exponents - held
    if rows <= size + 1:
        return float("inf")
    constants = 0.5 * size * np.log(rows) + size * (size + 1) / (rows - size - 1)
    return float(0.5 * rows * np.log(max(mse / spread, FLOOR**2)) + constants + held + form.length)


def _linear(form: FormulaForm, prepared: Prepared, start: Array, y: Array) -> Array | None:
    """Solve for the constants of the terms, with those inside functions as they are."""
    terms = len(form.terms)
    inner = start[terms:]
    design = prepared.design(inner)
    target = np.sign(y) * np.abs(y) ** float(form.power) if form.power != 1 else y
    weight = np.abs(y) ** float(1 - form.power) if form.power != 1 else np.ones_like(y)
    usable = np.isfinite(design).all(axis=1) & np.isfinite(target) & np.isfinite(weight)
    if usable.mean() < 0.99:  # noqa: PLR2004 - a formula that is undefined in the data is none
        return None
    weight = np.minimum(weight, 20 * np.median(weight[usable]))
    scaled = design * weight[:, None]
    found = np.linalg.lstsq(scaled[usable], (target * weight)[usable], rcond=None)[0]
    return np.concatenate([found, inner])


def _descend(prepared: Prepared, start: Array, y: Array, free: list[int], limits: tuple[int, float]) -> Array:
    """Run Levenberg–Marquardt in y itself, all free constants at once; `limits`: steps, and least gain."""
    scale = float(np.std(y)) or 1.0
    size = np.where(start == 0, 1.0, np.abs(start))
    constants, damping = start.copy(), 1e-3
    error = (prepared.predict(constants) - y) / scale
    loss = float(error @ error)
    for _ in range(limits[0]):
        jacobian = _jacobian(prepared, constants, size)[:, free] / scale
        if not np.isfinite(jacobian).all():
            break
        gradient, curvature = jacobian.T @ error, jacobian.T @ jacobian
        for _ in range(8):
            diagonal = np.diag(np.diag(curvature) + 1e-12)
            try:
                step = -np.linalg.solve(curvature + damping * diagonal, gradient)
            except np.linalg.LinAlgError:
                return constants
            tried = constants.copy()
            tried[free] += step * size[free]
            next_error = (prepared.predict(tried) - y) / scale
            next_loss = float(next_error @ next_error)
            if np.isfinite(next_loss) and next_loss < loss:
                break
            damping *= 8
        else:
            break
        gain = loss - next_loss
        constants, error, loss, damping = tried, next_error, next_loss, max(damping / 6, 1e-12)
        if gain < limits[1] * loss or loss < 1e-20 * len(y):
            break
    return constants


def _jacobian(prepared: Prepared, constants: Array, size: Array) -> Array:
    """Return derivatives with respect to constants over their sizes, by forward differences."""
    here = prepared.predict(constants)
    steps = GRADIENT * np.diag(size)
    return np.stack([(prepared.predict(constants + step) - here) / GRADIENT for step in steps], axis=1)


def covariance(found: FittedForm, columns: Columns, y: Array) -> Array:
    """Return the covariance of the constants from the curvature of the squared error; zero for those held."""
    free = [place for place in range(found.form.size) if place not in found.held]
    size = np.where(found.constants == 0, 1.0, np.abs(found.constants))
    jacobian = _jacobian(Prepared(found.form, columns), found.constants, size)[:, free]
    variance = found.mse * len(y) / max(1, len(y) - len(free))
    whole = np.zeros((found.form.size, found.form.size))
    if free:
        inner = np.linalg.pinv(jacobian.T @ jacobian) * variance
        whole[np.ix_(free, free)] = inner * np.outer(size[free], size[free])
    return whole
