"""The one pipeline of predictions: structures as they come, read and predicted in batches, in order.

Memory does not grow with their number. Each process keeps to one thread of linear algebra: threads of several
would wait for each other, and one structure gives too little for many.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Final, TypeVar

from tools.defects.applicability import refusal
from tools.defects.catalogue import WeightsEntry, catalogue, version
from tools.defects.configuration import Configuration, Defect, describe, known_kinds
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.extra import needing_extra
from tools.defects.features import load
from tools.defects.geometry import Lie, lies
from tools.defects.hosts import Host
from tools.defects.members import StructureEntry
from tools.defects.model import Estimate
from tools.defects.novelty import Grade
from tools.defects.schema import MEANING, DefectPair, Isolated, PredictedQuantity, Prediction
from tools.defects.spec import write_spec
from tools.defects.weights import load_model

BATCH: Final = 256  # structures at once: bounds the memory
FIRST: Final = 64  # structures before more processes begin, which then have its weights in memory
MOST_PAIRS: Final = 15  # of defects, told in an answer
AHEAD: Final = 2  # batches a worker that wait their turn


@dataclass(frozen=True)
class BatchPrediction:
    """A prediction, and whether its structure could be read: what was read may still be outside the model."""

    prediction: Prediction
    is_readable: bool


@dataclass(frozen=True)
class PredictionLine:
    """A prediction as a line of JSON: written where it was made, it need not travel as an object."""

    text: str
    is_readable: bool


T = TypeVar("T")
Batch = Sequence[StructureEntry]


def answer_members(members: Iterable[StructureEntry], workers: int = 1) -> Iterator[list[BatchPrediction]]:
    """Yield a batch of answers at a time; `workers` as in `work_through`."""
    return work_through(members, answer_batch, workers)


def work_through(
    members: Iterable[StructureEntry], work: Callable[[Batch], list[T]], workers: int = 1
) -> Iterator[list[T]]:
    """Yield what `work` makes of a batch of structures at a time, in order.

    The first batch is predicted here. More than one worker are processes beside this one, started if a second
    batch comes, and at most as many as there are cores. Raises BadInput for no worker at all.
    """
    if workers < 1:
        raise BadInput(f"{workers} workers: at least one has to predict")
    workers, stream = min(workers, count_cores()), iter(members)
    batches = iter(lambda: list(islice(stream, BATCH)), [])
    if workers == 1:
        yield from map(work, batches)
        return
    if first := list(islice(stream, FIRST)):
        yield work(first)
    if (second := next(batches, None)) is None:
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[list[T]]] = deque([pool.submit(work, second)])
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > AHEAD * workers:
                yield waiting.popleft().result()
        for done in waiting:
            yield done.result()


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write_batch(batch: Batch) -> list[PredictionLine]:
    """Read, predict and write, on one thread."""
    return [PredictionLine(one.prediction.model_dump_json(), one.is_readable) for one in answer_batch(batch)]


def answer_batch(batch: Batch) -> list[BatchPrediction]:
    """Read and predict, on one thread."""
    found = [(m.id, m.found) for m in batch if isinstance(m.found, Configuration)]
    predicted = iter(_on_one_thread(found) if found else [])
    return [
        BatchPrediction(next(predicted), is_readable=True)
        if isinstance(m.found, Configuration)
        else BatchPrediction(refuse(m.id, None, str(m.found)), is_readable=isinstance(m.found, OutsideModel))
        for m in batch
    ]


def _on_one_thread(found: Sequence[tuple[str, Configuration]]) -> list[Prediction]:
    with needing_extra():
        import scipy.linalg  # noqa: F401 - brings a BLAS of its own, which no limit reaches before it is there
        from threadpoolctl import threadpool_limits
    with threadpool_limits(1):
        return predict_configurations([c for _, c in found], [name for name, _ in found])


def predict_configurations(configurations: Sequence[Configuration], ids: Sequence[str]) -> list[Prediction]:
    """Return a prediction each, in order; what the model does not cover comes back not applicable."""
    done: dict[int, Prediction] = {}
    groups: dict[WeightsEntry, list[int]] = {}
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


def choose_entry(configuration: Configuration) -> WeightsEntry:
    """Return the data set of the host whose range of loads is nearest."""
    own = load(configuration)
    fitting = [entry for entry in catalogue() if entry.host == configuration.host.name]
    return min(fitting, key=lambda entry: max(entry.loads[0] - own, own - entry.loads[1], 0.0))


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
        grade=Grade.OUTSIDE.value if configuration else None,
    )


def _apply(entry: WeightsEntry, configurations: list[Configuration], ids: list[str]) -> Iterator[Prediction]:
    model = load_model(entry)
    estimate = model.estimate(configurations)
    nearest = model.library.nearest(configurations, entry.dataset)
    pairs = lies(configurations, MOST_PAIRS)
    for k, configuration in enumerate(configurations):
        energy, gap = _quantities(estimate, k)
        number = len(configuration.defects)
        total = PredictedQuantity(value=number * energy.value, std=number * energy.std)
        isolated = _isolated(configuration)
        yield Prediction(
            id=ids[k],
            host=configuration.host.label,
            supercell=(configuration.n, configuration.m),
            spec=write_spec(configuration),
            formation_energy_per_site=energy,
            homo_lumo_gap=gap,
            applicable=True,
            reason=None,
            nearest=nearest[k],
            model=version(),
            grade=estimate.novelties[k].grade.value,
            new=estimate.novelties[k].told,
            total_formation_energy=total,
            isolated=isolated,
            interaction=_interaction(configuration, total, isolated),
            pairs=tuple(map(_pair, pairs[k])),
            meaning=MEANING,
        )


def _quantities(estimate: Estimate, k: int) -> tuple[PredictedQuantity, PredictedQuantity]:
    energy, gap = (
        PredictedQuantity(value=float(mean[k]), std=float(std[k])) for mean, std in estimate.columns.values()
    )
    return energy, gap if gap.value >= 0 else PredictedQuantity(
        value=0.0, std=gap.std
    )  # a gap is not negative


@lru_cache(maxsize=100_000)
def _pair(lie: Lie) -> DefectPair:
    return DefectPair(
        first=lie.first, second=lie.second, distance=lie.distance, across=lie.across, shell=lie.shell,
        direction=lie.direction,
    )  # fmt: skip


def _isolated(configuration: Configuration) -> tuple[Isolated, ...]:
    """Return each kind alone; nothing where the model knows no isolated defects of the host."""
    alone = _alone(configuration.host)
    return tuple(alone[kind] for kind in configuration.counts if kind in alone)


@cache
def _alone(host: Host) -> dict[tuple[str, str], Isolated]:
    """Return what is predicted of one defect of each kind that is not refused, in the training supercell."""
    places = {
        kind: Configuration(host, *host.supercell, (Defect(0, 0, host.elements.index(kind[0]), kind[1]),))
        for kind in known_kinds(host.name)
    }
    single = {kind: one for kind, one in places.items() if refusal(one) is None}
    found = {}
    for entry in {choose_entry(one) for one in single.values()}:
        kinds = [kind for kind, one in single.items() if choose_entry(one) == entry]
        estimate = load_model(entry).estimate([single[kind] for kind in kinds])
        for k, kind in enumerate(kinds):
            energy, gap = _quantities(estimate, k)
            found[kind] = Isolated(kind=describe(kind), formation_energy=energy, homo_lumo_gap=gap)
    return found


def _interaction(
    configuration: Configuration, total: PredictedQuantity, isolated: tuple[Isolated, ...]
) -> PredictedQuantity | None:
    """Return the total less that of the isolated defects; errors are added as if independent."""
    alone = {one.kind: one.formation_energy for one in isolated}
    counts = {describe(kind): number for kind, number in configuration.counts.items()}
    if len(configuration.defects) < 2 or alone.keys() != counts.keys():  # noqa: PLR2004 it takes two
        return None
    apart = sum(number * alone[kind].value for kind, number in counts.items())
    variance = total.std**2 + sum((number * alone[kind].std) ** 2 for kind, number in counts.items())
    return PredictedQuantity(value=total.value - apart, std=variance**0.5)
