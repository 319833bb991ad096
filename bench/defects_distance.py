"""Energy against distance of two S vacancies in MoS2, from a model that never saw such a pair.

python -m bench.defects_distance DATA --out docs/defects_distance.png
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from tools.defects.dataset import ENERGY
from tools.defects.pairs import COLUMNS, pairs
from tools.defects.store import Dataset, load_2dmd
from tools.defects.training.train import apply, dataset_vocabulary, train_expert

NAME = "low_density_defects/MoS2"
KINDS = (("S", "X"), ("S", "X"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    parser.add_argument("--out", type=Path, default=Path("docs/defects_distance.png"))
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    rows = data.rows(name=NAME)
    held = np.array([k for k in rows if data.configurations[k].kinds == KINDS])
    mean, deviation = _predict(data, held)
    distance = np.array([pairs(data.configurations[k])[0, 1, COLUMNS.index("distance")] for k in held])
    truth = data.column(ENERGY)[held]
    print(f"{len(held)} pairs held out, MAE {1e3 * np.abs(mean - truth).mean():.1f} meV a defect")
    print(f"spread of the DFT energies {1e3 * truth.std():.1f} meV, rank agreement {_rank(mean, truth):.2f}")
    _plot(distance, truth, mean, deviation, chosen.out)


def _predict(data: Dataset, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    splits = data.splits.astype("<U16")
    splits[held] = "held"
    rest = replace(data, splits=splits)
    learned = ("train", "validation", "test")
    expert = train_expert(rest, NAME, "energy", learned, 0).expert
    return apply(expert, dataset_vocabulary(rest, NAME, learned), rest, held)


def _rank(one: np.ndarray, other: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(x)) for x in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _plot(
    distance: np.ndarray, truth: np.ndarray, mean: np.ndarray, deviation: np.ndarray, path: Path
) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    order = np.argsort(distance)
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    axes.plot(distance[order], truth[order], "o", color="black", label="DFT")
    axes.errorbar(
        distance[order], mean[order], 1.645 * deviation[order], fmt="x", color="tab:blue", capsize=2,
        label="ours, without such pairs (90 %)",
    )  # fmt: skip
    axes.set_xlabel("distance of two S vacancies in MoS2 (Å)")
    axes.set_ylabel("formation energy per site (eV)")
    axes.legend()
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
