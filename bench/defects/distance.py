"""Energy against distance of two S vacancies in MoS2, from a model that never saw such a pair.

python -m bench.defects.distance DATA --out docs/defects_distance.png

The MEGNets of bench.defects.models learn from the same structures, for --minutes of one core.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.defects.baselines import train_network
from tools.defects.dataset import ENERGY
from tools.defects.graph import COLUMNS, pairs
from tools.defects.store import DefectDataset, load_2dmd
from tools.defects.training.train import apply, dataset_vocabulary, train_expert

NAME = "low_density_defects/MoS2"
KINDS = (("S", "X"), ("S", "X"))


@dataclass(frozen=True)
class HeldOutPairs:
    """By held-out pair: distance in Å, energies a defect in eV."""

    distance: np.ndarray
    truth: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    others: dict[str, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    parser.add_argument("--out", type=Path, default=Path("docs/defects_distance.png"))
    parser.add_argument("--minutes", type=float, default=2.0, help="of training for each MEGNet")
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    rows = data.rows(name=NAME)
    held = np.array([k for k in rows if data.configurations[k].kinds == KINDS])
    mean, deviation = predict_held(data, held, held)
    distance = np.array([pairs(data.configurations[k])[0, 1, COLUMNS.index("distance")] for k in held])
    truth = data.column(ENERGY)[held]
    print(f"{len(held)} pairs held out; spread of the DFT energies {1e3 * truth.std():.1f} meV")
    others = {}
    for name in ("sparse-megnet", "megnet"):
        net, _ = train_network(data, np.setdiff1d(rows, held), name, chosen.minutes, seed=0)
        others[name] = net.predict(data, held)[:, 0]
    for name, found in {"ours": mean, **others}.items():
        error = 1e3 * np.abs(found - truth).mean()
        print(f"{name}: MAE {error:.1f} meV a defect, rank agreement {_rank(found, truth):.2f}")
    _plot(HeldOutPairs(distance, truth, mean, deviation, others), chosen.minutes, chosen.out)


def predict_held(data: DefectDataset, held: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return means and standard deviations (eV a defect) of rows, from a model that did not see `held`."""
    splits = data.splits.astype("<U16")
    splits[held] = "held"
    rest = replace(data, splits=splits)
    learned = ("train", "validation", "test")
    expert = train_expert(rest, NAME, "energy", learned, 0).expert
    return apply(expert, dataset_vocabulary(rest, NAME, learned), rest, rows)


def _rank(one: np.ndarray, other: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(x)) for x in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _rise(energies: np.ndarray) -> np.ndarray:
    """In meV above the last: how a curve bends shows only without its offset, which is the MAE's to tell."""
    rise: np.ndarray = 1e3 * (energies - energies[-1])
    return rise


def _plot(pairs_held: HeldOutPairs, minutes: float, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    order = np.argsort(pairs_held.distance)
    distance = pairs_held.distance[order]
    figure, axes = plt.subplots(figsize=(6.5, 4.5), layout="constrained")
    axes.plot(distance, _rise(pairs_held.truth[order]), "o", color="black", label="DFT")
    axes.errorbar(
        distance, _rise(pairs_held.mean[order]), 1645 * pairs_held.deviation[order], fmt="x-", capsize=2,
        linewidth=0.7, label="ours (90 %)",
    )  # fmt: skip
    for name, found in pairs_held.others.items():
        axes.plot(
            distance,
            _rise(found[order]),
            "s--",
            markersize=3,
            linewidth=0.7,
            label=f"{name}, {minutes:g} min",
        )
    axes.set_xlabel("distance of two S vacancies in MoS2 (Å)")
    axes.set_ylabel("energy per site, above the farthest pair's (meV)")
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
