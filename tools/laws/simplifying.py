"""Make a fitted law shorter where the data do not object: what does nothing is taken out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from tools.laws.fitting import FittedForm, covariance, fit
from tools.laws.forms import EASY, FormulaForm, FormulaTerm
from tools.laws.monomials import Array, Monomial
from tools.laws.problem import RegressionProblem

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
