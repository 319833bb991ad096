"""The one pipeline of predictions: structures as they come, read and predicted in batches, in order.

Memory does not grow with their number. Each process keeps to one thread of linear algebra: threads of several
would wait for each other, and one structure gives too little for many.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tools.defects.applicability import refusal
from tools.defects.catalogue import Entry, catalogue, version
from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.extra import needing_extra
from tools.defects.features import loads
from tools.defects.members import Member
from tools.defects.schema import Prediction, Quantity
from tools.defects.spec import write_spec
from tools.defects.weights import load_model

BATCH: Final = 256  # structures at once: bounds the memory
FIRST: Final = 64  # structures before more processes begin, which then have its weights in memory
AHEAD: Final = 2  # batches a worker that wait their turn


@dataclass(frozen=True)
class Answer:
    """A prediction, and whether its structure could be read: what was read may still be outside the model."""

    prediction: Prediction
    is_readable: bool


def answer_members(members: Iterable[Member], workers: int = 1) -> Iterator[list[Answer]]:
    """Yield a batch of answers at a time.

    The first batch is predicted here. More than one worker are processes beside this one, started if a second
    batch comes, and at most as many as there are cores. Raises BadInput for no worker at all.
    """
    if workers < 1:
        raise BadInput(f"{workers} workers: at least one has to predict")
    workers, stream = min(workers, count_cores()), iter(members)
    batches = iter(lambda: list(islice(stream, BATCH)), [])
    if workers == 1:
        yield from map(answer_batch, batches)
        return
    if first := list(islice(stream, FIRST)):
        yield answer_batch(first)
    if (second := next(batches, None)) is None:
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[list[Answer]]] = deque([pool.submit(answer_batch, second)])
        for batch in batches:
            waiting.append(pool.submit(answer_batch, batch))
            if len(waiting) > AHEAD * workers:
                yield waiting.popleft().result()
        for done in waiting:
            yield done.result()


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def answer_batch(batch: Sequence[Member]) -> list[Answer]:
    """Read and predict, on one thread."""
    found = [(m.id, m.found) for m in batch if isinstance(m.found, Configuration)]
    with needing_extra():
        from threadpoolctl import threadpool_limits
    with threadpool_limits(1):
        predicted = iter(predict_configurations([c for _, c in found], [name for name, _ in found]))
    return [
        Answer(next(predicted), is_readable=True)
        if isinstance(m.found, Configuration)
        else Answer(refuse(m.id, None, str(m.found)), is_readable=isinstance(m.found, OutsideModel))
        for m in batch
    ]


def predict_configurations(configurations: Sequence[Configuration], ids: Sequence[str]) -> list[Prediction]:
    """Return a prediction each, in order; what the model does not cover comes back not applicable."""
    done: dict[int, Prediction] = {}
    groups: dict[Entry, list[int]] = {}
    for k, configuration in enumerate(configurations):
        reason = refusal(configuration)
        if reason is None:
            groups.setdefault(choose_entry(configuration), []).append(k)
        else:
            done[k] = refuse(ids[k], configuration, reason)
    for entry, rows in groups.items():
        chosen = [configurations[k] for k in rows]
        done |= dict(zip(rows, _apply(entry, chosen, [ids[k] for k in rows]), strict=True))
    return [done[k] for k in range(len(configurations))]


def choose_entry(configuration: Configuration) -> Entry:
    """Return the data set of the host whose range of loads is nearest."""
    load = float(loads(configuration.host, [configuration])[0, 0])
    fitting = [entry for entry in catalogue() if entry.host == configuration.host.name]
    return min(fitting, key=lambda entry: max(entry.loads[0] - load, load - entry.loads[1], 0.0))


def refuse(name: str, configuration: Configuration | None, reason: str) -> Prediction:
    """Return a prediction that is not applicable."""
    return Prediction(
        id=name,
        host=configuration.host.label if configuration else None,
        supercell=(configuration.n, configuration.m) if configuration else None,
        spec=write_spec(configuration) if configuration else None,
        formation_energy_per_site=None,
        homo_lumo_gap=None,
        applicable=False,
        reason=reason,
        model=version(),
    )


def _apply(entry: Entry, configurations: list[Configuration], ids: list[str]) -> Iterator[Prediction]:
    model = load_model(entry)
    columns = model.estimate(configurations)
    for k, configuration in enumerate(configurations):
        energy, gap = (Quantity(value=float(mean[k]), std=float(std[k])) for mean, std in columns.values())
        yield Prediction(
            id=ids[k],
            host=configuration.host.label,
            supercell=(configuration.n, configuration.m),
            spec=write_spec(configuration),
            formation_energy_per_site=energy,
            homo_lumo_gap=gap.model_copy(update={"value": max(gap.value, 0.0)}),  # a gap is not negative
            applicable=True,
            reason=None,
            nearest=model.library.nearest(configuration, entry.dataset),
            model=version(),
        )
