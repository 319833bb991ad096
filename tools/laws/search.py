"""Look for a law: a quick look at few rows, a long one at more, and the choice on all.

Laws that are one product (powers of the variables times functions of dimensionless products) are looked for
in logarithms, where they are linear but for the constants inside the functions, and the powers of the
variables can be projected out: what is left of log y is matched with functions from a table, one or two at a
time. What is found is made shorter where the data do not object: what does nothing is taken out.
"""

from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import Final

import numpy as np

from tools.laws.completing import complete, vary_powers
from tools.laws.features import choose, exchange, tabulate
from tools.laws.fitting import FittedForm, covariance, fit
from tools.laws.forms import EASY, FormulaForm, FormulaTerm
from tools.laws.logarithms import take_logs
from tools.laws.monomials import Array, Monomial
from tools.laws.problem import RegressionProblem
from tools.laws.screening import unexplained
from tools.laws.sums import search_sums

LINEAR = ("expm1", "sin", "tanh", "ln1p", "arcsin")
"""Functions that are their argument where it is small."""
SIMPLE: Final = (1.0, 2.0, 0.5)
LIKELY: Final = 3.0
"""Standard errors within which a constant may be a simple number."""
NARROW: Final = 0.2
"""Standard error over value beyond which any simple number would do."""


def simplify(found: FittedForm, problem: RegressionProblem) -> FittedForm:
    """Return the fit with the shortest description that leaving things out leads to."""
    while True:
        tried = [
            fitted
            for form, start in (*_shorter(found), *_plainer(found, problem))
            if (fitted := fit(form, start, problem.columns, problem.y, most=10, gain=1e-4))
        ]
        best = min(tried, key=lambda one: one.nats, default=found)
        if best.nats >= found.nats:
            return found
        found = best


def _shorter(found: FittedForm) -> Iterator[tuple[FormulaForm, Array]]:
    """Yield forms without one term, without one function, or with a function's argument in its place."""
    form, constants = found.form, found.constants
    place = len(form.terms)
    for k, term in enumerate(form.terms):
        mine = list(range(place, place + len(term.factors)))
        place += len(term.factors)
        if len(form.terms) > 1:
            yield (
                replace(form, terms=(*form.terms[:k], *form.terms[k + 1 :])),
                np.delete(constants, [k, *mine]),
            )
        for j, factor in enumerate(term.factors):
            rest = (*term.factors[:j], *term.factors[j + 1 :])
            left = np.delete(constants, mine[j])
            for front in (
                term.monomial,
                *(
                    [term.monomial.times(factor.argument.to(factor.power))]
                    if factor.shape in (*LINEAR, "1+")
                    else []
                ),
            ):
                shorter = FormulaTerm(front, rest)
                yield replace(form, terms=(*form.terms[:k], shorter, *form.terms[k + 1 :])), left


def _plainer(found: FittedForm, problem: RegressionProblem) -> Iterator[tuple[FormulaForm, Array]]:
    """Yield forms without one factor whose exponent was fitted, where units allow it."""
    for k, term in enumerate(found.form.terms):
        for atom, power in term.monomial.powers:
            if power.denominator > EASY and not any(problem.dimension(atom)):
                front = Monomial(tuple(one for one in term.monomial.powers if one[0] != atom))
                terms = (*found.form.terms[:k], FormulaTerm(front, term.factors), *found.form.terms[k + 1 :])
                yield replace(found.form, terms=terms), found.constants


def settle(found: FittedForm, problem: RegressionProblem) -> FittedForm:
    """Return the fit with constants held at ±1, ±2 or ±1/2 where their errors allow it, if shorter."""
    errors = np.sqrt(np.abs(np.diag(covariance(found, problem.columns, problem.y))))
    start, held = found.constants.copy(), []
    for place, (value, error) in enumerate(zip(found.constants, errors, strict=True)):
        for simple in SIMPLE:
            if abs(abs(value) - simple) <= LIKELY * error and error < NARROW * abs(value):
                start[place] = np.sign(value) * simple
                held.append(place)
                break
    if not held:
        return found
    settled = fit(found.form, start, problem.columns, problem.y, held=tuple(held))
    return settled if settled is not None and settled.nats < found.nats else found


SWAPPED: Final = 3
"""The best pairs in which each function is exchanged once more, with the other one as it was fitted."""
VARIED: Final = 10
"""The best laws whose powers of 1 + c·P are varied."""


def power_laws(problem: RegressionProblem) -> list[FittedForm]:
    """Return the power law fitted to all rows of the problem, if there can be one: the gate of the search."""
    logs = take_logs(problem, None, products=())
    return [] if logs is None else complete(logs, [])


def search_products(problem: RegressionProblem, known: FittedForm | None = None) -> list[FittedForm]:
    """Return products fitted to all rows of the problem, shortest description first.

    `known` is what has been found before: it says which rows rise above the noise.
    """
    logs = take_logs(problem, known)
    if logs is None:
        return []
    found = complete(logs, [])
    left = logs.project(logs.target)
    total = float(np.linalg.norm(left))
    if total < 1e-9 * float(np.linalg.norm(logs.target) + 1):
        return found
    features, table = tabulate(logs)
    if not features:
        return found
    unit = (left / total).astype(np.float32)
    for chosen in choose(logs, features, table, unit):
        found += complete(logs, chosen)
    found.sort(key=lambda one: one.nats)
    for fitted in [one for one in found if one.form.inner > 1][:SWAPPED]:
        for chosen in exchange(logs, fitted, features, table, unit):
            found += complete(logs, chosen)
    found.sort(key=lambda one: one.nats)
    for fitted in found[:VARIED]:
        found += vary_powers(logs, fitted)
    return sorted(found, key=lambda one: one.nats)


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
