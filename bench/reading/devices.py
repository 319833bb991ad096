"""Device figures of perovskite cells from their records: Jsc, Voc, FF and PCE by number of examples seen.

Cross-validation over a table in the format of arXiv:2304.02213 (regression360.json): each fold learns from
10, 20, 50, 100 or all of the other rows, drawn by seed. Rows with the same record are never on both sides;
"by block" folds are stretches of the table as well, so that the devices of one paper stay together. Beside
them the median of the rows seen, and the published column of a language model (other test rows). Mean ±
standard error over rows; "covered": share of the rows within the 90 % interval.
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from tools.reading.predicting import Predictor

TARGETS = {"Jsc": "mA/cm²", "Voc": "V", "FF": "", "PCE": "%"}
Array = NDArray[np.float64]
SIZES = (10, 20, 50, 100, None)
PUBLISHED = {
    "Jsc": (7.62, 7.84, 6.38, 5.15, 3.59), "Voc": (0.17, 0.18, 0.12, 0.09, 0.104),
    "FF": (0.11, 0.12, None, None, 0.105), "PCE": (8.47, 5.21, 3.48, 4.05, 2.61),
}  # fmt: skip
TREES = 60


def add_options(task: argparse.ArgumentParser) -> None:
    task.add_argument("--folds", type=int, default=5)
    task.add_argument(
        "--target", choices=list(TARGETS), action="append", help="repeatable; all, if not given"
    )


def measure(asked: argparse.Namespace) -> None:
    rows, told = read_rows(asked.file)
    broken = sum(
        abs(one["PCE"] - one["Voc"] * one["Jsc"] * one["FF"]) >= 0.5
        for one in told
        if len(one) == len(TARGETS)
    )
    print(f"{asked.file.name}: {len(rows)} devices; {broken} break |PCE - Voc Jsc FF| < 0.5")
    print(f"{len({json.dumps(one) for one in rows})} different records: a record is in one fold only")
    print(f"{'target':6} {'seen':>5} {'ours (forest)':>16} {'median':>16} {'covered':>8}"
          f" {'ours, by block':>16} {'covered':>8} {'published':>10}")  # fmt: skip
    for target in asked.target or TARGETS:
        kept = [k for k, one in enumerate(told) if target in one]
        x, y = [rows[k] for k in kept], [told[k][target] for k in kept]
        begun = process_time()
        for size, published in zip(SIZES, PUBLISHED[target], strict=True):
            ours, median, covered = validate(x, y, size, by_record(x, asked.folds, asked.seed), asked.seed)
            block, _, within = validate(x, y, size, by_block(x, asked.folds, asked.seed), asked.seed)
            print(f"{target:6} {size or 'all':>5} {_say(ours)} {_say(median)} {covered:8.2f}"
                  f" {_say(block)} {within:8.2f}"
                  f" {'-' if published is None else published:>10}")  # fmt: skip
        seconds = process_time() - begun
        print(f"       ({TARGETS[target] or 'no unit'}; {len(kept)} devices, {seconds:.0f} s of one core)")


def read_rows(path: Path) -> tuple[list[dict[str, str]], list[dict[str, float]]]:
    """Return the slots of each device, and the figures that are told of it."""
    rows, told = [], []
    for one in json.loads(path.read_text(encoding="utf-8")):
        rows.append(_fields(one["input"].replace("###", "")))
        figures = {
            name.rpartition(" ")[2]: value
            for name, value in _fields(one["output"].replace("@@@", "")).items()
        }
        told.append({name: float(value) for name, value in figures.items()
                     if name in TARGETS and re.fullmatch(r"\d+(?:\.\d+)?", value)})  # fmt: skip
    return rows, told


def _fields(text: str) -> dict[str, str]:
    parts = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, colon, value in parts if colon}


Folds = list[NDArray[np.int64]]


def by_record(rows: Sequence[Mapping[str, str]], folds: int, seed: int) -> Folds:
    """Return folds of row numbers; rows that hold the same record are in one fold."""
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(json.dumps(row), []).append(number)
    order = np.random.default_rng(seed).permutation(len(groups))
    held = list(groups.values())
    return [np.concatenate([held[k] for k in part]) for part in np.array_split(order, folds)]


def by_block(rows: Sequence[Mapping[str, str]], folds: int, _: int) -> Folds:
    """Return stretches of the table: rows of one paper stand together."""
    return np.array_split(np.arange(len(rows)), folds)


def validate(
    rows: Sequence[Mapping[str, str]], y: Sequence[float], size: int | None, parts: Folds, seed: int
) -> tuple[Array, Array, float]:
    """Return absolute errors of forest and median, and the share of values within the intervals."""
    rng = np.random.default_rng(seed)
    ours, median, within = [], [], []
    for number, part in enumerate(parts):
        hidden = {json.dumps(rows[k]) for k in part}
        others = np.concatenate([one for k, one in enumerate(parts) if k != number])
        others = np.array([k for k in others if json.dumps(rows[k]) not in hidden])
        chosen = others if size is None else rng.choice(others, size, replace=False)
        model = Predictor([rows[k] for k in chosen], [y[k] for k in chosen], seed, TREES)
        for k, told in zip(part, model.predict([rows[k] for k in part]), strict=True):
            ours.append(abs(told.value - y[k]))
            median.append(abs(told.median - y[k]))
            within.append(told.low <= y[k] <= told.high)
    return np.array(ours), np.array(median), float(np.mean(within))


def _say(errors: Array) -> str:
    return f"{errors.mean():8.3f} ± {errors.std(ddof=1) / len(errors) ** 0.5:5.3f}"
