"""Make a fitted law shorter where the data do not object: terms and functions that do nothing are taken out."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tools.laws.fitting import Fit, fit
from tools.laws.forms import Form, Term
from tools.laws.monomials import Array
from tools.laws.problem import Problem

LINEAR = ("expm1", "sin", "tanh", "ln1p", "arcsin")
"""Functions that are their argument where it is small."""


def simplify(found: Fit, problem: Problem) -> Fit:
    """Return the fit with the shortest description that leaving things out leads to."""
    while True:
        tried = [
            fitted
            for form, start in _shorter(found)
            if (fitted := fit(form, start, problem.columns, problem.y, most=10, gain=1e-4))
        ]
        best = min(tried, key=lambda one: one.nats, default=found)
        if best.nats >= found.nats:
            return found
        found = best


def _shorter(found: Fit) -> Iterator[tuple[Form, Array]]:
    """Yield forms without one term, without one function, or with a function's argument in its place."""
    form, constants = found.form, found.constants
    place = len(form.terms)
    for k, term in enumerate(form.terms):
        mine = list(range(place, place + len(term.factors)))
        place += len(term.factors)
        if len(form.terms) > 1:
            yield replace(form, terms=(*form.terms[:k], *form.terms[k + 1 :])), np.delete(constants, [k, *mine])
        for j, factor in enumerate(term.factors):
            rest = (*term.factors[:j], *term.factors[j + 1 :])
            left = np.delete(constants, mine[j])
            for front in (
                term.monomial,
                *([term.monomial.times(factor.argument.to(factor.power))] if factor.shape in (*LINEAR, "1+") else []),
            ):
                shorter = Term(front, rest)
                yield replace(form, terms=(*form.terms[:k], shorter, *form.terms[k + 1 :])), left
