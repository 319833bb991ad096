"""The two tables of the defect model, from training to test, beside the published ones.

python -m bench.defects validate DATA   choose: train on train, judge on validation
python -m bench.defects train DATA      3 seeds on train + validation; ships the best by evidence
python -m bench.defects table DATA      judges on test what `train` left, prints both tables beside the
                                        baselines that bench.defects.baselines left in --work; the column
                                        "90 %" is how many test values lie in that interval
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from bench.defects.table import PUBLISHED, SEEDS, print_tables
from tools.defects.store import DefectDataset, load_2dmd

TARGETS: Final = tuple(PUBLISHED)
FINAL: Final = ("train", "validation")


def validate(data: DefectDataset, work: Path) -> None:
    """One seed on train, judged on validation."""
    from tools.defects.training.plan import ROWS
    from tools.defects.training.run import blended, outcome, share_of

    for target in TARGETS:
        errors = {}
        for row in ROWS:
            alone = outcome(data, "validate", row, target, seed=0, folder=work)
            found = blended(data, "validate", row, target, seed=0, folder=work)
            errors[row] = 1e3 * float(np.abs(found.error).mean())
            share = f"networks' share {share_of(data, row, target, folder=work):.1f}"
            without = f"without it {1e3 * np.abs(alone.error).mean():.1f}"
            print(f"validation {target:6} {row:9} {errors[row]:7.1f} meV; {share}, {without}", flush=True)
        print(f"validation {target:6} combined  {np.mean(list(errors.values())):7.1f} meV", flush=True)


def train(data: DefectDataset, work: Path) -> None:
    """All seeds on train + validation; nothing is printed about test."""
    from tools.defects.training.plan import ROWS
    from tools.defects.training.run import networks_for, outcome, share_of, stretch_of
    from tools.defects.training.ship import ship_dataset, write_envelope, write_list

    entries = []
    write_envelope(data, FINAL)
    for row, name in ROWS.items():
        best, stretches = {}, {}
        for target in TARGETS:
            runs = [outcome(data, "final", row, target, seed=seed, folder=work).trained for seed in SEEDS]
            best[target] = min(runs, key=lambda run: run.evidence)
            stretches[target] = stretch_of(data, row, target, folder=work)
        shares = {target: share_of(data, row, target, folder=work) for target in TARGETS}
        networks = networks_for(data, "final", row, shares, folder=work)
        entries.append(ship_dataset(data, name, best, stretches, FINAL, networks=networks))
        print(f"{name}: {entries[-1].file}", flush=True)
    write_list(entries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["validate", "train", "table"])
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument(
        "--work", type=Path, default=Path(".defects"), help="where caches and trained experts are kept"
    )
    parser.add_argument("--rows", nargs="*", help="train only these rows of the table, without shipping")
    parser.add_argument("--networks", nargs="*", help="train only these networks, without shipping")
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    phase = "final" if chosen.what == "train" else "validate"
    if chosen.networks:
        train_networks(data, chosen.work, phase, chosen.networks)
    elif chosen.rows:
        train_rows(data, chosen.work, phase, chosen.rows)
    else:
        {"validate": validate, "train": train, "table": print_tables}[chosen.what](data, chosen.work)


def train_rows(data: DefectDataset, work: Path, phase: str, rows: list[str]) -> None:
    """Part of a phase: several of these may run beside each other."""
    from tools.defects.training.run import outcome

    for seed in SEEDS if phase == "final" else (0,):
        for row in rows:
            for target in TARGETS:
                outcome(data, phase, row, target, seed=seed, folder=work)
                print(f"{phase} {row} {target} seed {seed}", flush=True)


def train_networks(data: DefectDataset, work: Path, phase: str, names: list[str]) -> None:
    """As `train_rows`, for networks."""
    from tools.defects.training.plan import NETWORK_SEEDS
    from tools.defects.training.run import network_weights

    for name in names:
        for seed in NETWORK_SEEDS:
            network_weights(data, phase, name, seed=seed, folder=work)
            print(f"{phase} network {name} seed {seed}", flush=True)


if __name__ == "__main__":
    main()
