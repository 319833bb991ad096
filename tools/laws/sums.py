"""Laws whose target, or a power of it, is a sum of products from a dictionary of those that fit its unit.

Pairs are compared all with all, and the best are extended one term at a time (orthogonal matching pursuit
with a beam). A fit of y**p is weighted so that its errors are errors of y.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from tools.laws.fitting import FLOOR, FittedForm, fit
from tools.laws.forms import SHAPES, FormulaFactor, FormulaForm, FormulaTerm
from tools.laws.monomials import Array, Monomial
from tools.laws.problem import RegressionProblem

POWERS: Final = (Fraction(1), Fraction(2), Fraction(-1))
MOST_MONOMIALS: Final = 400
MOST_MIXED: Final = 16
"""Monomials with each sum, difference, sine or cosine in them."""
PREFIXES: Final = 3
ARGUMENTS: Final = 30
"""Monomials that are multiplied with functions, and products that are put into them."""
INSIDE: Final = ("exp", "sin", "cos", "ln")
LONGEST: Final = 6
RESUMMED: Final = 12
RESUMMATIONS: Final = tuple(Fraction(k, 2) for k in (-4, -2, -1, 1, 4))
BEAM: Final = 16
FITTED: Final = 8
SAME: Final = 1e-4
"""Part of a unit vector that must be new for two terms not to be one."""


@dataclass(frozen=True)
class _Dictionary:
    """Terms with the scale inside their factor, if any, and their weighted values as unit vectors.

    The first `plain` of them have no factor, and the first `simple` hold variables only.
    """

    terms: list[tuple[FormulaTerm, tuple[float, ...]]]
    unit: Array
    simple: int
    plain: int
    target: Array

    def first(self, most: int) -> "_Dictionary":
        """Return a dictionary of the first terms only."""
        return replace(self, terms=self.terms[:most], unit=self.unit[:most], plain=min(self.plain, most))


def search_sums(problem: RegressionProblem) -> list[FittedForm]:
    """Return sums fitted to all rows of the problem, shortest description first."""
    found: list[FittedForm] = []
    for power in POWERS:
        if power != 1 and (problem.y == 0).any():
            continue
        made = _dictionary(problem, power)
        if made is None:
            continue
        chosen_sets = dict.fromkeys(
            chosen
            for most in sorted({made.simple, made.plain, len(made.terms)})
            for chosen in _choose(made.first(most), problem.rows)
        )
        for chosen in chosen_sets:
            terms = [made.terms[place] for place in chosen]
            form = FormulaForm(tuple(term for term, _ in terms), power)
            inner = [scale for _, scales in terms for scale in scales]
            start = np.array([1.0] * len(terms) + inner)
            fitted = fit(form, start, problem.columns, problem.y, most=12, gain=1e-4)
            if fitted is not None:
                found.append(fitted)
    found.sort(key=lambda one: one.nats)
    for one in found[:RESUMMED]:
        found += _resum(one, problem)
    return sorted(found, key=lambda one: one.nats)


def _resum(found: FittedForm, problem: RegressionProblem) -> list[FittedForm]:
    """Return what two terms may be the beginning of: a·M + b·N as a·M·(1 + b/(a p)·N/M)**p or exponential."""
    terms = found.form.terms
    if len(terms) != 2 or found.form.power != 1 or any(term.factors for term in terms):  # noqa: PLR2004 - as said
        return []
    made = []
    for first, second in ((0, 1), (1, 0)):
        front = terms[first].monomial
        ratio = terms[second].monomial.times(front.to(Fraction(-1)))
        share = float(found.constants[second] / found.constants[first])
        for shape, power in (("exp", Fraction(1)), *(("1+", power) for power in RESUMMATIONS)):
            form = FormulaForm((FormulaTerm(front, (FormulaFactor(shape, ratio, power),)),))
            start = np.array([found.constants[first], share / float(power)])
            fitted = fit(form, start, problem.columns, problem.y, most=20, gain=1e-4)
            made += [] if fitted is None else [fitted]
    return made


def _dictionary(problem: RegressionProblem, power: Fraction) -> _Dictionary | None:
    weight = np.abs(problem.y) ** float(1 - power)
    weight = np.minimum(weight, 10 * np.median(weight))
    target = np.sign(problem.y) * np.abs(problem.y) ** float(power) * weight
    monomials = problem.monomials(power, MOST_MONOMIALS, MOST_MIXED)
    with np.errstate(all="ignore"):
        values = [one.values(problem.columns) * weight for one in monomials]
    terms: list[tuple[FormulaTerm, tuple[float, ...]]] = [(FormulaTerm(one), ()) for one in monomials]
    kept = [k for k, one in enumerate(values) if np.isfinite(one).all() and np.any(one)]
    terms, values = [terms[k] for k in kept], [values[k] for k in kept]
    plain = len(terms)
    simple = sum(all(len(a.names) == 1 for a, _ in term.monomial.powers) for term, _ in terms)
    if power == 1 and plain:
        for term, column in _with_functions(problem, monomials[:PREFIXES]):
            if np.isfinite(column).all() and np.any(column):
                terms.append(term)
                values.append(column)
    if not plain:
        return None
    unit = np.array(values)
    return _Dictionary(terms, unit / np.linalg.norm(unit, axis=1)[:, None], max(1, simple), plain, target)


def _with_functions(
    problem: RegressionProblem, prefixes: list[Monomial]
) -> list[tuple[tuple[FormulaTerm, tuple[float, ...]], Array]]:
    """Return terms with one function in them, and their values."""
    made: list[tuple[tuple[FormulaTerm, tuple[float, ...]], Array]] = []
    with np.errstate(all="ignore"):
        fronts = [one.values(problem.columns) for one in prefixes]
        for product in problem.plain_products[:ARGUMENTS]:
            values = product.values(problem.columns)
            size = float(np.median(np.abs(values)))
            if not np.isfinite(size) or size == 0:
                continue
            for name in INSIDE:
                for scale in _scales(name, size):
                    inside = SHAPES[name].numeric(values * scale)
                    for prefix, front in zip(prefixes, fronts, strict=True):
                        made.append(
                            ((FormulaTerm(prefix, (FormulaFactor(name, product),)), (scale,)), front * inside)
                        )
    return made


def _scales(name: str, size: float) -> list[float]:
    if name == "ln":
        return [1.0]
    scales = np.geomspace(0.1, 10, 9) if name == "exp" else np.array(SHAPES[name].scales[::3])
    signed = [*scales, *-scales] if name == "exp" else [*scales, size]
    return [float(scale / size) for scale in signed]


def _choose(made: _Dictionary, rows: int) -> list[tuple[int, ...]]:
    """Return sets of terms, the best by description length of each size."""
    total = float(made.target @ made.target)
    along = made.unit @ made.target
    first = np.argsort(-np.abs(along))[:6]
    sets: list[tuple[float, tuple[int, ...]]] = [(total - float(along[k] ** 2), (int(k),)) for k in first]
    beam = _pairs(made, along, total)
    sets += beam[:8]
    for _ in range(2, LONGEST):
        longer: dict[tuple[int, ...], float] = {}
        for _, chosen in beam[:BEAM]:
            for error, more in _extend(made, chosen):
                longer[tuple(sorted((*chosen, more)))] = error
        beam = sorted((error, chosen) for chosen, error in longer.items())
        if not beam:
            break
        sets += beam[:6]
    scale = float(np.var(made.target)) * rows or 1.0

    def nats(error: float, chosen: tuple[int, ...]) -> float:
        length = FormulaForm(tuple(made.terms[k][0] for k in chosen)).length
        return float(
            0.5 * rows * np.log(max(error / scale, FLOOR**2)) + 0.5 * len(chosen) * np.log(rows) + length
        )

    ranked = sorted(sets, key=lambda one: nats(max(one[0], 0.0), one[1]))
    return [chosen for _, chosen in ranked[:FITTED]]


def _pairs(made: _Dictionary, along: Array, total: float) -> list[tuple[float, tuple[int, ...]]]:
    """Return the best pairs of a plain term with any other."""
    small = made.unit.astype(np.float32)
    gram = small[: made.plain] @ small.T
    rest = 1 - gram**2
    weak = along.astype(np.float32)
    with np.errstate(all="ignore"):
        gain = (
            weak[: made.plain, None] ** 2 + weak[None, :] ** 2 - 2 * gram * np.outer(weak[: made.plain], weak)
        )
        gain = np.where(rest > SAME, gain / rest, 0)
    flat = gain.ravel()
    most = min(8 * BEAM, len(flat) - 1)
    found = {
        tuple(sorted(int(k) for k in np.unravel_index(place, gain.shape)))
        for place in np.argpartition(-flat, most)[:most]
    }
    return sorted(
        (_error(made.unit[list(two)], along[list(two)], total), two) for two in found if len(set(two)) > 1
    )


def _error(chosen: Array, along: Array, total: float) -> float:
    solved = np.linalg.lstsq(chosen @ chosen.T, along, rcond=1e-12)[0]
    return float(total - along @ solved)


def _extend(made: _Dictionary, chosen: tuple[int, ...]) -> list[tuple[float, int]]:
    frame = np.linalg.qr(made.unit[list(chosen)].T)[0]
    left = made.target - frame @ (frame.T @ made.target)
    rest = 1 - ((made.unit @ frame) ** 2).sum(axis=1)
    with np.errstate(all="ignore"):
        gain = np.where(rest > SAME, (made.unit @ left) ** 2 / rest, 0)
    before = float(left @ left)
    return [(before - float(gain[k]), int(k)) for k in np.argsort(-gain)[:4]]
