"""Trains the network on all data sets of one family of hosts at once, with torch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from tools.defects.dataset import ENERGY, GAP
from tools.defects.network import (
    CENTRES,
    DECAYS,
    DOUBLETS,
    HEADS,
    HOPPINGS,
    OWN,
    SCALARS,
    Levels,
    first_edges,
    predict_levels,
)
from tools.defects.padded import ABSENT, Batch, batch_of
from tools.defects.store import DefectDataset
from tools.defects.training.plan import ROWS, NetworkPlan

ENDS: Final = 16  # numbers that tell a pair what stands at an end
TRIANGLE: Final = 12
SUMMARY: Final = (16, 96, 64)  # numbers that a head of the attention finds, and those in between
DATASETS: Final = tuple(ROWS.values())
HIGH_BATCH: Final = 16
LOW_BATCH: Final = 64
LOW_WEIGHT: Final = 0.5  # of the low-density structures in the loss
RATE: Final = 2e-3
WARM_UP: Final = 200  # steps
DECAY: Final = 1e-2
AVERAGE: Final = 0.998  # of the weights, over the steps
SCALE: Final = 0.3  # eV
LEVELS_WEIGHT: Final = 0.1  # of the frontier levels, which are only there to help
SMALL: Final = {"hop": 0.2, "own": 0.2, "levels.shift.2": 0.1}  # weights at the start, against the usual
LEVEL: Final = 0.9  # eV: where the orbitals start, below and above the middle of the gap
TARGETS: Final = (ENERGY, GAP, "homo_majority", "lumo_majority")

Rows = NDArray[np.int64]
Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class TrainingStructures:
    """Structures to learn from: high-density ones, or low-density ones."""

    given: Batch
    wanted: torch.Tensor
    """(structures, TARGETS), eV; the frontier levels from the middle of their data set's mean gap."""
    number: NDArray[np.int64]
    """Defects of each."""


def train_network(data: DefectDataset, plan: NetworkPlan, splits: Sequence[str], seed: int) -> Arrays:
    """The averaged weights."""
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    rng = np.random.default_rng(seed)
    high, low = (_lesson(data, plan, splits, kind) for kind in ("high", "low"))
    if high is None:
        raise ValueError(f"{plan.rows} hold no high-density structures to learn from")
    weights = {name: torch.tensor(x).requires_grad_() for name, x in _start(high, plan, rng).items()}
    average = {name: x.detach().clone() for name, x in weights.items()}
    rest = {"weight_decay": 0.0, "params": [x for x in weights.values() if x.ndim < 2]}  # noqa: PLR2004 vectors
    decayed = {"weight_decay": DECAY, "params": [x for x in weights.values() if x.ndim > 1]}
    optimiser = torch.optim.AdamW([decayed, rest], lr=RATE, betas=(0.9, 0.98))
    batches = [rows for _ in range(plan.epochs) for rows in _shuffled(high, rng)]
    dilute = _endless(low, rng)
    for step, rows in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = _rate(step, len(batches))
        optimiser.zero_grad()
        _loss(weights, high, rows, plan.energy).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        if low is not None:
            (LOW_WEIGHT * _loss(weights, low, next(dilute), plan.energy)).backward()  # type: ignore[no-untyped-call]  # as above
        torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0)
        optimiser.step()
        keep = min(AVERAGE, (step + 1) / (step + 11))
        for name, x in weights.items():
            average[name].mul_(keep).add_(x.detach(), alpha=1 - keep)
    return {name: x.numpy() for name, x in average.items()}


def _lesson(
    data: DefectDataset, plan: NetworkPlan, splits: Sequence[str], density: str
) -> TrainingStructures | None:
    names = [ROWS[row] for row in plan.rows if ROWS[row].startswith(density)]
    chosen = [data.rows(name=name, splits=splits) for name in names]
    if not chosen:
        return None
    rows = np.concatenate(chosen)
    configurations = [data.configurations[k] for k in rows]
    numbers = [DATASETS.index(data.names[k]) for k in rows]
    given = replace(batch_of(configurations, 0), dataset=np.array(numbers))
    wanted = np.stack([data.column(name)[rows] for name in TARGETS], axis=1)
    for some in np.split(np.arange(len(rows)), np.cumsum([len(x) for x in chosen])[:-1]):
        wanted[some, 2:] -= wanted[some, 2:].mean()
    tensors = {field.name: torch.tensor(getattr(given, field.name)) for field in fields(given)}
    return TrainingStructures(
        Batch(**tensors),
        torch.tensor(wanted, dtype=torch.float32),
        np.array([len(c.defects) for c in configurations]),
    )


def _loss(
    weights: dict[str, torch.Tensor], lesson: TrainingStructures, rows: Rows, energy: float
) -> torch.Tensor:
    given = lesson.given.some(rows)
    found: Levels = predict_levels(weights, given, first_edges(weights, given, torch), torch)
    off = (torch.stack([found.energy, found.gap, found.homo, found.lumo], 1) - lesson.wanted[rows]).abs()
    share = torch.tensor([energy, 1.0, LEVELS_WEIGHT, LEVELS_WEIGHT])
    return (off.mean(0) * share).sum() / SCALE


def _rate(step: int, steps: int) -> float:
    return RATE * min(1.0, (step + 1) / WARM_UP) * float(0.505 + 0.495 * np.cos(np.pi * step / steps))


def _shuffled(lesson: TrainingStructures, rng: np.random.Generator) -> list[Rows]:
    """All structures once, in batches of as many defects each, so that no place of a batch is empty."""
    order = rng.permutation(len(lesson.number))
    groups = [order[lesson.number[order] == size] for size in np.unique(lesson.number)]
    batches = [b for g in groups for b in np.array_split(g, max(1, round(len(g) / HIGH_BATCH)))]
    return [batches[k] for k in rng.permutation(len(batches))]


def _endless(lesson: TrainingStructures | None, rng: np.random.Generator) -> Iterator[Rows]:
    while lesson is not None:
        order = rng.permutation(len(lesson.number))
        yield from (order[k : k + LOW_BATCH] for k in range(0, len(order) - LOW_BATCH, LOW_BATCH))


def _start(high: TrainingStructures, plan: NetworkPlan, rng: np.random.Generator) -> Arrays:
    linear, normal = _layers(plan.state, plan.edge, plan.hidden, plan.blocks)
    weights = _kinds(high, plan.state, rng)
    for name, (wide, narrow) in linear.items():
        bound = wide**-0.5
        small = SMALL.get(name, 1.0)
        weights[f"{name}.weight"] = rng.uniform(-bound, bound, (wide, narrow)) * small
        weights[f"{name}.bias"] = rng.uniform(-bound, bound, narrow) * (name != "hop")
    for name, size in normal.items():
        weights |= {f"{name}.weight": np.ones(size), f"{name}.bias": np.zeros(size)}
    return {name: np.asarray(x, dtype=np.float32) for name, x in weights.items()}


def _layers(
    state: int, edge: int, hidden: int, blocks: int
) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    """Sizes of the linear layers (inputs, outputs) and of the normalised rows."""
    found, first, second = SUMMARY
    linear = {
        "composition": (ABSENT + 1, state), "attention": (state, HEADS), "value": (state, HEADS * found),
        "hop": (edge, sum(HOPPINGS)), "own": (state, sum(OWN)),
    }  # fmt: skip
    deep = {
        "edge": (len(CENTRES) + len(DECAYS) + 7 + 2 * ENDS, hidden, edge),
        "energy.node": (state, state, 1), "energy.pair": (edge, 32, 1),
        "levels.shift": (state + HEADS * found + ABSENT + 1 + len(DATASETS), first, second, 3),
    }  # fmt: skip
    normal = {"energy.normal": state, "levels.normal": state}
    for block in (f"block{k}" for k in range(blocks)):
        linear |= {f"{block}.{name}": (state, edge) for name in ("value", "first", "second")}
        linear |= {f"{block}.{name}": (edge, TRIANGLE) for name in ("left", "right")}
        linear[f"{block}.filter"] = (edge, edge)
        deep[f"{block}.node"] = (state + edge, hidden, state)
        deep[f"{block}.pair"] = (edge + TRIANGLE, hidden, edge)
        normal |= {f"{block}.state_normal": state, f"{block}.edge_normal": edge}
    for name, sizes in deep.items():
        linear |= {f"{name}.{k}": step for k, step in enumerate(pairwise(sizes))}
    return linear, normal


def _kinds(high: TrainingStructures, state: int, rng: np.random.Generator) -> dict[str, NDArray[np.floating]]:
    """What is known of each kind; the energies start from a regression on the composition."""
    below = np.repeat(
        [-LEVEL, LEVEL, -LEVEL, LEVEL], [SCALARS // 2, SCALARS // 2, DOUBLETS // 2, DOUBLETS // 2]
    )
    shares = high.given.counts[:, :-1].numpy() * 8 / high.number[:, None]
    ridge = np.vstack([shares, 1e-2 * np.eye(ABSENT)])
    alone = np.linalg.lstsq(ridge, np.r_[high.wanted[:, 0].numpy(), np.zeros(ABSENT)], rcond=None)[0]
    return {
        "kind.state": rng.normal(size=(ABSENT + 1, state)),
        "kind.edge": rng.normal(size=(ABSENT + 1, ENDS)),
        "kind.energy": np.r_[alone, 0.0][:, None],
        "kind.levels": below + 0.05 * rng.normal(size=(ABSENT + 1, SCALARS + DOUBLETS)),
        "dataset": rng.normal(size=(len(DATASETS), len(DATASETS))),
        "edges": np.tile([-1.0, 1.0], (len(DATASETS), 1)),
    }
