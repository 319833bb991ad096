"""DBOS holds the queue: what waits, what is being worked on, and what a crash left behind.

A job is one workflow, named by its run's id. The workflow has no steps of its own, because the run's journal
already holds every finished model call: started again after a crash, it asks only for what is missing.
"""

import logging
from collections.abc import Callable, Sequence

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowStatus

from app.jobs.queue_format import JsonSerializer, forbid_pickles
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
