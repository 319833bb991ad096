"""DBOS holds the queue: what waits, what is being worked on, and what a crash left behind.

A job is one workflow, named by its run's id. The workflow has no steps of its own, because the run's journal
already holds every finished model call: started again after a crash, it asks only for what is missing.

The queue's database holds JSON: whoever can write to it can make us run no code. DBOS pickles by default, and
reads a row as a pickle if the row says that it is one. Such rows are of earlier versions of ours and hold
nothing but a job's name: an unpickler that makes no objects reads them.
"""

import base64
import io
import json
import logging
import pickle  # read without making objects, below
from collections.abc import Callable, Sequence
from typing import Any

from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID, WorkflowStatus, _serialization

from app.jobs.state import RunState
from app.jobs.tables import dbos_url, prepare_dbos
from app.settings import Settings

QUEUE = "questions"
TASKS = ("test", "tool", "mining")  # queues of the kinds of tasks
NAME = "hypothesis-finder"
VERSION = "1"  # of what a job's record means: DBOS takes up only jobs of its own version
STARTS = 100  # of one job: one that brings the process down each time must not do so for ever
POLLING_S = 0.2

STATES = {
    "DELAYED": RunState.QUEUED,
    "ENQUEUED": RunState.QUEUED,
    "PENDING": RunState.RUNNING,
    "SUCCESS": RunState.SUCCEEDED,
    "ERROR": RunState.FAILED,
    "CANCELLED": RunState.CANCELLED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": RunState.FAILED,
}
"""What DBOS says where our own record was not brought to an end, as after a crash; anything else: failed."""


class Abandoned(BaseException):
    """This process ends and the job stays for the next start: no Exception, which DBOS would record."""


class Engine:
    """One a process, as DBOS is. `work` and `perform` are called with the id of a run and of a task.

    Each is called in a thread, any number of times.
    """

    def __init__(
        self, settings: Settings, work: Callable[[str], None], perform: Callable[[str], None] | None = None
    ) -> None:
        prepare_dbos(settings)
        forbid_pickles()
        _Working.work = staticmethod(work)
        _Working.perform = staticmethod(perform or work)
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": dbos_url(settings),
            "application_version": VERSION,
            "executor_id": NAME,
            "log_level": "ERROR",
            "serializer": JsonSerializer(),
        }
        logging.getLogger("dbos").addHandler(logging.NullHandler())  # none of its own: ours decide
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=settings.service.jobs,
            polling_interval_sec=POLLING_S,
            on_conflict="always_update",
        )
        for queue in TASKS:  # one at once: a test or a tool may take an hour, and a mining job days
            DBOS.register_queue(
                queue, worker_concurrency=1, polling_interval_sec=POLLING_S, on_conflict="always_update"
            )

    def submit_task(self, queue: str, task: str, workflow: str) -> None:
        """Idempotent: a workflow of that name runs once."""
        with SetWorkflowID(workflow):
            DBOS.enqueue_workflow(queue, perform, task)

    def submit(self, job: str, workflow: str) -> None:
        """Again changes nothing: a workflow of that name runs once."""
        with SetWorkflowID(workflow):
            DBOS.enqueue_workflow(QUEUE, answer, job)

    def drop(self, workflow: str) -> None:
        """One that waits."""
        DBOS.cancel_workflow(workflow)

    def states(self, workflows: Sequence[str]) -> dict[str, RunState]:
        """Of those that it knows."""
        if not workflows:
            return {}
        found = DBOS.list_workflows(workflow_ids=list(workflows), load_output=False)
        return {status.workflow_id: read_state(status) for status in found}

    def close(self) -> None:
        DBOS.destroy()


def read_state(status: WorkflowStatus) -> RunState:
    """Return what became of a workflow. One that does not say whose it is has failed: it cannot be begun."""
    is_readable = isinstance(status.input, dict)  # DBOS returns what it cannot read as text
    return STATES.get(status.status, RunState.FAILED) if is_readable else RunState.FAILED


class _Working:
    """A workflow is found by its name after a crash, so it is a function of this module."""

    work: Callable[[str], None]
    perform: Callable[[str], None]


@DBOS.workflow(name="answer", max_recovery_attempts=STARTS)
def answer(job: str) -> None:
    _Working.work(job)


@DBOS.workflow(name="perform", max_recovery_attempts=STARTS)
def perform(task: str) -> None:
    _Working.perform(task)


class JsonSerializer(Serializer):
    """Arguments are a job's name, results are none, and an error is its text."""

    def serialize(self, data: Any) -> str:  # noqa: ANN401 - whatever DBOS hands over
        return json.dumps(data, default=str)

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: ANN401, N805 - as in DBOS
        return json.loads(serialized_data)

    def name(self) -> str:
        return "hypofind_json"


class OldRows(Serializer):
    """Reads what earlier versions wrote, and nothing that would have to be built or called."""

    def serialize(self, data: Any) -> str:  # noqa: ANN401 - whatever DBOS hands over
        return base64.b64encode(pickle.dumps(data)).decode()

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: ANN401, N805 - as in DBOS
        return _PlainValues(io.BytesIO(base64.b64decode(serialized_data))).load()

    def name(self) -> str:
        return "py_pickle"


class _PlainValues(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - never returns
        raise pickle.UnpicklingError(f"the queue's database names {module}.{name}, which is no value of ours")


def forbid_pickles() -> None:
    """DBOS has no setting for what reads rows marked as pickles, so its own reader is replaced."""
    _serialization.DBOSDefaultSerializer = OldRows()
