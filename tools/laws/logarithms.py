"""A problem in weighted logarithms, out of which the powers of the variables can be projected."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from tools.laws.fitting import FittedForm
from tools.laws.forms import SHAPES
from tools.laws.monomials import Array, Monomial
from tools.laws.problem import RegressionProblem

ENOUGH: Final = 0.05
"""Share of rows above the noise that is enough to go on."""
MOSTLY: Final = 0.9


class Feature(NamedTuple):
    """One entry of the table: log |f(c·P)|."""

    shape: str
    product: int
    scale: float

    @property
    def kind(self) -> tuple[str, int]:
        return self.shape, self.product


@dataclass(frozen=True)
class Logs:
    """Weighted logarithms; `project` takes the powers of the variables out of them."""

    problem: RegressionProblem
    products: tuple[Monomial, ...]
    values: Array
    weight: Array
    base: Array
    target: Array
    inverse: Array

    def project(self, values: Array) -> Array:
        """Return what powers of the variables cannot say; rows first."""
        return np.asarray(values - self.base @ (self.inverse @ values))

    def log(self, feature: Feature, scale: float) -> Array:
        """Return the weighted logarithm of a function in every row."""
        with np.errstate(all="ignore"):
            inside = self.values[feature.product] * scale
            found = (
                inside if feature.shape == "exp" else np.log(np.abs(SHAPES[feature.shape].numeric(inside)))
            )
        return np.asarray(found * self.weight)


def take_logs(
    problem: RegressionProblem, known: FittedForm | None, products: tuple[Monomial, ...] | None = None
) -> Logs | None:
    """Return the rows that have logarithms; None where no powers fit the units or too many rows are zero."""
    frame = problem.frame
    if frame is None:
        return None
    start, basis = frame
    columns = [problem.columns[atom.names[0]] for atom in problem.atoms]
    usable = np.all([problem.y != 0, *(column != 0 for column in columns)], axis=0)
    if usable.mean() < MOSTLY:  # zeros are no slip then, and no product of powers has them
        return None
    problem = problem.take(usable)
    columns = [problem.columns[atom.names[0]] for atom in problem.atoms]
    logs = np.array([np.log(np.abs(column)) for column in columns]).reshape(len(columns), problem.rows)
    size = np.abs(problem.y)
    weight = _weigh(problem, known)
    powers = np.array(basis, float).reshape(len(basis), len(columns)) @ logs
    base = np.vstack([np.ones(problem.rows), powers]).T * weight[:, None]
    target = (np.log(size) - np.array(start, float) @ logs) * weight
    kept, values = [], []
    for product in problem.plain_products if products is None else products:
        with np.errstate(all="ignore"):
            found = product.values(problem.columns)
        if np.isfinite(found).all() and np.ptp(found) > 0 and np.median(np.abs(found)) > 0:
            kept.append(product)
            values.append(found)
    inverse: Array = np.asarray(np.linalg.pinv(base, rcond=1e-10), np.float64)
    return Logs(problem, tuple(kept), np.array(values), weight, base, target, inverse)


def _weigh(problem: RegressionProblem, known: FittedForm | None) -> Array:
    """Return weights of log y: an error of y is one of log y over y, and what is lost in noise has none."""
    size = np.abs(problem.y)
    if known is not None:
        expected, noise = np.abs(known.predict(problem.columns)), 2.5 * np.sqrt(known.mse)
        if np.isfinite(expected).all() and (expected > noise).mean() > ENOUGH:
            return np.where(
                expected > noise, np.minimum(expected, 5 * np.median(expected[expected > noise])), 0.0
            )
    middle = float(np.sqrt(np.mean(size**2)))
    return np.minimum(size, 5 * middle) * np.minimum(1.0, 2 * size / middle)
