"""Laws found again: `python -m bench.laws EQUATIONS UNITS [--half development|report] [--noise 0 0.01 0.1]`.

Takes any table of equations in the format of PhySO's `FeynmanEquations.csv` (Filename, Output, Formula, and
name, low, high of each variable) with a table of the variables' dimensions. Rows are drawn uniformly in the
ranges; noise is normal with a standard deviation of NOISE times the root mean square of the output (the
convention of SRBench). `--dummies N` adds N columns that the law does not hold.

Exact form: with its constants fitted afresh to rows without noise, the formula equals the true one to 1e-6 in
the range and to 1e-5 in one half as wide again, and these constants are those it was reported with (within
four standard errors or 5 %). sympy is asked for a proof besides; how often it finds one is printed.
"""

import argparse
import csv
import json
import signal
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import process_time
from types import FrameType

import numpy as np
import sympy
from numpy.typing import NDArray

from tools.laws.fitting import FittedForm, covariance, fit
from tools.laws.forms import FormulaFactor, to_sympy
from tools.laws.problem import RegressionProblem
from tools.laws.search import search

Array = NDArray[np.float64]
BASE = ("m", "s", "kg", "T", "V")
ROWS = 10_000
FUNCTIONS = {
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
    "ln": sympy.log,
    "pi": sympy.pi,
}


@dataclass(frozen=True)
class KnownLaw:
    """A law with the ranges of its variables, and the dimensions of all."""

    name: str
    output: str
    formula: str
    ranges: dict[str, tuple[float, float]]
    dimensions: dict[str, tuple[int, ...]]
    wanted: tuple[int, ...]

    @property
    def symbols(self) -> dict[str, sympy.Symbol]:
        return {name: sympy.Symbol(name, positive=True) for name in self.ranges}

    @property
    def truth(self) -> sympy.Expr:
        return sympy.sympify(self.formula, locals={**FUNCTIONS, **self.symbols})


def load(equations: Path, units: Path) -> list[KnownLaw]:
    with units.open(encoding="utf-8-sig") as stream:
        dimensions = {
            row["Variable"]: tuple(int(row[base]) for base in BASE)
            for row in csv.DictReader(stream)
            if row["Variable"]
        }
    found = []
    with equations.open(encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            if not row["Filename"]:
                continue
            names = {row[f"v{k}_name"]: k for k in range(1, 11) if row.get(f"v{k}_name")}
            ranges = {name: (float(row[f"v{k}_low"]), float(row[f"v{k}_high"])) for name, k in names.items()}
            held = {name: dimensions[name] for name in ranges}
            found.append(
                KnownLaw(
                    row["Filename"], row["Output"], row["Formula"], ranges, held, dimensions[row["Output"]]
                )
            )
    return found


def draw(equation: KnownLaw, rows: int, seed: int, widen: float = 1.0) -> tuple[dict[str, Array], Array]:
    """Return columns and outputs without noise, where the law is defined."""
    generator = np.random.default_rng(seed)
    columns = {}
    for name, (low, high) in equation.ranges.items():
        columns[name] = generator.uniform(low / widen, high * widen, rows)
    numeric = sympy.lambdify(list(equation.symbols.values()), equation.truth, "numpy")
    with np.errstate(all="ignore"):
        y = np.asarray(numeric(*columns.values()), float) * np.ones(rows)
    usable = np.isfinite(y)
    return {name: column[usable] for name, column in columns.items()}, y[usable]


def pose(
    equation: KnownLaw, noise: float, seed: int, dummies: int = 0, rows: int = ROWS
) -> RegressionProblem:
    """Return the table that a search sees; dummies take dimensions and ranges of true variables."""
    columns, y = draw(equation, rows, seed)
    generator = np.random.default_rng(10_000 + seed)
    y = y + noise * float(np.sqrt(np.mean(y**2))) * generator.standard_normal(len(y))
    dimensions = dict(equation.dimensions)
    for k in range(dummies):
        like = list(equation.ranges)[int(generator.integers(len(equation.ranges)))]
        low, high = equation.ranges[like]
        columns[f"dummy{k + 1}"] = generator.uniform(low, high, len(y))
        dimensions[f"dummy{k + 1}"] = dimensions[like]
    return RegressionProblem(columns, y, dimensions, equation.wanted)


def same(equation: KnownLaw, found: FittedForm, problem: RegressionProblem) -> bool:
    """Tell whether the formula is the true one up to the precision of its constants."""
    if not found.form.names <= set(equation.ranges):
        return False
    columns, y = draw(equation, 2000, 77)
    afresh = fit(found.form, found.constants, columns, y, most=200)
    if afresh is None or np.sqrt(afresh.mse) > 1e-6 * np.sqrt(np.mean(y**2)):
        return False
    wide, truth = draw(equation, 2000, 78, widen=1.5)
    predicted = afresh.predict(wide)
    defined = np.isfinite(predicted)
    if defined.mean() < 0.9 or np.median(np.abs(predicted - truth)[defined] / np.abs(truth[defined])) > 1e-5:
        return False
    if any(np.abs(c * one.argument.values(columns)).max() < 0.01 for c, one in _inside(afresh)):
        return False  # a function in the limit where it is none
    errors = np.sqrt(np.abs(np.diag(covariance(found, problem.columns, problem.y))))
    moved = np.abs(afresh.constants - found.constants)
    return bool(np.all(moved <= np.maximum(4 * errors, 0.05 * np.abs(found.constants))))


def _inside(found: FittedForm) -> list[tuple[float, FormulaFactor]]:
    """Return the functions in a law, each with the constant in it."""
    factors = [factor for term in found.form.terms for factor in term.factors]
    return list(zip(map(float, found.constants[len(found.form.terms) :]), factors, strict=True))


def proved(equation: KnownLaw, found: FittedForm) -> bool:
    """Tell whether sympy shows the difference to vanish in three seconds, with simple constants."""
    columns, y = draw(equation, 2000, 77)
    afresh = fit(found.form, found.constants, columns, y, most=200)
    if afresh is None:
        return False
    constants = [_simple(float(c)) for c in afresh.constants]

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(3)
    try:
        expression = to_sympy(found.form, constants, equation.symbols)
        return bool(
            sympy.simplify(expression - equation.truth) == 0
            or sympy.simplify(expression / equation.truth) == 1
        )
    except (TimeoutError, RecursionError, ValueError, TypeError):
        return False
    finally:
        signal.alarm(0)


def _simple(number: float) -> sympy.Expr:
    """Return the nearest simple ratio, times a power of pi or of its root."""
    for power in (0, 1, -1, 2, -2, Fraction(-1, 2), 3, -3):
        base = float(np.pi) ** float(power)
        ratio = Fraction(number / base).limit_denominator(64)
        if abs(float(ratio) * base - number) < 1e-7 * abs(number):
            return sympy.Rational(ratio.numerator, ratio.denominator) * sympy.pi ** sympy.Rational(str(power))
        squared = Fraction((number / base) ** 2).limit_denominator(64)
        if abs(float(squared) * base**2 - number**2) < 1e-7 * number**2:
            root = sympy.sqrt(sympy.Rational(squared.numerator, squared.denominator))
            return sympy.sign(number) * root * sympy.pi ** sympy.Rational(str(power))
    return sympy.Float(number)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("equations", type=Path)
    parser.add_argument("units", type=Path)
    parser.add_argument("--half", choices=("development", "report", "all"), default="report")
    parser.add_argument("--noise", type=float, nargs="+", default=[0.0, 0.01, 0.1])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--dummies", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--out", type=Path, help="a JSON object a line; what stands in it is not done again")
    given = parser.parse_args()
    equations = load(given.equations, given.units)
    order = np.random.default_rng(20261128).permutation(len(equations))
    half = {"development": order[: len(order) // 2], "report": order[len(order) // 2 :], "all": order}[
        given.half
    ]
    chosen = [equations[k] for k in half if not given.only or equations[k].name in given.only]
    rows = (
        [json.loads(line) for line in given.out.read_text().splitlines()]
        if given.out and given.out.exists()
        else []
    )
    for equation in chosen:
        for noise in given.noise:
            if not any(row["equation"] == equation.name and row["noise"] == noise for row in rows):
                rows.append(judge(equation, noise, given))
                print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
                if given.out:
                    with given.out.open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
    for noise in given.noise:
        summarise([row for row in rows if row["noise"] == noise], noise)


def summarise(rows: list[dict[str, object]], noise: float) -> None:
    """Print the share of exact forms with its 95 % interval (Wilson), and the time they took."""
    n, seconds = len(rows), [float(str(row["seconds"])) for row in rows]
    for name in ("exact", "proved", "clean"):
        share, z = sum(bool(row[name]) for row in rows) / n, 1.96
        middle, reach = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        low, high = (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)
        print(f"noise {noise:g}: {name} {share:.1%} [{low:.1%}, {high:.1%}] of {n}")
    print(f"noise {noise:g}: median {np.median(seconds):.1f} s, longest {max(seconds):.0f} s of one core")


def judge(equation: KnownLaw, noise: float, given: argparse.Namespace) -> dict[str, object]:
    """Return what was found for one equation, and whether it is right."""
    problem = pose(equation, noise, given.seed, given.dummies)
    before = process_time()
    found = search(problem, given.seconds, given.seed)
    spent = process_time() - before
    best = found[0] if found else None
    exact = best is not None and same(equation, best, problem)
    symbols = {name: sympy.Symbol(name, positive=True) for name in problem.columns}
    text = str(to_sympy(best.form, [float(f"{c:.4g}") for c in best.constants], symbols)) if best else ""
    return {
        "equation": equation.name, "noise": noise, "dummies": given.dummies, "exact": exact,
        "proved": exact and best is not None and proved(equation, best), "seconds": round(spent, 1),
        "clean": best is None or not any(name.startswith("dummy") for name in best.form.names),
        "truth": equation.formula, "found": text,
    }  # fmt: skip


if __name__ == "__main__":
    main()
