"""Fitting the network to token sequences: minutes on one core."""

import contextlib
import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it

from tools.generation.errors import BadFile
from tools.generation.generators.card import TransformerShape
from tools.generation.generators.training.network import Muon, TransformerNetwork, arrays
from tools.generation.generators.vocabulary import PAD

RATE: Final = 0.01
TABLE_RATE: Final = 0.003
FLAT: Final = 0.4
WARM: Final = 0.02
AVERAGE: Final = 0.995
LOOKS: Final = 40
MOST_AT_ONCE: Final = 16_000  # tokens of held-out rows


@dataclass(frozen=True)
class TrainingPlan:
    """`prompt_end`: the number of the token up to which nothing is learnt; None: all is.

    `redraw` gives the rows of each epoch, as augmentation makes them; None: they stay.
    """

    minutes: float
    seed: int
    batch: int
    keep: float
    prompt_end: int | None = None
    redraw: Callable[[int], list[list[int]]] | None = None


@dataclass(frozen=True)
class Pause:
    """After how many minutes of this process a training stops, and the file that it goes on from."""

    minutes: float
    path: Path


class Paused(Exception):
    """The training is not over."""


@dataclass
class Course:
    """What happened: (minutes, epochs, train loss, held-out loss) at each look, nats a token."""

    looks: list[tuple[float, float, float, float]] = field(default_factory=list)
    weights: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> tuple[float, float, float, float]:
        return min(self.looks, key=lambda look: look[3])


def fit(  # noqa: PLR0917 - what is learnt, and how
    shape: TransformerShape,
    rows: list[list[int]],
    held_out: list[list[int]],
    plan: TrainingPlan,
    tell: Callable[[str], None],
    pause: Pause | None = None,
) -> Course:
    """The averaged weights of the look with the smallest held-out loss.

    Matrices are stepped by Muon (Jordan et al. 2024, github.com/KellerJordan/Muon), tables by AdamW. The
    rate is flat for 40 % of the time and then falls to nothing, so the outcome depends on the machine;
    minutes are of this process, so that others on the machine take none away. Raises Paused where the time
    of this process is over and the training is not: called again, it goes on.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    training = Training(shape)
    if pause is not None and pause.path.exists():
        training.restore(pause.path)
    course, losses, begun, before = training.course, list[float](), time.process_time(), training.spent
    for batch in endless(rows, plan, training.epoch):
        training.spent = before + (time.process_time() - begun) / 60
        share = training.spent / plan.minutes
        if share >= 1:
            break
        if pause is not None and training.spent - before >= pause.minutes:
            training.epoch = int(training.seen / len(rows)) + 1
            training.save(pause.path)
            raise Paused
        losses.append(training.learn(batch, plan, share))
        if share * LOOKS > len(course.looks) + 1:
            look(
                course,
                training.average,
                held_out,
                plan,
                (training.spent, training.seen / len(rows), losses),
                tell,
            )
            losses = []
    at = (plan.minutes, training.seen / len(rows), losses or [math.nan])
    look(course, training.average, held_out, plan, at, tell)
    if pause is not None:
        pause.path.unlink(missing_ok=True)
    return course


class Training:
    """The network, its averaged twin and its optimizers, with how far they are."""

    def __init__(self, shape: TransformerShape) -> None:
        self.network = TransformerNetwork(shape)
        self.average = copy.deepcopy(self.network)
        self.steppers = optimizers(self.network)
        self.course, self.seen, self.spent, self.epoch = Course(), 0, 0.0, 0

    def learn(self, batch: list[list[int]], plan: TrainingPlan, share: float) -> float:
        """One step; returns its loss."""
        for stepper in self.steppers:
            set_rate(stepper, share)
        loss = step(self.network, self.steppers, batch, plan)
        self.seen += len(batch)
        steps = self.seen / plan.batch
        follow(self.average, self.network, min(AVERAGE, steps / (steps + 10)))
        return loss

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "steppers": [stepper.state_dict() for stepper in self.steppers],
                "looks": self.course.looks,
                "weights": {name: torch.from_numpy(value) for name, value in self.course.weights.items()},
                "at": (self.seen, self.spent, self.epoch),
            },
            part,
        )
        part.replace(path)

    def restore(self, path: Path) -> None:
        """Raises BadFile where the file is none of a training of this shape."""
        try:
            kept = torch.load(path, weights_only=True)
            self.network.load_state_dict(kept["network"])
            self.average.load_state_dict(kept["average"])
            for stepper, state in zip(self.steppers, kept["steppers"], strict=True):
                stepper.load_state_dict(state)
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, UnpicklingError) as error:
            raise BadFile(f"{path} is no training of this model: remove it to begin anew") from error
        self.course.looks = [tuple(one) for one in kept["looks"]]
        self.course.weights = {name: value.numpy() for name, value in kept["weights"].items()}
        self.seen, self.spent, self.epoch = kept["at"]


@torch.no_grad()
def follow(average: TransformerNetwork, network: TransformerNetwork, share: float) -> None:
    """A running mean of the weights, of which `share` stays."""
    for mean, now in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(now, 1 - share)


def optimizers(network: TransformerNetwork) -> list[torch.optim.Optimizer]:
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
    network: TransformerNetwork,
    steppers: list[torch.optim.Optimizer],
    batch: list[list[int]],
    plan: TrainingPlan,
) -> float:
    loss = loss_of(network, batch, plan.keep, plan.prompt_end)
    loss.backward()
    for stepper in steppers:
        stepper.step()
        stepper.zero_grad(set_to_none=True)
    return float(loss.detach())


def loss_of(
    network: TransformerNetwork, batch: list[list[int]], keep: float = 1.0, prompt_end: int | None = None
) -> Any:  # noqa: ANN401 - a tensor
    """Mean cross-entropy a token, nats; tokens up to `prompt_end` are given and do not count."""
    table = np.full((len(batch), max(map(len, batch))), PAD)
    for place, row in enumerate(batch):
        table[place, : len(row)] = row
    wanted = table[:, 1:].copy()
    if prompt_end is not None:
        for place, row in enumerate(batch):
            with contextlib.suppress(ValueError):
                wanted[place, : row.index(prompt_end)] = PAD
    logits = network(torch.from_numpy(table[:, :-1]), keep)
    return F.cross_entropy(logits.flatten(0, 1), torch.from_numpy(wanted).flatten(), ignore_index=PAD)


def endless(rows: list[list[int]], plan: TrainingPlan, epoch: int = 0) -> Iterator[list[list[int]]]:
    """Batches of like lengths, in another order each epoch."""
    random = np.random.default_rng([plan.seed, epoch] if epoch else plan.seed)
    while True:
        rows = plan.redraw(epoch) if plan.redraw else rows
        epoch += 1
        keys = np.array([len(row) for row in rows]) + random.uniform(0, 4, len(rows))
        order = np.argsort(keys)
        starts = np.arange(0, len(rows), plan.batch)
        for start in random.permutation(starts):
            yield [rows[place] for place in order[start : start + plan.batch]]


def look(  # noqa: PLR0917 - what is seen, and when
    course: Course,
    network: TransformerNetwork,
    held_out: list[list[int]],
    plan: TrainingPlan,
    at: tuple[float, float, list[float]],
    tell: Callable[[str], None],
) -> None:
    minutes, epochs, losses = at
    found = held_out_loss(network, held_out, plan.prompt_end)
    course.looks.append((minutes, epochs, float(np.mean(losses)), found))
    if course.best[3] == found:
        course.weights = arrays(network)
    tell(f"{minutes:6.2f} min  epoch {epochs:6.2f}  train {np.mean(losses):.4f}  held out {found:.4f}")


def held_out_loss(network: TransformerNetwork, rows: list[list[int]], prompt_end: int | None = None) -> float:
    """Nats a token."""
    ordered = sorted(rows, key=len)
    size = max(1, MOST_AT_ONCE // len(ordered[-1]))
    total = count = 0.0
    with torch.no_grad():
        for start in range(0, len(ordered), size):
            batch = ordered[start : start + size]
            tokens = sum(
                len(row) - 1 - (row.index(prompt_end) if prompt_end is not None else 0) for row in batch
            )
            total += float(loss_of(network, batch, prompt_end=prompt_end)) * tokens
            count += tokens
    return total / count
