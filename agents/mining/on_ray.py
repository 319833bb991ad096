"""The same job on a Ray cluster: small blocks of pairs, workers that hold a client, results as Parquet.

A pair that a finished block holds is not asked again (Ray Data's checkpoint, by pair id); an answer of an
unfinished block is found among the shared calls. What is done comes into the store as well. Everything lies
below one folder, which all nodes must see.
"""

import asyncio
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.errors import AgentsError, BudgetSpent, RunRefused, StepFailed
from agents.mining.asking import Asker
from agents.mining.calls import JobCalls
from agents.mining.lock import working
from agents.mining.running import require_runnable
from agents.mining.schema import Finding, JobState, Pair, Progress
from agents.mining.shared_calls import FolderCalls
from agents.mining.spec import Spec
from agents.mining.store import Store
from agents.model import Budget, Chat, Endpoint
from agents.schema import Call
from physh import Ontology

if TYPE_CHECKING:
    import ray.data

ROUNDS = (
    4  # of a worker's calls in a block: fewer, and it often waits for the last; more, and a kill undoes more
)
WORKER_CPUS = 0.25  # a worker waits for answers; with whole CPUs, none might be left to read and write
FILE = 10_000  # pairs in a file of the plan


@dataclass(frozen=True)
class Cluster:
    """Where it runs: `address` None starts Ray on this machine."""

    workers: int = 3
    concurrency: int = 8  # calls at once of each worker
    address: str | None = None


def run_on_ray(store: Store, job: str, endpoint: Endpoint, ontology: Ontology, cluster: Cluster) -> Progress:
    """Raises MiningError, RunRefused, or EndpointError; what is answered is kept however this ends."""
    require_runnable(store, job, ontology)
    folder = store.folder / "ray" / job
    with working(store.folder, job):
        store.set_model(job, endpoint.name)
        store.set_wish(job, None)
        bring_in(store, job, folder)
        if store.reopen_failed(job):  # the checkpoint calls them finished; all that it knows is in the store
            shutil.rmtree(folder / "checkpoint", ignore_errors=True)
        store.set_state(job, JobState.RUNNING)
        try:
            _mine(store, job, folder, endpoint=endpoint, ontology=ontology, cluster=cluster)
        finally:
            bring_in(store, job, folder)
            left = next(store.open_pairs(job), None)
            store.set_state(job, JobState.STOPPED if left else JobState.DONE)
    return store.progress(job)


def bring_in(store: Store, job: str, folder: Path) -> None:
    """What workers have written so far, into the store. Again changes nothing."""
    from pyarrow import parquet

    kept = JobCalls(store, job)
    for path in FolderCalls(folder / "calls").every():
        if not store.rows("select 1 from call where key = ?", path.stem):
            kept.append(Call.model_validate_json(path.read_bytes()))
    for path in sorted((folder / "results").glob("*.parquet")):
        for row in parquet.read_table(path).to_pylist():
            if row["finding"]:
                store.finish(job, row["id"], Finding.model_validate_json(row["finding"]))
            else:
                store.fail(job, row["id"], row["reason"])


def _mine(
    store: Store, job: str, folder: Path, *, endpoint: Endpoint, ontology: Ontology, cluster: Cluster
) -> None:
    import ray
    from ray.exceptions import RayError

    if not _write_plan(store, job, folder / "plan"):
        return
    if not ray.is_initialized():
        ray.init(
            address=cluster.address, include_dashboard=False, log_to_driver=False, configure_logging=False
        )
    spec = store.spec(job)
    worker = (ontology, endpoint, _share(spec, cluster.workers), str(folder / "calls"), cluster.concurrency)
    try:
        _dataset(folder, cluster, worker).write_parquet(str(folder / "results"))
    except RayError as error:
        raise _explain(error) from error


def _dataset(folder: Path, cluster: Cluster, worker: tuple[object, ...]) -> "ray.data.Dataset":
    import ray.data
    from ray.data.checkpoint import CheckpointConfig

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.checkpoint_config = CheckpointConfig(
        id_column="id", checkpoint_path=str(folder / "checkpoint"), delete_checkpoint_on_success=False
    )
    block = ROUNDS * cluster.concurrency
    rows = ray.data.read_parquet(str(folder / "plan")).repartition(target_num_rows_per_block=block)
    return rows.map_batches(
        Worker,
        fn_constructor_args=worker,
        batch_size=block,
        batch_format="pyarrow",
        num_cpus=WORKER_CPUS,
        compute=ray.data.ActorPoolStrategy(size=cluster.workers),
    )


def _write_plan(store: Store, job: str, folder: Path) -> int:
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


def _share(spec: Spec, workers: int) -> Spec:
    """A worker may spend its part of the budget."""
    limits = spec.budget
    tokens = None if limits.tokens is None else max(1, limits.tokens // workers)
    usd = None if limits.usd is None else limits.usd / workers
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


class Worker:
    """One actor: a client, an event loop, and as many calls at once as it was given."""

    def __init__(
        self, ontology: Ontology, endpoint: Endpoint, spec: Spec, calls: str, concurrency: int
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self._concurrency = concurrency
        chat = Chat(
            {"default": endpoint},
            FolderCalls(Path(calls)),
            spec.budget,
            concurrency=concurrency,
            seed=spec.seed,
        )
        self._asker = Asker(chat, ontology, spec.questions)

    def __call__(self, batch: Any) -> Mapping[str, list[str]]:  # noqa: ANN401 - a pyarrow table
        rows = batch.to_pylist()
        answers = self._loop.run_until_complete(
            self._ask_all([Pair.model_validate_json(r["pair"]) for r in rows])
        )
        findings, reasons = zip(*answers, strict=True)
        return {"id": [row["id"] for row in rows], "finding": list(findings), "reason": list(reasons)}

    async def _ask_all(self, pairs: list[Pair]) -> list[tuple[str, str]]:
        return await asyncio.gather(*map(self._ask, pairs))

    async def _ask(self, pair: Pair) -> tuple[str, str]:
        """A finding, or why there is none. A budget's end leaves the pair open."""
        try:
            return (await self._asker.ask(pair)).model_dump_json(), ""
        except StepFailed as error:
            return "", error.reason
        except BudgetSpent as error:
            return "", str(error)
