"""Trains experts and networks one by one and keeps each, so that a run that is cut goes on where it was."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.defects.model import Networks, blend
from tools.defects.store import DefectDataset
from tools.defects.training.plan import NETWORK_SEEDS, NETWORKS, ROWS, SHARES
from tools.defects.training.train import (
    TARGETS,
    Trained,
    apply,
    dataset_vocabulary,
    stretch_for,
    train_expert,
)

PHASES = {"validate": (("train",), "validation"), "final": (("train", "validation"), "test")}
"""What each phase learns from and is judged on."""
CHOSEN_BY = 0  # the seed whose validation results choose shares and stretches


@dataclass(frozen=True)
class ExpertOutcome:
    """An expert, and what is predicted for the split that judges it; eV."""

    trained: Trained
    rows: NDArray[np.int64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    truth: NDArray[np.float64]

    @property
    def error(self) -> NDArray[np.float64]:
        return self.mean - self.truth


def outcome(
    data: DefectDataset, phase: str, row: str, target: str, *, seed: int, folder: Path
) -> ExpertOutcome:
    """The expert's. Trained now, or found in `folder`, which holds only what this module wrote there."""
    path = folder / f"{phase}-{row.replace(' ', '_')}-{target}-{seed}.pkl"
    if path.exists():
        with path.open("rb") as file:
            kept: ExpertOutcome = pickle.load(file)  # noqa: S301 our own file, in a folder of this run
        return kept
    learned, judged = PHASES[phase]
    trained = train_expert(data, ROWS[row], target, learned, seed)
    rows = data.rows(name=ROWS[row], splits=[judged])
    mean, deviation = apply(trained.expert, dataset_vocabulary(data, ROWS[row], learned), data, rows)
    found = ExpertOutcome(trained, rows, mean, deviation, data.column(TARGETS[target])[rows])
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pickle.dump(found, file)
    return found


def blended(
    data: DefectDataset, phase: str, row: str, target: str, *, seed: int, folder: Path
) -> ExpertOutcome:
    """The expert's outcome with the networks', where there are any."""
    alone = outcome(data, phase, row, target, seed=seed, folder=folder)
    share = share_of(data, row, target, folder=folder)
    if not share:
        return alone
    voice = _voice(data, phase, row, target, folder=folder)
    mean, deviation = blend(alone.mean, alone.deviation, voice, share, 1.0)
    return replace(alone, mean=mean, deviation=deviation)


def share_of(data: DefectDataset, row: str, target: str, *, folder: Path) -> float:
    """The networks' share with the least error on validation."""
    if network_of(row) is None:
        return 0.0
    alone = outcome(data, "validate", row, target, seed=CHOSEN_BY, folder=folder)
    voice = _voice(data, "validate", row, target, folder=folder)
    errors = [float(np.abs(alone.error + share * (voice - alone.mean)).mean()) for share in SHARES]
    return SHARES[int(np.argmin(errors))]


def stretch_of(data: DefectDataset, row: str, target: str, *, folder: Path) -> float:
    """By the validation errors: half by the row's own, half by the processes' of the other high-density rows.

    A row's own hundred alone give the factor to 10 or 20 % only; low-density rows have enough.
    """
    dense = [] if " low" in row else [one for one in ROWS if " low" not in one and one != row]
    own = blended(data, "validate", row, target, seed=CHOSEN_BY, folder=folder)
    others = [outcome(data, "validate", one, target, seed=CHOSEN_BY, folder=folder) for one in dense]
    ratios = [np.abs(one.error) / one.deviation for one in (own, *others)]
    return stretch_for(ratios[0], np.concatenate(ratios[1:] or ratios))


def network_of(row: str) -> str | None:
    """The networks that speak for a row of the table."""
    return next((name for name, plan in NETWORKS.items() if row in plan.rows and " low" not in row), None)


def network_weights(
    data: DefectDataset, phase: str, name: str, *, seed: int, folder: Path
) -> dict[str, NDArray[np.float32]]:
    """Trained now, or found in `folder`."""
    path = folder / f"{phase}-network-{name.replace(' ', '_')}-{seed}.npz"
    if not path.exists():
        from tools.defects.training.networks import train_network

        weights = train_network(data, NETWORKS[name], PHASES[phase][0], seed)
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(path, allow_pickle=False, **weights)
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


def networks_for(
    data: DefectDataset, phase: str, row: str, shares: Mapping[str, float], *, folder: Path
) -> Networks | None:
    """One of each seed."""
    name = network_of(row)
    if name is None:
        return None
    members = [network_weights(data, phase, name, seed=seed, folder=folder) for seed in NETWORK_SEEDS]
    return Networks(members, list(ROWS).index(row), shares)


def _voice(data: DefectDataset, phase: str, row: str, target: str, *, folder: Path) -> NDArray[np.float64]:
    networks = networks_for(data, phase, row, dict.fromkeys(TARGETS, 1.0), folder=folder)
    if networks is None:
        raise ValueError(f"no network speaks for {row}")
    rows = data.rows(name=ROWS[row], splits=[PHASES[phase][1]])
    return networks.predict([data.configurations[k] for k in rows])[target]
