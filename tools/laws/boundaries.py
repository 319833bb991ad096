"""Laws for a target with two values: a sum of products whose sign tells them apart.

Logistic regression on a few terms, chosen by forward selection with a beam; the terms are dimensionless
products of the variables, and products with the logarithm or the inverse logarithm of another. There are as
many constants as terms, and the threshold.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.forms import FormulaFactor, FormulaForm, FormulaTerm
from tools.laws.monomials import Array, Monomial
from tools.laws.problem import RegressionProblem

MOST_TERMS: Final = 3
MOST_PRODUCTS: Final = 120
PREFIXES: Final = 40
ARGUMENTS: Final = 24
BEAM: Final = 24
TRIED: Final = 120
RIDGE: Final = 1e-3
HEAVIEST: Final = 200.0
"""Robust deviations beyond which a term's largest value makes it useless."""


@dataclass(frozen=True)
class Boundary:
    """A sum that is positive where the upper value is likelier; its constants, and what it gets wrong."""

    form: FormulaForm
    constants: Array
    errors: Array
    """Standard errors of the constants of the terms and of the threshold."""
    deviance: float
    nats: float

    def scores(self, problem: RegressionProblem) -> Array:
        """Return logits of the upper value."""
        return self.form.predict(self.constants, problem.columns)


def search_boundaries(problem: RegressionProblem, most_terms: int = MOST_TERMS) -> list[Boundary]:
    """Return boundaries for y in {-1, 1}, shortest description first."""
    terms, values = _terms(problem)
    if not terms:
        return []
    scale = 1.4826 * np.median(np.abs(values - np.median(values, axis=1)[:, None]), axis=1)
    design = np.asarray((values - np.median(values, axis=1)[:, None]) / scale[:, None])
    beam: list[tuple[int, ...]] = [()]
    found: dict[tuple[int, ...], tuple[float, Array]] = {}
    least = float("inf")
    for count in range(1, most_terms + 1):
        tried = {tuple(sorted((*held, k))) for held in beam for k in _promising(design, problem.y, held)}
        for one in tried:
            if len(set(one)) == len(one) and one not in found:
                found[one] = _logistic(design[list(one)], problem.y)
        size = max(map(len, tried))
        beam = sorted((one for one in tried if one in found), key=lambda one: found[one][0])[:BEAM]
        beam = [one for one in beam if len(one) == size]
        reached = min(found[one][0] for one in beam) + 0.5 * count * np.log(problem.rows)
        if reached > least:
            break
        least = reached
    made = [_boundary(problem, [terms[k] for k in one], deviance) for one, (deviance, _) in found.items()]
    return sorted(made, key=lambda one: one.nats)


def _terms(problem: RegressionProblem) -> tuple[list[FormulaTerm], Array]:
    plain = [one for one in problem.plain_products if not any(atom.function for atom, _ in one.powers)]
    products = plain[:MOST_PRODUCTS]
    terms = [FormulaTerm(one) for one in products]
    prefixes = [Monomial(), *plain[:PREFIXES]]
    arguments = [one for one in plain[:ARGUMENTS] if one.powers[0][1] > 0]
    terms += [
        FormulaTerm(front, (FormulaFactor("ln", inside, power),))
        for front in prefixes
        for inside in arguments
        for power in (Fraction(1), Fraction(-1))
    ]
    kept, values = [], []
    for term in terms:
        ones = np.ones(1 + len(term.factors))
        found = FormulaForm((term,)).predict(ones, problem.columns)
        middle = np.median(found)
        spread = 1.4826 * np.median(np.abs(found - middle))
        if np.isfinite(found).all() and spread > 0 and np.abs(found - middle).max() < HEAVIEST * spread:
            kept.append(term)
            values.append(found)
    return kept, np.array(values)


def _promising(design: Array, y: Array, held: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the terms with the greatest score test statistic, given those held."""
    base = np.vstack([np.ones(len(y)), design[list(held)]])
    _, weights = _logistic(design[list(held)], y)
    chance = 1 / (1 + np.exp(-np.clip(weights @ base, -30, 30)))
    slope, curve = (y > 0) - chance, chance * (1 - chance)
    inner = np.linalg.inv((base * curve) @ base.T + RIDGE * np.eye(len(base)))
    crossed = (design * curve) @ base.T
    information = (design**2) @ curve - np.einsum("ij,jk,ik->i", crossed, inner, crossed)
    statistic = (design @ slope) ** 2 / np.maximum(information, 1e-9)
    return np.argsort(-statistic)[:TRIED]


def _logistic(design: Array, y: Array) -> tuple[float, Array]:
    """Return the deviance / 2 and the weights (threshold first) of a lightly held logistic regression."""
    base = np.vstack([np.ones(len(y)), design.reshape(-1, len(y))])
    weights = np.zeros(len(base))
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(weights @ base, -30, 30)))
        gradient = base @ ((y > 0) - chance) - RIDGE * weights
        curvature = (base * (chance * (1 - chance))) @ base.T + RIDGE * np.eye(len(base))
        step = np.linalg.solve(curvature, gradient)
        weights += step / max(1.0, float(np.abs(step).max()) / 3)
        if np.abs(step).max() < 1e-6:  # noqa: PLR2004 - converged
            break
    return float(np.logaddexp(0, -y * (weights @ base)).sum()), weights


def _boundary(problem: RegressionProblem, terms: list[FormulaTerm], deviance: float) -> Boundary:
    form = FormulaForm((*terms, FormulaTerm(Monomial())))
    columns = [FormulaForm((one,)).predict(np.ones(1 + len(one.factors)), problem.columns) for one in terms]
    design = np.array(columns)
    middle, spread = design.mean(axis=1), design.std(axis=1)
    deviance, weights = _logistic((design - middle[:, None]) / spread[:, None], problem.y)
    base = np.vstack([np.ones(problem.rows), design])
    slopes = weights[1:] / spread
    threshold = weights[0] - float(slopes @ middle)
    chance = 1 / (1 + np.exp(-np.clip(threshold + slopes @ design, -30, 30)))
    spreads = np.sqrt(np.abs(np.diag(np.linalg.pinv((base * (chance * (1 - chance))) @ base.T))))
    inner = [1.0 for one in terms for _ in one.factors]
    nats = deviance + 0.5 * (len(terms) + 1) * np.log(problem.rows) + form.length
    constants = np.array([*slopes, threshold, *inner])
    return Boundary(form, constants, np.array([*spreads[1:], spreads[0]]), deviance, float(nats))


def judge(found: Boundary, problem: RegressionProblem, parts: int = 10) -> tuple[float, float]:
    """Return the share of right rows as fitted, and of rows left out in turn (constants fitted afresh)."""
    fitted = float(np.mean(np.sign(found.scores(problem)) == problem.y))
    part = np.random.default_rng(0).permutation(problem.rows) % parts
    right = 0.0
    for left_out in range(parts):
        rest, rows = problem.take(part != left_out), problem.take(part == left_out)
        again = _boundary(rest, list(found.form.terms[:-1]), 0.0)
        right += float(np.sum(np.sign(again.scores(rows)) == rows.y))
    return fitted, right / problem.rows
