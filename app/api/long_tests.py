"""/v1/tests/jobs: tests of claims that take longer than a request: queued, measured, and kept."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import Field

from agents.schema import Strict
from app.api.access import MAY_USE_TOOLS, Caller, Given, Viewer
from app.api.cursors import Cursor
from app.api.problems import ProblemKind, documented
from app.api.queued import (
    Limit,
    QueuedInfo,
    cancel_task,
    explained_record,
    find_steered,
    list_page,
    readable,
    tell_state,
)
from app.api.tests import EXAMPLES
from app.jobs.activity import Act
from app.jobs.benches import LongTest, as_use
from app.jobs.tasks import QueuedTask, TaskKind
from app.results import name_of
from tools.experiments import ExperimentResult

router = APIRouter(prefix="/v1/tests/jobs", tags=["tests"])
Tester = Annotated[Caller, MAY_USE_TOOLS]
TestId = Annotated[str, Path(min_length=1, max_length=60, description="as it was given when queued")]


class TestInfo(QueuedInfo):
    """A test, from waiting to its result."""

    __test__ = False  # no test of pytest's

    claim: LongTest
    result: ExperimentResult | None
    kept: str | None = Field(default=None, description="its name under /v1/results, once it is measured")


class TestPage(Strict):
    """Newest first."""

    __test__ = False  # no test of pytest's

    items: list[TestInfo]
    next: str | None


def own_test(test: TestId, service: Given, caller: Viewer) -> QueuedTask:
    """Return a test of the caller's project. Raises JobNotFound."""
    return service.jobs.tasks.get(test, caller.sees, TaskKind.TEST)


def test_to_steer(test: TestId, service: Given, caller: Tester) -> QueuedTask:
    """Return a test that the caller may cancel."""
    return find_steered(service, caller, test, TaskKind.TEST)


@router.post(
    "",
    status_code=202,
    operation_id="queue_test",
    summary="Test a claim for as long as an hour",
    responses=documented(ProblemKind.QUEUE_FULL),
)
def queue_test(
    claim: Annotated[LongTest, Body(openapi_examples=EXAMPLES)],
    service: Given,
    caller: Tester,
    response: Response,
) -> TestInfo:
    """It waits for its turn, survives a restart of the service, and is kept. No model is asked."""
    task = service.jobs.tasks.add(TaskKind.TEST, claim.model_dump_json(exclude_unset=True), caller.owner)
    service.tell(caller, Act.TESTED, claim.statement or f"{claim.response} against {claim.cause}")
    response.headers["Location"] = f"/v1/tests/jobs/{task.id}"
    return _show(service, task)


@router.get("", operation_id="list_tests", summary="Tests that were queued", responses=documented())
def list_tests(
    service: Given,
    caller: Viewer,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> TestPage:
    found, more = list_page(service, caller, TaskKind.TEST, limit, cursor)
    return TestPage(items=readable(partial(_show, service), found), next=more)


@router.get(
    "/{test}", operation_id="get_test", summary="Look at a test", responses=documented(ProblemKind.NOT_FOUND)
)
def get_test(task: Annotated[QueuedTask, Depends(own_test)], service: Given) -> TestInfo:
    return _show(service, task)


@router.post(
    "/{test}/cancel",
    status_code=202,
    operation_id="cancel_test",
    summary="Stop a test",
    responses=documented(ProblemKind.NOT_FOUND),
)
def cancel_test(
    task: Annotated[QueuedTask, Depends(test_to_steer)], service: Given, caller: Tester
) -> TestInfo:
    """One that has ended stays as it is."""
    return _show(service, cancel_task(service, caller, task))


def _show(service: Given, task: QueuedTask) -> TestInfo:
    with explained_record(task):
        claim = LongTest.model_validate_json(task.asked)
        result = ExperimentResult.model_validate_json(task.result) if task.result else None
    return TestInfo(
        **tell_state(service, task),
        claim=claim,
        result=result,
        kept=name_of(as_use(claim, result)) if result else None,
    )
