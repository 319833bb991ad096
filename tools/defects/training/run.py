"""Trains experts one by one and keeps each, so that a run that is cut goes on where it was."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.defects.store import Dataset
from tools.defects.training.plan import ROWS
from tools.defects.training.train import TARGETS, Trained, apply, dataset_vocabulary, train_expert

PHASES = {"validate": (("train",), "validation"), "final": (("train", "validation"), "test")}
"""What each phase learns from and is judged on."""


@dataclass(frozen=True)
class Outcome:
    """An expert, and what it predicts for the split that judges it; eV."""

    trained: Trained
    rows: NDArray[np.int64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    truth: NDArray[np.float64]

    @property
    def error(self) -> NDArray[np.float64]:
        return self.mean - self.truth


def outcome(data: Dataset, phase: str, row: str, target: str, *, seed: int, folder: Path) -> Outcome:
    """Trained now, or found in `folder`, which holds only what this function wrote there."""
    path = folder / f"{phase}-{row.replace(' ', '_')}-{target}-{seed}.pkl"
    if path.exists():
        with path.open("rb") as file:
            kept: Outcome = pickle.load(file)  # noqa: S301 our own file, in a folder of this run
        return kept
    learned, judged = PHASES[phase]
    trained = train_expert(data, ROWS[row], target, learned, seed)
    rows = data.rows(name=ROWS[row], splits=[judged])
    mean, deviation = apply(trained.expert, dataset_vocabulary(data, ROWS[row], learned), data, rows)
    found = Outcome(trained, rows, mean, deviation, data.column(TARGETS[target])[rows])
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pickle.dump(found, file)
    return found
