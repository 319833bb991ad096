"""The same job on a Ray cluster: small blocks of pairs, workers that hold a client, results as Parquet.

Results come into the store by pair id, and only what is open there is planned; an answer of an unfinished
block is found among the shared calls. Ray Data's own checkpoint would know no more, and its filter takes a
whole CPU: with two, a job that goes on would wait for ever. Everything lies below one folder, which all
nodes must see.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.errors import AgentsError, BudgetSpent, ReplayMiss, RunRefused, StepFailed
from agents.mining.asking import Asker
from agents.mining.calls import FolderCalls, KnownCalls
from agents.mining.jobs import working
from agents.mining.running import Shown, require_runnable
from agents.mining.schema import JobState, MiningProgress, TransferPair
from agents.mining.shared_folder import ResultCollector, StopSignal, watch_for_stop
from agents.mining.spec import Spec
from agents.mining.store import MiningStore
from agents.model import Budget, Chat, Endpoint
from physh import Ontology

if TYPE_CHECKING:
    import ray.data

ROUNDS = (
    4  # of a worker's calls in a block: fewer, and it often waits for the last; more, and a kill undoes more
)
WORKER_CPUS = 0.25  # a worker waits for answers; with whole CPUs, none might be left to read and write
FILE = 10_000  # pairs in a file of the plan
LEAST_USD = 1e-9  # a budget of nothing is none
RESULT = ("id", "finding", "reason")


@dataclass(frozen=True)
class Cluster:
    """Where it runs: `address` None starts Ray on this machine."""

    workers: int = 3
    concurrency: int = 8  # calls at once of each worker
    address: str | None = None


def run_on_ray(
    store: MiningStore,
    job: str,
    endpoint: Endpoint,
    ontology: Ontology,
    cluster: Cluster,
    *,
    shown: Shown = lambda _progress: None,
) -> MiningProgress:
    """Raises MiningError, RunRefused, or EndpointError; what is answered is kept however this ends."""
    require_runnable(store, job, ontology)
    folder = store.folder / "ray" / job
    with working(store.folder, job):
        store.set_model(job, endpoint.name)
        if not store.begin(job):
            return store.progress(job)
        store.set_pace(job, 0, 0)
        collector = ResultCollector(folder)
        collector.bring_in(store, job)
        store.reopen_failed(job)
        signal = StopSignal(folder)
        signal.clear()
        try:
            asyncio.run(_answer_known(store, job, endpoint, ontology))
            with watch_for_stop(store.folder, job, signal, partial(collector.show, job, shown)):
                _mine(store, job, folder, endpoint=endpoint, ontology=ontology, cluster=cluster)
        finally:
            collector.bring_in(store, job)
            left = next(store.open_pairs(job), None)
            store.set_state(job, (signal.state or JobState.STOPPED) if left else JobState.DONE)
    return store.progress(job)


async def _answer_known(store: MiningStore, job: str, endpoint: Endpoint, ontology: Ontology) -> None:
    """What any job of the store has paid for reaches no worker."""
    if not store.rows("select 1 from call limit 1"):
        return
    spec = store.spec(job)
    async with Chat({"default": endpoint}, KnownCalls(store, job), seed=spec.seed) as chat:
        asker = Asker(chat, ontology, spec.questions)
        for pair in store.open_pairs(job):
            with suppress(ReplayMiss, StepFailed):
                store.finish(job, pair.id, await asker.ask(pair))


def _mine(
    store: MiningStore, job: str, folder: Path, *, endpoint: Endpoint, ontology: Ontology, cluster: Cluster
) -> None:
    import ray
    from ray.exceptions import RayError

    if not _write_plan(store, job, folder / "plan"):
        return
    if not ray.is_initialized():
        ray.init(
            address=cluster.address, include_dashboard=False, log_to_driver=False, configure_logging=False
        )
    spec = _share(store.spec(job), store.progress(job), cluster.workers)
    worker = (ontology, endpoint, spec, str(folder), cluster.concurrency)
    try:
        _dataset(folder, cluster, worker).write_parquet(str(folder / "results"))
    except RayError as error:
        raise _explain(error) from error


def _dataset(folder: Path, cluster: Cluster, worker: tuple[object, ...]) -> "ray.data.Dataset":
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    block = ROUNDS * cluster.concurrency
    rows = ray.data.read_parquet(str(folder / "plan")).repartition(target_num_rows_per_block=block)
    return rows.map_batches(
        MiningWorker,
        fn_constructor_args=worker,
        batch_size=block,
        batch_format="pyarrow",
        num_cpus=WORKER_CPUS,
        compute=ray.data.ActorPoolStrategy(size=cluster.workers),
    )


def _write_plan(store: MiningStore, job: str, folder: Path) -> int:
    """The open pairs as Parquet; how many."""
    import pyarrow as pa
    from pyarrow import parquet

    with_pairs, count = store.open_pairs(job), 0
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.parquet"):
        old.unlink()
    while part := list(islice(with_pairs, FILE)):
        table = pa.table({"id": [p.id for p in part], "pair": [p.model_dump_json() for p in part]})
        parquet.write_table(table, folder / f"{count:09}.parquet")
        count += len(part)
    return count


def _share(spec: Spec, so_far: MiningProgress, workers: int) -> Spec:
    """A worker may spend its part of what is left of the budget."""
    limits, paid = spec.budget, so_far.cost_usd or 0.0
    tokens = None if limits.tokens is None else max(1, (limits.tokens - so_far.tokens) // workers)
    usd = None if limits.usd is None else max(LEAST_USD, (limits.usd - paid) / workers)
    return spec.model_copy(update={"budget": Budget(tokens=tokens, usd=usd)})


def _explain(error: Exception) -> Exception:
    """A worker's own error where it is one of ours, else Ray's in a line."""
    cause: BaseException | None = error
    while cause is not None:
        inner = getattr(cause, "cause", None)
        if isinstance(inner, AgentsError):
            return inner
        cause = inner if isinstance(inner, BaseException) else cause.__cause__
    told = " ".join(str(error).split())
    return RunRefused(f"Ray gave up: {told[-300:]}; run the job again, what is finished is kept")


class MiningWorker:
    """One actor: a client, an event loop, and as many calls at once as it was given."""

    def __init__(
        self, ontology: Ontology, endpoint: Endpoint, spec: Spec, folder: str, concurrency: int
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self._signal = StopSignal(Path(folder))
        chat = Chat(
            {"default": endpoint},
            FolderCalls(Path(folder) / "calls"),
            spec.budget,
            concurrency=concurrency,
            seed=spec.seed,
        )
        self._asker = Asker(chat, ontology, spec.questions)
        self._free = asyncio.Semaphore(concurrency)  # no pair is begun that would wait for another's call

    def __call__(self, batch: Any) -> Any:  # noqa: ANN401 - a pyarrow table, and another
        """Of the pairs given, those that came to an end; where all have to stop, the others stay open."""
        import pyarrow as pa

        pairs = [TransferPair.model_validate_json(row["pair"]) for row in batch.to_pylist()]
        ended = self._loop.run_until_complete(self._ask_all(pairs))
        rows = [dict(zip(RESULT, one, strict=True)) for one in ended]
        return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in RESULT]))

    async def _ask_all(self, pairs: list[TransferPair]) -> list[tuple[str, str, str]]:
        ended = await asyncio.gather(*map(self._ask, pairs))
        return [one for one in ended if one is not None]

    async def _ask(self, pair: TransferPair) -> tuple[str, str, str] | None:
        """Its id with a finding, or with why there is none."""
        async with self._free:
            if self._signal.state is not None:
                return None
            try:
                return pair.id, (await self._asker.ask(pair)).model_dump_json(), ""
            except StepFailed as error:
                return pair.id, "", error.reason
            except BudgetSpent:
                self._signal.send(JobState.BUDGET)
                return None
