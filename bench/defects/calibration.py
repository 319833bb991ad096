"""Intervals of the defect model on classes of structures that it never saw, before and after widening.

python -m bench.defects.calibration 2DMD            prints the table
python -m bench.defects.calibration 2DMD --write    also ships the factors

Whole compositions, pairs of kinds, densities and distances are left out in turn of each data set (train and
validation; the test split is not read). The factor of a grade comes from the other classes, so that no class
is judged by a factor that its own errors gave. "width" is the median half width of a 90 % interval.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from tools.defects.catalogue import catalogue
from tools.defects.novelty import Grade
from tools.defects.store import load_2dmd
from tools.defects.training.leaving_out import HeldOutClass, leave_out, widening_factors
from tools.defects.training.plan import ROWS
from tools.defects.weights import load_model

HEADING = (
    "| data set, target | left out | classes | structures | grades | 90 % before | after "
    "| width before, meV | after | classes at 85–95 % |\n|---|---|--:|--:|---|--:|--:|--:|--:|--:|"
)
HALF_WIDTH = 1.6449  # of a 90 % interval, in standard deviations


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    parser.add_argument("--write", action="store_true", help="write data/widening.json")
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    factors: dict[str, dict[str, dict[str, float]]] = {}
    print(HEADING)
    for row, name in ROWS.items():
        model = load_model(next(entry for entry in catalogue() if entry.dataset == name))
        for target, expert in model.experts.items():
            left = leave_out(data, name, target, expert)
            found = widening_factors(left)
            factors.setdefault(name, {})[target] = {grade.value: round(x, 3) for grade, x in found.items()}
            for line in rows_of(left):
                print(f"| {row} {target} | {line}", flush=True)
    print("\nfactors:", factors)
    if chosen.write:
        from tools.defects.training.ship import write_widening

        write_widening(factors)


def rows_of(left: list[HeldOutClass]) -> list[str]:
    """Return a table line for each sort of class."""
    sorts: dict[str, list[tuple[HeldOutClass, dict[Grade, float]]]] = defaultdict(list)
    for k, one in enumerate(left):
        sorts[one.sort].append((one, widening_factors([*left[:k], *left[k + 1 :]])))
    return [_line(sort, pairs) for sort, pairs in sorts.items()]


def _line(sort: str, pairs: list[tuple[HeldOutClass, dict[Grade, float]]]) -> str:
    before = np.array([one.covered({}) for one, _ in pairs])
    after = np.array([one.covered(factors) for one, factors in pairs])
    stds = [np.concatenate([one.widened(f if wide else {}) for one, f in pairs]) for wide in (False, True)]
    widths = [1e3 * HALF_WIDTH * float(np.median(std)) for std in stds]
    grades = Counter(grade.value for one, _ in pairs for grade in one.grades)
    said = ", ".join(f"{count} {grade}" for grade, count in sorted(grades.items()))
    number = sum(len(one.error) for one, _ in pairs)
    inside = f"{((after >= 0.85) & (after <= 0.95)).sum()} of {len(pairs)}"
    return (
        f"{sort} | {len(pairs)} | {number} | {said} | {before.mean():.0%} | {after.mean():.0%} | "
        f"{widths[0]:.0f} | {widths[1]:.0f} | {inside} |"
    )


if __name__ == "__main__":
    main()
