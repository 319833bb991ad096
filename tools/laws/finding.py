"""From a table to a law: what matters, what is held back, the search, the tests, the constants' intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import process_time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.describing import describe_boundary, describe_law
from tools.laws.fitting import FittedForm, fit
from tools.laws.monomials import Array, exponent_frame
from tools.laws.problem import RegressionProblem
from tools.laws.reading import RegressionTable
from tools.laws.schema import FittedPoint, LawResult, OutOfRange, VariableRange
from tools.laws.screening import relevant, suspects, unexplained
from tools.laws.search import EXACT, error, search
from tools.laws.units import integer_dimensions, write_unit

OUTER: Final = 0.2
"""Share of the rows, those farthest from the middle in any variable, that are held back."""
FEWEST_OUTER: Final = 25
"""Rows below which none are held back."""
FAR: Final = 6.0
"""Robust standard deviations beyond which a residual is called an outlier."""
MOST_OUTLIERS: Final = 0.05
RESAMPLES: Final = 40
RESAMPLED: Final = 1000
COMPARED: Final = 6
SHOWN: Final = 4
DRAWN: Final = 300
HALF: Final = 0.5
POOR: Final = 0.9
"""Error over spread beyond which constants with units are tried too, and beyond which a law says nothing."""
DOUBTFUL: Final = 1e-3
BETTER: Final = 0.9
"""Error with all variables over that with the relevant ones, below which all are taken."""


def find_law(table: RegressionTable, seconds: float, seed: int = 0) -> LawResult:
    """Return the best law between the columns of a table, or why there is none, in `seconds` of one core."""
    with np.errstate(all="ignore"):  # formulas are tried where they are undefined, and then passed over
        return _find(table, seconds, seed)


def _find(table: RegressionTable, seconds: float, seed: int) -> LawResult:
    start = process_time()
    if table.labels is not None:
        return describe_boundary(table, start)
    problem = pose(table)
    kept = relevant(problem) or set(problem.names)  # none stands out: an oscillation, or nothing at all
    rejected = [name for name in problem.names if name not in kept]
    notes = list(table.notes)
    inner, outer = _split(problem.only(kept))
    found, inner, notes_on_search = _search_robustly(inner, seconds, seed)
    if found and rejected and unexplained(problem, found[0].predict(problem.columns) - problem.y) < DOUBTFUL:
        wide, beyond = _split(problem)  # a weak dependence may have been missed
        again, part, notes_again = _search_robustly(wide, seconds - (process_time() - start), seed)
        if again and error(again[0], part) < BETTER * error(found[0], inner):
            found, inner, outer, notes_on_search = again, part, beyond, notes_again
            kept, rejected = set(problem.names), []
    notes += notes_on_search
    if not found or error(found[0], inner) > POOR:
        return _nothing(table, notes, start)
    best = found[0]
    test = None if outer is None else _test(best, inner, outer)
    left = unexplained(inner, best.predict(inner.columns) - inner.y)
    stability = _stability(found, inner, seed)
    whole = inner if outer is None else _join(inner, outer)
    final = fit(best.form, best.constants, whole.columns, whole.y) or best
    notes += _remarks(table, inner, outer, final, test)
    laws = [describe_law(table, one, inner, found[0].nats) for one in found[1:SHOWN]]
    unused = [name for name in kept if name not in final.form.names]
    return LawResult(
        target=table.target,
        unit=write_unit(table.scales[table.target].powers),
        rows=problem.rows,
        verdict=_verdict(final, whole, test, left),
        law=describe_law(table, final, whole, final.nats),
        alternatives=laws,
        out_of_range=test,
        stability=stability,
        unexplained=left,
        rejected=[*rejected, *unused],
        domain=[_span(table, name) for name in sorted(final.form.names)],
        notes=notes,
        points=_points(best, inner, outer, seed),
        seconds=round(process_time() - start, 1),
    )


def pose(table: RegressionTable) -> RegressionProblem:
    """Return the table as a problem with integer dimensions."""
    names = list(table.columns)
    rows = integer_dimensions([table.scales[name] for name in (*names, table.target)])
    return RegressionProblem(table.columns, table.y, dict(zip(names, rows[:-1], strict=True)), rows[-1])


def _search(problem: RegressionProblem, seconds: float, seed: int) -> tuple[list[FittedForm], list[str]]:
    """Look with constants that are plain numbers first, and with constants of any unit where that fails."""
    start = process_time()
    bare = not any(any(one) for one in (*problem.dimensions.values(), problem.wanted))
    strict: list[FittedForm] = []
    possible = exponent_frame(problem.matrix(problem.atoms), problem.target()) is not None
    if possible:
        strict = search(problem, seconds if bare else 0.6 * seconds, seed)
    notes = []
    if not possible:
        notes.append("No product of powers of the columns has the target's unit: constants must carry units.")
    if bare or (strict and _satisfies(strict[0], problem)):
        return strict, notes
    loose = replace(problem, loose=True)
    free = search(loose, max(2.0, seconds - (process_time() - start)), seed)
    charged = [replace(one, nats=one.nats + 3.0 * one.form.size) for one in free]
    return sorted([*strict, *charged], key=lambda one: one.nats), notes


def _satisfies(best: FittedForm, problem: RegressionProblem) -> bool:
    if error(best, problem) < EXACT:
        return True
    left = unexplained(problem, best.predict(problem.columns) - problem.y)
    return error(best, problem) < HALF and left > DOUBTFUL


def _search_robustly(
    problem: RegressionProblem, seconds: float, seed: int
) -> tuple[list[FittedForm], RegressionProblem, list[str]]:
    """Search without the few rows that lie far off; those that the law turns out to hold for come back."""
    far = suspects(problem)
    if not 0 < far.mean() <= MOST_OUTLIERS:
        far[:] = False
    part = problem.take(~far)
    found, notes = _search(part, seconds, seed)
    if not found or problem.rows < FEWEST_OUTER:
        return found, part, notes
    residuals = np.abs(found[0].predict(problem.columns) - problem.y)
    usual = 1.4826 * float(np.median(residuals)) + EXACT * float(np.std(part.y))
    wild = ~(residuals <= FAR * usual)
    if not far.any() or wild.mean() > MOST_OUTLIERS:
        wild &= far
    if wild.any():
        notes.append(
            f"{int(wild.sum())} of {problem.rows:,} rows lie over {FAR:g} robust deviations off: left out."
        )
    part = problem.take(~wild)
    refitted = [fit(one.form, one.constants, part.columns, part.y) or one for one in found]
    return sorted(refitted, key=lambda one: one.nats), part, notes


def _split(problem: RegressionProblem) -> tuple[RegressionProblem, RegressionProblem | None]:
    """Return the inner and the outer rows; these lie farthest from the middle, by rank in any variable."""
    if problem.rows < FEWEST_OUTER:
        return problem, None
    distance = np.zeros(problem.rows)
    for column in problem.columns.values():
        ranks = np.searchsorted(np.sort(column), column, "left") + np.searchsorted(
            np.sort(column), column, "right"
        )
        distance = np.maximum(distance, np.abs(ranks / (2 * problem.rows) - 0.5))
    outer = distance > np.quantile(distance, 1 - OUTER)
    if not 0 < outer.sum() < problem.rows / 2:
        return problem, None
    return problem.take(~outer), problem.take(outer)


def _join(inner: RegressionProblem, outer: RegressionProblem) -> RegressionProblem:
    columns = {name: np.concatenate([column, outer.columns[name]]) for name, column in inner.columns.items()}
    return replace(inner, columns=columns, y=np.concatenate([inner.y, outer.y]))


def _test(best: FittedForm, inner: RegressionProblem, outer: RegressionProblem) -> OutOfRange:
    """Compare law and straight line, both fitted to the inner rows, in the outer ones."""
    predicted = best.predict(outer.columns)
    variance = float(np.var(outer.y)) or 1.0
    squares = np.where(np.isfinite(predicted), (predicted - outer.y) ** 2, np.inf)
    law = float(np.mean(squares)) / variance
    scales = {name: float(np.abs(column).max()) or 1.0 for name, column in inner.columns.items()}
    solved = np.linalg.lstsq(_line(inner, scales), inner.y, rcond=1e-10)[0]
    line = float(np.mean((_line(outer, scales) @ solved - outer.y) ** 2)) / variance
    passed = law * variance <= 4 * best.mse or law < 1e-4  # noqa: PLR2004 - 1 % of the spread
    return OutOfRange(rows=outer.rows, law=min(law, 1e300), line=line, passed=passed)


def _line(problem: RegressionProblem, scales: Mapping[str, float]) -> Array:
    columns = [column / scales[name] for name, column in problem.columns.items()]
    return np.stack([np.ones(problem.rows), *columns], axis=1)


def _stability(found: Sequence[FittedForm], problem: RegressionProblem, seed: int) -> float | None:
    """Return the share of bootstrap resamples in which the form has the shortest description of the best."""
    generator = np.random.default_rng(seed)
    size = min(problem.rows, RESAMPLED)
    wins = 0
    for _ in range(RESAMPLES):
        part = problem.take(generator.integers(0, problem.rows, size))
        tried = [
            fit(one.form, one.constants, part.columns, part.y, most=6, gain=1e-4) for one in found[:COMPARED]
        ]
        nats = [np.inf if one is None else one.nats for one in tried]
        wins += int(np.argmin(nats)) == 0
    return wins / RESAMPLES


def _verdict(best: FittedForm, problem: RegressionProblem, test: OutOfRange | None, left: float) -> str:
    share = 1 - min(1.0, error(best, problem) ** 2)
    told = f"It explains {100 * share:.4g} % of the target's variance"
    if test is None:
        return f"{told}; too few rows to hold some back, so it is untested out of range."
    held = "it holds" if test.passed else "it does not hold as well"
    told += f", and {held} in the {test.rows:,} outer rows that it had not seen"
    if left < DOUBTFUL and error(best, problem) > EXACT:
        return f"{told}. What it leaves still depends on the variables: it is incomplete."
    return f"{told}. Nothing that depends on the variables is left over."


def _remarks(
    table: RegressionTable,
    inner: RegressionProblem,
    outer: RegressionProblem | None,
    final: FittedForm,
    test: OutOfRange | None,
) -> list[str]:
    notes = []
    if error(final, inner) < EXACT:
        notes.append(
            "The rows follow the formula without any noise: they were computed rather than measured."
        )
    if outer is None:
        notes.append(
            f"With {inner.rows} rows any formula of a few constants may fit: take it as a suggestion."
        )
    if test is not None and test.line < 0.5 * test.law:
        notes.append("Out of range a straight line does better than this law.")
    if len(table.y) > inner.rows * 5:
        notes.append("Constants were fitted to a random part of the rows.")
    return notes


def _nothing(table: RegressionTable, notes: list[str], start: float) -> LawResult:
    return LawResult(
        target=table.target,
        unit=write_unit(table.scales[table.target].powers),
        rows=len(table.y),
        verdict="No law was found: the target depends on these columns in no way that was looked for.",
        rejected=list(table.columns),
        notes=notes,
        seconds=round(process_time() - start, 1),
    )


def _span(table: RegressionTable, name: str) -> VariableRange:
    column = table.columns[name]
    return VariableRange(
        name=name,
        unit=write_unit(table.scales[name].powers),
        low=float(column.min()),
        high=float(column.max()),
    )


def _points(
    best: FittedForm, inner: RegressionProblem, outer: RegressionProblem | None, seed: int
) -> list[FittedPoint]:
    made: list[FittedPoint] = []
    for problem, far in ((inner, False), (outer, True)):
        if problem is None:
            continue
        rows: NDArray[np.intp] = np.random.default_rng(seed).permutation(problem.rows)[:DRAWN]
        part = problem.take(np.sort(rows))
        for seen, said in zip(part.y, best.predict(part.columns), strict=True):
            if np.isfinite(said):
                made.append(FittedPoint(observed=float(seen), predicted=float(said), outer=far))
    return made
