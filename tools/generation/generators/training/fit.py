"""Fitting the network to token sequences: minutes on one core."""

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it

from tools.generation.generators.card import Shape
from tools.generation.generators.training.muon import Muon
from tools.generation.generators.training.network import Network, arrays
from tools.generation.generators.vocabulary import PAD

RATE: Final = 0.01
TABLE_RATE: Final = 0.003
FLAT: Final = 0.4
WARM: Final = 0.02
AVERAGE: Final = 0.995
LOOKS: Final = 40


@dataclass(frozen=True)
class Plan:
    minutes: float
    seed: int
    batch: int
    keep: float


@dataclass
class Course:
    """What happened: (minutes, epochs, train loss, held-out loss) at each look, nats a token."""

    looks: list[tuple[float, float, float, float]] = field(default_factory=list)
    weights: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> tuple[float, float, float, float]:
        return min(self.looks, key=lambda look: look[3])


def fit(
    shape: Shape, rows: list[list[int]], held_out: list[list[int]], plan: Plan, tell: Callable[[str], None]
) -> Course:
    """The averaged weights of the look with the smallest held-out loss.

    Matrices are stepped by Muon (Jordan et al. 2024, github.com/KellerJordan/Muon), tables by AdamW. The
    rate is flat for 40 % of the time and then falls to nothing, so the outcome depends on the machine;
    minutes are of this process, so that others on the machine take none away.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    network = Network(shape)
    average = copy.deepcopy(network)
    steppers = optimizers(network)
    course, losses, seen, begun = Course(), [], 0, time.process_time()
    for batch in endless(rows, plan):
        spent = (time.process_time() - begun) / (60 * plan.minutes)
        if spent >= 1:
            break
        for stepper in steppers:
            set_rate(stepper, spent)
        losses.append(step(network, steppers, batch, plan.keep))
        seen += len(batch)
        steps = seen / plan.batch
        follow(average, network, min(AVERAGE, steps / (steps + 10)))
        if spent * LOOKS > len(course.looks) + 1:
            look(course, average, held_out, (spent * plan.minutes, seen / len(rows), losses), tell)
            losses = []
    look(course, average, held_out, (plan.minutes, seen / len(rows), losses or [math.nan]), tell)
    return course


@torch.no_grad()
def follow(average: Network, network: Network, share: float) -> None:
    """A running mean of the weights, of which `share` stays."""
    for mean, now in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(now, 1 - share)


def optimizers(network: Network) -> list[torch.optim.Optimizer]:
    matrices = list(network.blocks.parameters())
    tables = [network.embed.weight, network.head.weight]
    return [
        Muon(matrices, rate=RATE, momentum=0.95, decay=0.1),
        torch.optim.AdamW(tables, lr=TABLE_RATE, weight_decay=0.01, betas=(0.9, 0.98)),
    ]


def set_rate(stepper: torch.optim.Optimizer, spent: float) -> None:
    for group in stepper.param_groups:
        group.setdefault("first", group["lr"])
        group["lr"] = group["first"] * min(1.0, spent / WARM + 0.02, (1 - spent) / (1 - FLAT))


def step(
    network: Network, steppers: list[torch.optim.Optimizer], batch: list[list[int]], keep: float
) -> float:
    loss = loss_of(network, batch, keep)
    loss.backward()
    for stepper in steppers:
        stepper.step()
        stepper.zero_grad(set_to_none=True)
    return float(loss.detach())


def loss_of(network: Network, batch: list[list[int]], keep: float = 1.0) -> Any:  # noqa: ANN401 - a tensor
    """Mean cross-entropy a token, nats."""
    table = np.full((len(batch), max(map(len, batch))), PAD)
    for place, row in enumerate(batch):
        table[place, : len(row)] = row
    tokens = torch.from_numpy(table)
    logits = network(tokens[:, :-1], keep)
    return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=PAD)


def endless(rows: list[list[int]], plan: Plan) -> Iterator[list[list[int]]]:
    """Batches of like lengths, in another order each epoch."""
    random = np.random.default_rng(plan.seed)
    while True:
        keys = np.array([len(row) for row in rows]) + random.uniform(0, 4, len(rows))
        order = np.argsort(keys)
        starts = np.arange(0, len(rows), plan.batch)
        for start in random.permutation(starts):
            yield [rows[place] for place in order[start : start + plan.batch]]


def look(
    course: Course,
    network: Network,
    held_out: list[list[int]],
    at: tuple[float, float, list[float]],
    tell: Callable[[str], None],
) -> None:
    minutes, epochs, losses = at
    found = held_out_loss(network, held_out)
    course.looks.append((minutes, epochs, float(np.mean(losses)), found))
    if course.best[3] == found:
        course.weights = arrays(network)
    tell(f"{minutes:6.2f} min  epoch {epochs:6.2f}  train {np.mean(losses):.4f}  held out {found:.4f}")


def held_out_loss(network: Network, rows: list[list[int]]) -> float:
    """Nats a token."""
    ordered = sorted(rows, key=len)
    total = count = 0.0
    with torch.no_grad():
        for start in range(0, len(ordered), 256):
            batch = ordered[start : start + 256]
            tokens = sum(len(row) - 1 for row in batch)
            total += float(loss_of(network, batch)) * tokens
            count += tokens
    return total / count
