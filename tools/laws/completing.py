"""From chosen functions to a law: constants polished, exponents rounded to simple numbers, all fitted."""

from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np

from tools.laws.fitting import FittedForm, fit
from tools.laws.forms import FormulaFactor, FormulaForm, FormulaTerm
from tools.laws.logarithms import Feature, Logs
from tools.laws.monomials import Array, make

STEEPEST: Final = 4
POWERS: Final = tuple(Fraction(k, 2) for k in (-4, -2, -1, 1, 2, 4))
"""Powers of functions: up to the steepest; of the sum 1 + c·P all of these are tried."""
ROUNDINGS: Final = ((2,), (2, 3, 4), (100,))
"""Denominators of exponents: halves, then thirds and quarters, then two decimals."""


def complete(logs: Logs, features: list[Feature]) -> list[FittedForm]:
    """Return the law with these functions in it: exponents rounded to simple numbers, constants fitted."""
    polished = polish(logs, features)
    found: dict[FormulaForm, FittedForm] = {}
    tried: list[tuple[tuple[int, ...], Fraction | None]] = [(parts, None) for parts in ROUNDINGS]
    if len(features) == 1 and features[0].shape == "1+":
        tried += [((2,), power) for power in POWERS]
    for parts, power in tried:
        made = _round(logs, features, polished, parts, power)
        if made is not None and made[0] not in found:
            fitted = fit(made[0], made[1], logs.problem.columns, logs.problem.y, most=12, gain=1e-4)
            if fitted is not None:
                found[made[0]] = fitted
    return sorted(found.values(), key=lambda one: one.nats)[: 1 if len(tried) == len(ROUNDINGS) else 3]


def vary_powers(logs: Logs, found: FittedForm) -> list[FittedForm]:
    """Return the law with other powers of its sums 1 + c·P, which noise confuses with other values of c."""
    term, made = found.form.terms[0], []
    for place, factor in enumerate(term.factors):
        for power in POWERS if factor.shape == "1+" else ():
            if power != factor.power:
                changed = list(term.factors)
                changed[place] = replace(factor, power=power)
                start = found.constants.copy()
                start[1 + place] *= float(factor.power / power)
                form = replace(found.form, terms=(replace(term, factors=tuple(changed)),))
                fitted = fit(form, start, logs.problem.columns, logs.problem.y, most=12, gain=1e-4)
                made += [] if fitted is None else [fitted]
    return made


def polish(logs: Logs, features: list[Feature]) -> tuple[Array, Array, Array]:
    """Return the scales that fit log y best, coefficients of the base, and powers of the features."""
    left = logs.project(logs.target)
    scales = np.array([one.scale for one in features])
    free = [place for place, one in enumerate(features) if one.shape != "exp"]

    def solve(tried: Array) -> tuple[Array, Array] | None:
        if not features:
            return np.zeros(0), -left
        columns = np.stack([logs.log(one, c) for one, c in zip(features, tried, strict=True)], axis=1)
        if not np.isfinite(columns).all():
            return None
        projected = logs.project(columns)
        found = np.linalg.lstsq(projected, left, rcond=1e-10)[0].astype(np.float64)
        return found, np.asarray(projected @ found - left)

    best = solve(scales)
    if best is None:
        return scales, np.zeros(logs.base.shape[1]), np.zeros(len(features))
    damping = 1e-2
    for _ in range(20 if free else 0):
        moved = [solve(scales * (1 + 1e-4 * (np.arange(len(scales)) == place))) for place in free]
        if any(one is None for one in moved):
            break
        jacobian = np.stack([(one[1] - best[1]) / 1e-4 for one in moved if one is not None], axis=1)
        curvature, gradient = jacobian.T @ jacobian, jacobian.T @ best[1]
        before = float(best[1] @ best[1])
        for _ in range(6):
            damped = curvature + damping * np.diag(np.diag(curvature) + 1e-15)
            tried = scales.copy()
            tried[free] *= 1 + np.clip(-np.linalg.lstsq(damped, gradient, rcond=None)[0], -0.5, 0.5)
            reached = solve(tried)
            if reached is not None and float(reached[1] @ reached[1]) < before:
                break
            damping *= 5
        else:
            break
        scales, best, damping = tried, reached, damping / 5
        if before - float(best[1] @ best[1]) < 1e-7 * before:
            break
    powers = best[0]
    taken = [logs.log(one, c) * power for one, c, power in zip(features, scales, powers, strict=True)]
    base = logs.inverse @ (logs.target - np.sum(taken, axis=0) if taken else logs.target)
    return scales, base, powers


def _round(
    logs: Logs,
    features: list[Feature],
    polished: tuple[Array, Array, Array],
    parts: tuple[int, ...],
    power: Fraction | None,
) -> tuple[FormulaForm, Array] | None:
    """Return the form with exponents of these denominators, and constants to start from.

    A `power` that is given stands in place of the one that was fitted to a single function.
    """
    problem, (scales, base, powers) = logs.problem, polished
    start, basis = problem.frame or ([], [])
    shifts = [_nearest(one, parts) for one in base[1:]]
    exponents = [
        start[k] + sum((shift * vector[k] for shift, vector in zip(shifts, basis, strict=True)), Fraction(0))
        for k in range(len(problem.atoms))
    ]
    front = make(problem.atoms, exponents)
    factors, inner = [], []
    for one, c, fitted in zip(features, map(float, scales), map(float, powers), strict=True):
        product = logs.products[one.product]
        if one.shape == "exp":
            factors.append(FormulaFactor("exp", product))
            inner.append(float(c * fitted))
            continue
        rounded = _nearest(fitted, (2,)) if power is None else power
        if not rounded or abs(rounded) > STEEPEST:
            return None
        inside = c if power is None else c * fitted / float(power)  # the same to first order
        if one.shape == "1+" and np.median(inside * logs.values[one.product]) < -1:
            front, product, inside = front.times(product.to(rounded)), product.to(Fraction(-1)), 1 / inside
        factors.append(FormulaFactor(one.shape, product, rounded))
        inner.append(inside)
    return FormulaForm((FormulaTerm(front, tuple(factors)),)), np.array([1.0, *inner]).astype(np.float64)


def _nearest(number: float, parts: tuple[int, ...]) -> Fraction:
    tried = [Fraction(round(float(number) * part), part) for part in parts]
    return min(tried, key=lambda one: abs(float(one) - float(number)))
