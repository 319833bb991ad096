"""Laws in two measured tables: `python -m bench.laws.tables ../shared/data/laws`.

perovskites    576 ABX3 that are or are no perovskites (Bartel et al., Sci. Adv. 5, eaav0693 (2019)): found in
               their train part from the radii and the oxidation state of A, as their tau; judged on their
               test part
stress–strain  aluminium at six temperatures (data of LLM-SR, arXiv 2404.18400): found at five, judged at the
               sixth (out of distribution) by the mean squared error over the variance
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import sympy
from numpy.typing import NDArray

from tools.laws.boundaries import search_boundaries
from tools.laws.forms import FormulaForm, to_sympy
from tools.laws.problem import RegressionProblem
from tools.laws.search import search

Array = NDArray[np.float64]
RADII = {"r_A": "rA (Ang)", "r_B": "rB (Ang)", "r_X": "rX (Ang)", "n_A": "nA"}


def read(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    return {name: [row[name] for row in rows] for name in rows[0]}


def numbers(cells: list[str]) -> Array:
    return np.array([float(cell) for cell in cells])


def write(form: FormulaForm, constants: Array, names: set[str]) -> sympy.Expr:
    symbols = {name: sympy.Symbol(name, positive=True) for name in names}
    return to_sympy(form, [sympy.Float(f"{c:.3g}") for c in constants], symbols)


def perovskites(path: Path) -> None:
    table = read(path)
    train = numbers(table["is_train"]) == 1
    dimensions = {"r_A": (1,), "r_B": (1,), "r_X": (1,), "n_A": (0,)}
    columns = {name: numbers(table[heading]) for name, heading in RADII.items()}
    problem = RegressionProblem(columns, numbers(table["exp_label"]), dimensions, (0,))
    best = search_boundaries(problem.take(np.flatnonzero(train)))[0]
    print(f"score = {write(best.form, best.constants, set(columns))}; {len(best.form.terms)} constants")
    rival = {"Goldschmidt's t": numbers(table["t_pred"]), "tau": numbers(table["tau_pred"])}
    said = {"law found": np.sign(best.scores(problem)), **rival}
    for name, kind in said.items():
        right = kind == problem.y
        error = np.sqrt(right[~train].mean() * (1 - right[~train].mean()) / (~train).sum())
        print(f"{name:16} train {right[train].mean():.1%} of {train.sum()}  "
              f"test {right[~train].mean():.1%} ± {error:.1%} of {(~train).sum()}")  # fmt: skip


def stress(folder: Path) -> None:
    parts = {name: {k: numbers(v) for k, v in read(folder / f"{name}.csv").items()}
             for name in ("train", "test_id", "test_ood")}  # fmt: skip
    names = ("strain", "temp")

    def inputs(part: str) -> dict[str, Array]:
        return {name: parts[part][name] for name in names}

    problem = RegressionProblem(inputs("train"), parts["train"]["stress"], dict.fromkeys(names, (0,)), (0,))
    best = search(problem, 60.0)[0]
    print(f"stress = {write(best.form, best.constants, set(names))}")
    for part in ("test_id", "test_ood"):
        seen = parts[part]["stress"]
        error = float(np.mean((best.predict(inputs(part)) - seen) ** 2) / np.var(seen))
        print(f"{part:9} normalised mean squared error {error:.3f}, {len(seen)} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="with the measured tables")
    folder = parser.parse_args().folder
    perovskites(folder / "perovskite_TableS1.csv")
    stress(folder / "stress_strain")


if __name__ == "__main__":
    main()
