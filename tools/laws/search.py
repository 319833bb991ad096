"""Look for a law: a quick look at few rows, a long one at more, and the choice on all."""

from time import process_time
from typing import Final

import numpy as np

from tools.laws.fitting import FittedForm, fit
from tools.laws.problem import RegressionProblem
from tools.laws.products import power_laws, search_products
from tools.laws.screening import unexplained
from tools.laws.simplifying import settle, simplify
from tools.laws.sums import search_sums

QUICK: Final = 600
LONG: Final = 1500
ALL: Final = 10_000
"""Rows of the quick look, of the long one, and most that constants are fitted to."""
DOUBT: Final = 0.01
"""Probability of residuals so related to the variables by chance above which a power law is the law."""
EXACT: Final = 1e-5
"""Error relative to the spread of y below which nothing better is sought."""
REFITTED: Final = 40
FINISHED: Final = 16


def search(problem: RegressionProblem, seconds: float = 60.0, seed: int = 0) -> list[FittedForm]:
    """Return laws fitted to (at most ALL) rows, shortest description first.

    `seconds` of processor time are respected between the steps of the search, not within.
    """
    order = np.random.default_rng(seed).permutation(problem.rows)
    whole = problem.take(order[:ALL])
    end = process_time() + seconds
    found = power_laws(problem.take(order[:LONG]))
    found = _refit([], found, whole)
    if found and (error(found[0], whole) < EXACT or _explains(found[0], whole)):
        return found
    for rows in dict.fromkeys((min(QUICK, problem.rows), min(LONG, problem.rows))):
        part = problem.take(order[:rows])
        for step in ("products", "sums"):
            if found and process_time() > end:
                break
            best = found[0] if found else None
            new = search_products(part, best) if step == "products" else search_sums(part)
            found = _refit(found, new[:REFITTED], whole)
            if found and error(found[0], whole) < EXACT:
                return found
    return found


def _explains(found: FittedForm, whole: RegressionProblem) -> bool:
    """Tell whether nothing that depends on the variables is left over."""
    return unexplained(whole, found.predict(whole.columns) - whole.y) > DOUBT


def error(found: FittedForm, problem: RegressionProblem) -> float:
    """Return the root mean square error over the spread of y."""
    return float(np.sqrt(found.mse / (np.var(problem.y) or 1.0)))


def _refit(
    found: list[FittedForm], candidates: list[FittedForm], whole: RegressionProblem
) -> list[FittedForm]:
    """Return all fitted to the whole rows, each law once, shortest description first."""
    best = {one.form: one for one in found}
    for one in candidates:
        if one.form not in best:
            fitted = fit(one.form, one.constants, whole.columns, whole.y, most=6, gain=1e-4)
            if fitted is not None:
                best[one.form] = fitted
    ranked = sorted(best.values(), key=lambda one: one.nats)
    finished = [_finish(one, whole) for one in ranked[:FINISHED]]
    kept: dict[object, FittedForm] = {}
    for one in sorted([*finished, *ranked[FINISHED:]], key=lambda one: one.nats):
        kept.setdefault(
            f"{one.mse:.8e}" if error(one, whole) > EXACT else one.form, one
        )  # one law, written twice
    return list(kept.values())


def _finish(found: FittedForm, whole: RegressionProblem) -> FittedForm:
    """Return the fit without useless terms, with its constants at the very best or at simple numbers."""
    if found.held:
        return found
    shorter = simplify(found, whole)
    return settle(fit(shorter.form, shorter.constants, whole.columns, whole.y) or shorter, whole)
