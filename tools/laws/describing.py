"""A fitted law as a person reads it: formula, constants with units and intervals, simple numbers."""

from fractions import Fraction
from math import isfinite, pi
from time import process_time
from typing import TYPE_CHECKING, Final

import numpy as np

from tools.laws.boundaries import Boundary, judge, search_boundaries
from tools.laws.fitting import FittedForm, covariance
from tools.laws.forms import FormulaForm, to_sympy
from tools.laws.monomials import Array, Monomial
from tools.laws.problem import RegressionProblem
from tools.laws.reading import RegressionTable, symbol
from tools.laws.schema import Accuracy, Constant, DiscoveredLaw, LawResult, VariableRange
from tools.laws.units import integer_dimensions, write_unit

if TYPE_CHECKING:
    import sympy

SIMPLE: Final = tuple(
    (f"{top}{'' if bottom == 1 else f'/{bottom}'}{name}", top / bottom * value)
    for name, value in (
        ("", 1.0),
        (" π", pi),
        (" /π", 1 / pi),
        (" √π", pi**0.5),
        (" π²", pi**2),
        (" √2", 2**0.5),
    )
    for top in (1, 2, 3, 4, 5, 6, 8)
    for bottom in (1, 2, 3, 4, 8)
    if Fraction(top, bottom).numerator == top
)
NARROW: Final = 0.02
"""Half width over value beyond which an interval holds simple numbers by chance."""


def describe_law(
    table: RegressionTable, found: FittedForm, problem: RegressionProblem, best: float
) -> DiscoveredLaw:
    """Return the law with its constants; `best` is the description length of the best one."""
    from scipy.stats import t

    free = max(1, problem.rows - found.form.size)
    errors = np.sqrt(np.abs(np.diag(covariance(found, problem.columns, problem.y)))) * float(
        t.ppf(0.975, free)
    )
    powers = _constant_units(table, found.form)
    names = [f"c{k + 1}" for k in range(found.form.size)]
    constants = [
        Constant(
            symbol=name,
            value=float(value),
            low=_finite(value - error),
            high=_finite(value + error),
            unit=write_unit(unit),
            simple=_simple(float(value), float(error)) if not any(unit) else None,
        )
        for name, value, error, unit in zip(names, found.constants, errors, powers, strict=True)
    ]
    spread = float(np.std(problem.y)) or 1.0
    formula, form, latex = _write(found.form, found.constants, errors, symbol(table.target))
    return DiscoveredLaw(
        formula=formula,
        form=form,
        latex=latex,
        constants=constants,
        variables=sorted(found.form.names),
        error=float(np.sqrt(found.mse)),
        relative_error=float(np.sqrt(found.mse)) / spread,
        pure=not any(any(unit) for unit in powers),
        longer=max(0.0, float(found.nats - best)),
    )


def _finite(number: float) -> float:
    return float(number) if isfinite(number) else float(np.sign(number)) * 1e300


def _write(form: FormulaForm, constants: Array, errors: Array, target: str) -> tuple[str, str, str]:
    """Return the formula with numbers, with symbols, and with symbols as LaTeX."""
    import sympy

    symbols = {name: sympy.Symbol(symbol(name), positive=True) for name in form.names}
    letters = [sympy.Symbol(f"c{k + 1}") for k in range(form.size)]
    open_form = to_sympy(form, letters, symbols)
    rounded = [sympy.Float(_round(float(c), float(e)), 6) for c, e in zip(constants, errors, strict=True)]
    closed = to_sympy(form, rounded, symbols)
    latex: str = sympy.latex(open_form)
    return (
        f"{target} = {_plain(closed)}",
        f"{target} = {_plain(open_form)}",
        f"{target.replace('_', chr(92) + '_')} = {latex}",
    )


def _plain(expression: "sympy.Expr") -> str:
    return str(expression).replace("**", "^").replace("asin", "arcsin").replace("log(", "ln(")


def _round(value: float, error: float) -> float:
    """Round to two digits of the uncertainty, and to six digits at most."""
    if not isfinite(error) or error <= abs(value) * 1e-6:
        return float(f"{value:.6g}")
    places = int(np.floor(np.log10(error))) - 1
    return float(f"{round(value, -places):.6g}")


def _constant_units(table: RegressionTable, form: FormulaForm) -> list[tuple[Fraction, ...]]:
    """Return the unit of each constant as powers of the base units."""
    width = len(table.scales[table.target].powers)

    def of(monomial: Monomial) -> tuple[Fraction, ...]:
        total = [Fraction(0)] * width
        for atom, power in monomial.powers:
            if not atom.function:
                total = [
                    t + power * p for t, p in zip(total, table.scales[atom.names[0]].powers, strict=True)
                ]
        return tuple(total)

    whole = tuple(form.power * p for p in table.scales[table.target].powers)
    fronts, inner = [], []
    for term in form.terms:
        own = of(term.monomial)
        inner += [tuple(-p for p in of(factor.argument)) for factor in term.factors]
        fronts.append(tuple(w - o for w, o in zip(whole, own, strict=True)))
    return [*fronts, *inner]


def _simple(value: float, error: float) -> str | None:
    """Return the simple number within the interval, if the interval is narrow enough to mean it."""
    if not value or error > NARROW * abs(value):
        return None
    near = [
        (abs(number - abs(value)), name)
        for name, number in SIMPLE
        if abs(number - abs(value)) <= max(error, 1e-6 * number)
    ]
    return (
        ("−" if value < 0 else "") + min(near)[1].replace("1 π", "π").replace("1 /π", "1/π") if near else None
    )


def describe_boundary(table: RegressionTable, start: float) -> LawResult:
    """Return the law of a target with two values."""
    low, high = table.labels or ("", "")
    names = list(table.columns)
    rows = integer_dimensions([table.scales[name] for name in (*names, table.target)])
    problem = RegressionProblem(table.columns, table.y, dict(zip(names, rows[:-1], strict=True)), rows[-1])
    found = search_boundaries(problem)
    majority = max(float(np.mean(problem.y > 0)), float(np.mean(problem.y < 0)))
    if not found:
        verdict = "No law was found: the columns form no dimensionless products."
        return LawResult(target=table.target, unit="1", rows=problem.rows, verdict=verdict, notes=table.notes,
                         seconds=round(process_time() - start, 1))  # fmt: skip
    best = found[0]
    fitted, validated = judge(best, problem)
    return LawResult(
        target=table.target,
        unit="1",
        rows=problem.rows,
        verdict=f"The sign of the formula tells {high!r} (positive) from {low!r} in "
        f"{100 * validated:.3g} % of rows left out in turn; the commoner is {100 * majority:.3g} %.",
        law=_describe_sum(table, best, found[0].nats, problem),
        alternatives=[_describe_sum(table, one, found[0].nats, problem) for one in found[1:4]],
        accuracy=Accuracy(fitted=fitted, validated=validated, majority=majority, above=high),
        rejected=[name for name in names if name not in best.form.names],
        domain=[
            VariableRange(
                name=name,
                unit=write_unit(table.scales[name].powers),
                low=float(table.columns[name].min()),
                high=float(table.columns[name].max()),
            )
            for name in sorted(best.form.names)
        ],
        notes=[*table.notes, "Intervals of the constants assume the form; the form was chosen among many."],
        seconds=round(process_time() - start, 1),
    )


def _describe_sum(
    table: RegressionTable, found: Boundary, best: float, problem: RegressionProblem
) -> DiscoveredLaw:
    errors = 1.96 * found.errors
    size = len(found.form.terms)
    powers = _constant_units(table, found.form)
    shown = [*errors, *np.zeros(found.form.size - size)]
    formula, form, latex = _write(found.form, found.constants, np.array(shown), "score")
    wrong = float(np.mean(np.sign(found.scores(problem)) != problem.y))
    return DiscoveredLaw(
        formula=formula, form=form, latex=latex,
        constants=[
            Constant(symbol=f"c{k + 1}", value=float(value), unit=write_unit(powers[k]),
                     low=float(value - error), high=float(value + error))
            for k, (value, error) in enumerate(zip(found.constants[:size], errors, strict=True))
        ],
        variables=sorted(found.form.names), error=wrong, relative_error=wrong,
        pure=not any(any(one) for one in powers), longer=float(found.nats - best),
    )  # fmt: skip
