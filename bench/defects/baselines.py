"""Trains a baseline on the splits of the table, for as many minutes as it is given, and judges it on test.

python -m bench.defects.baselines sparse-megnet 2DMD --minutes 6
python -m bench.defects.baselines megnet 2DMD --minutes 6 --fraction 0.5 --seed 1
python -m bench.defects.baselines catboost 2DMD

One model for all data sets and both targets, without early stopping: nothing is chosen on test. What it
finds is left in --work for the table and the learning curves.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.dataset import ENERGY, GAP
from tools.defects.store import DefectDataset, load_2dmd
from tools.defects.training.plan import ROWS

NAMES: Final = ("sparse-megnet", "megnet", "m3gnet", "schnet", "catboost")
LEARNED: Final = ("train", "validation")
BATCH: Final = 16
RATE: Final = 2e-3
MOST_JUDGED: Final = 100  # test structures of a row, the first: the low-density rows have a thousand

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class BaselineErrors:
    """What a baseline was trained on, and its MAE on test by target and row, meV."""

    name: str
    fraction: float
    seed: int
    minutes: float
    structures: int
    """Of the training set."""
    seen: int
    """Counting each time that one was learned from."""
    errors: dict[str, dict[str, float]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument(
        "--minutes", type=float, default=6.0, help="of training on one core; CatBoost takes what it takes"
    )
    parser.add_argument("--fraction", type=float, default=1.0, help="of each data set's training structures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    rows = part(data, chosen.fraction, chosen.seed)
    judged = {row: data.rows(name=name, splits=["test"])[:MOST_JUDGED] for row, name in ROWS.items()}
    if chosen.name == "catboost":
        from bench.defects.catboost import train_catboost

        start = time.process_time()
        boosted = train_catboost(data, rows, chosen.seed)
        predictions = {
            row: boosted.predict([data.configurations[k] for k in which]) for row, which in judged.items()
        }
        minutes, seen = (time.process_time() - start) / 60, len(rows)
    else:
        net, seen = train_network(data, rows, chosen.name, chosen.minutes, seed=chosen.seed)
        predictions = {row: net.predict(data, which) for row, which in judged.items()}
        minutes = chosen.minutes
    errors = {
        target: {row: _error(data, which, predictions[row][:, k], name) for row, which in judged.items()}
        for k, (target, name) in enumerate((("energy", ENERGY), ("gap", GAP)))
    }
    found = BaselineErrors(chosen.name, chosen.fraction, chosen.seed, minutes, len(rows), seen, errors)
    path = chosen.work / f"baseline-{chosen.name}-{chosen.fraction:g}-{chosen.seed}.json"
    path.write_text(json.dumps(asdict(found)), encoding="utf-8")
    _print(found)


def part(data: DefectDataset, fraction: float, seed: int) -> Rows:
    """The same share of every data set's train + validation structures."""
    rng = np.random.default_rng(seed)
    chosen = []
    for name in ROWS.values():
        rows = rng.permutation(data.rows(name=name, splits=LEARNED))
        chosen.append(rows[: max(1, round(fraction * len(rows)))])
    return np.concatenate(chosen)


@dataclass(frozen=True)
class Network:
    """A trained baseline; predictions in eV."""

    name: str
    module: Any
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    def predict(self, data: DefectDataset, rows: Rows) -> NDArray[np.float64]:
        """(rows, 2): energy and gap."""
        import torch

        from bench.defects.graphs import collate
        from bench.defects.models import NETWORKS

        graph_of = NETWORKS[self.name][1]
        self.module.eval()
        parts = []
        with torch.no_grad():
            for k in range(0, len(rows), BATCH):
                graphs = [graph_of(data.configurations[row]) for row in rows[k : k + BATCH]]
                parts.append(self.module(collate(graphs)).numpy() * self.spread + self.mean)
        return np.concatenate(parts)


def train_network(
    data: DefectDataset, rows: Rows, name: str, minutes: float, *, seed: int
) -> tuple[Network, int]:
    """The network, and how many structures it saw; each data set is drawn by the root of its size."""
    import torch

    from bench.defects.graphs import collate
    from bench.defects.models import NETWORKS

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    kind, graph_of = NETWORKS[name]
    targets = np.stack([data.column(ENERGY), data.column(GAP)], axis=1).astype(np.float32)
    mean, spread = targets[rows].mean(0), targets[rows].std(0)
    wanted, net = torch.tensor((targets - mean) / spread), kind()
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    names = np.array(data.names)[rows]
    chance = np.array([(names == one).sum() ** -0.5 for one in names])
    start, seen = time.process_time(), 0
    while (share := (time.process_time() - start) / (60 * minutes)) < 1:
        some = rng.choice(rows, BATCH, p=chance / chance.sum())
        optimiser.param_groups[0]["lr"] = RATE * 0.5 * (1 + np.cos(np.pi * share))
        optimiser.zero_grad()
        graph = collate([graph_of(data.configurations[row]) for row in some])
        (net(graph) - wanted[some]).abs().mean().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        seen += BATCH
    return Network(name, net, mean, spread), seen


def _error(data: DefectDataset, rows: Rows, predicted: NDArray[np.floating], column: str) -> float:
    return 1e3 * float(np.abs(predicted - data.column(column)[rows]).mean())


def _print(found: BaselineErrors) -> None:
    print(
        f"{found.name}: {found.minutes:.1f} min on {found.structures} structures "
        f"({found.seen} seen), seed {found.seed}; MAE on test, meV"
    )
    for target, errors in found.errors.items():
        line = ", ".join(f"{row} {error:.1f}" for row, error in errors.items())
        print(f"{target}: {line}; combined {np.mean(list(errors.values())):.1f}")


if __name__ == "__main__":
    main()
