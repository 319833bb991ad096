"""Which variables the target depends on at all, and whether a law leaves anything unexplained.

Both ask a response surface: a polynomial of second degree in the ranks and the logarithms of the variables.
It knows nothing of units and is no law; it only has to notice a dependence.
"""

from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.monomials import Array
from tools.laws.problem import RegressionProblem

DOUBT: Final = 0.2
"""Probability by chance above which a dependence is not believed. What is kept in vain the search rejects."""
MOST_ROWS: Final = 5_000
FEWEST_PER_TERM: Final = 4
FAR: Final = 8.0
"""Robust standard deviations off a response surface beyond which a row is suspected."""


def relevant(problem: RegressionProblem) -> set[str]:
    """Return the variables without which the response surface is worse; all of them if rows are too few."""
    names = list(problem.names)
    part = problem.take(np.arange(min(problem.rows, MOST_ROWS)))
    scores = _scores(part)
    terms = [term for degree in (1, 2) for term in combinations_with_replacement(names, degree)]
    if part.rows < FEWEST_PER_TERM * len(terms):
        return set(names)
    design = {term: np.prod([scores[name] for name in term], axis=0) for term in terms}
    kept = set()
    for name in names:
        without = [column for term, column in design.items() if name not in term]
        if _compare(_ranks(part.y), without, list(design.values())) < DOUBT:
            kept.add(name)
    return kept


def unexplained(problem: RegressionProblem, residuals: Array) -> float:
    """Return the probability, by chance alone, of residuals that go with the variables as much as these."""
    part = problem.take(np.arange(min(problem.rows, MOST_ROWS)))
    scores = _scores(part)
    terms = [term for degree in (1, 2) for term in combinations_with_replacement(list(problem.names), degree)]
    if part.rows < FEWEST_PER_TERM * len(terms):
        terms = [(name,) for name in problem.names]
    if part.rows < FEWEST_PER_TERM * len(terms):
        return 1.0
    design = [np.prod([scores[name] for name in term], axis=0) for term in terms]
    return _compare(_ranks(residuals[: part.rows]), [], design)


def suspects(problem: RegressionProblem) -> NDArray[np.bool_]:
    """Return the rows that lie far off a response surface fitted so that they do not bend it."""
    log = bool((problem.y > 0).all())
    y = np.log(problem.y) if log else problem.y
    scores = _scores(problem)
    terms = [
        term for degree in (0, 1, 2) for term in combinations_with_replacement(list(problem.names), degree)
    ]
    if problem.rows < FEWEST_PER_TERM * len(terms):
        return np.zeros(problem.rows, bool)
    design = np.stack(
        [np.prod([scores[n] for n in term], axis=0) * np.ones(problem.rows) for term in terms], axis=1
    )
    weight = np.ones(problem.rows)
    for _ in range(12):
        solved = np.linalg.lstsq(design * weight[:, None], y * weight, rcond=1e-10)[0]
        residuals = np.abs(design @ solved - y)
        usual = 1.4826 * float(np.median(residuals)) + 1e-12
        weight = np.sqrt(np.minimum(1.0, 1.5 * usual / np.maximum(residuals, 1e-300)))
    return np.asarray(residuals > FAR * usual)


def _ranks(values: Array) -> Array:
    """Return ranks: a few wild values, or noise that grows with y, then mislead no test."""
    return np.argsort(np.argsort(values)).astype(float)


def _scores(problem: RegressionProblem) -> dict[str, Array]:
    """Return each variable as something of mean zero and spread one: its logarithm where it has one."""
    made = {}
    for name, column in problem.columns.items():
        values = np.log(column) if (column > 0).all() else column
        spread = float(np.std(values))
        made[name] = (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
    return made


def _compare(y: Array, few: list[Array], many: list[Array]) -> float:
    """Return the probability of the F test that the further columns say nothing."""
    from scipy.stats import f

    ones = [np.ones_like(y)]
    errors, sizes = [], []
    for columns in (ones + few, ones + many):
        design = np.stack(columns, axis=1)
        solved, _, rank, _ = np.linalg.lstsq(design, y, rcond=1e-10)
        errors.append(float(np.sum((design @ solved - y) ** 2)))
        sizes.append(int(rank))
    more, left = sizes[1] - sizes[0], len(y) - sizes[1]
    if more <= 0 or left <= 0 or errors[1] <= 0:
        return 1.0
    return float(f.sf((errors[0] - errors[1]) / more / (errors[1] / left), more, left))
