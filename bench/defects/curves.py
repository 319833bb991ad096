"""Learning curves: MAE of the energy on test against the share of the training structures.

python -m bench.defects.curves 2DMD --out docs/defects_curves.png

Ours is the Gaussian process alone, trained here; the others are what bench.defects.baselines left in
--work for each share (`--fraction`), trained as long for every share.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.defects.baselines import part
from bench.defects.table import baseline
from tools.defects.dataset import ENERGY
from tools.defects.store import DefectDataset, load_2dmd
from tools.defects.training.plan import ROWS
from tools.defects.training.train import apply, dataset_vocabulary, train_expert

FRACTIONS: Final = (0.1, 0.25, 0.5, 1.0)
ERRORS: Final = (30, 50, 100, 200, 500)
OTHERS: Final = {
    "catboost": "CatBoost",
    "sparse-megnet": "sparse MEGNet",
    "megnet": "full MEGNet",
    "schnet": "SchNet",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    parser.add_argument("--out", type=Path, default=Path("docs/defects_curves.png"))
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    curves = {"ours (process alone)": [ours(data, share, chosen.seed) for share in FRACTIONS]}
    for name, label in OTHERS.items():
        found = [baseline(chosen.work, name, share) for share in FRACTIONS]
        if all(found):
            curves[label + _minutes(found)] = [_combined(one) for one in found if one]
    for label, errors in curves.items():
        print(label + ": " + ", ".join(f"{s:.0%} {e:.1f}" for s, e in zip(FRACTIONS, errors, strict=True)))
    _plot(curves, chosen.out)


def ours(data: DefectDataset, share: float, seed: int) -> float:
    """Combined MAE, meV, of models that see only a share of every data set."""
    splits = np.where(data.splits == "test", "test", "unused")
    splits[part(data, share, seed)] = "train"
    rest, errors = replace(data, splits=splits), []
    for name in ROWS.values():
        expert = train_expert(rest, name, "energy", ("train",), seed).expert
        rows = data.rows(name=name, splits=["test"])
        mean, _ = apply(expert, dataset_vocabulary(rest, name, ("train",)), rest, rows)
        errors.append(1e3 * float(np.abs(mean - data.column(ENERGY)[rows]).mean()))
    return float(np.mean(errors))


def _combined(found: dict[str, Any]) -> float:
    return float(np.mean(list(found["errors"]["energy"].values())))


def _minutes(found: list[dict[str, Any] | None]) -> str:
    minutes = sorted({round(one["minutes"], 1) for one in found if one})
    return f", {minutes[0]:g} to {minutes[-1]:g} min" if len(minutes) > 1 else f", {minutes[0]:g} min"


def _plot(curves: dict[str, list[float]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7.5, 4), layout="constrained")
    for label, errors in curves.items():
        axes.loglog([100 * share for share in FRACTIONS], errors, "o-", label=label)
    axes.set_xticks([100 * share for share in FRACTIONS], [f"{share:.0%}" for share in FRACTIONS])
    axes.set_yticks(ERRORS, map(str, ERRORS))
    axes.minorticks_off()
    axes.set_xlabel("share of the training structures")
    axes.set_ylabel("energy per site, combined test MAE (meV)")
    figure.legend(loc="outside right upper", fontsize="small")
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
