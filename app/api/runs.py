"""/v1/runs: hand a question in, look at it, cancel it, mark what came of it."""

import hashlib
import logging
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response

from agents import AgentsError
from agents.run.results import add_mark, read_marks
from app.api.access import Asker, Caller, Given, Service, Viewer
from app.api.cursors import Cursor, read_below, write_below
from app.api.examples import MARKS, QUESTIONS
from app.api.problems import ProblemError, ProblemKind, documented, without_paths
from app.api.schema import MarkList, NewMark, NewRun, PersonMark, RunInfo, RunPage
from app.jobs.activity import Act
from app.jobs.job import Job, JobRequest, now
from app.jobs.keys import Scope
from app.jobs.state import RunState
from app.notes import Labels, labels, read_notes

router = APIRouter(prefix="/v1/runs", tags=["runs"])
log = logging.getLogger("hypofind")
Responses = dict[int | str, dict[str, Any]]
POLL_S = 2  # how soon a run that is under way is worth another look
RUN_LINKS = {
    operation: {"operationId": operation, "parameters": {"run": "$response.body#/id"}}
    for operation in (
        "get_run",
        "get_report",
        "cancel_run",
        "resume_run",
        "list_feedback",
        "give_feedback",
        "watch_run",
    )
}
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "for If-None-Match"}}
ETAGGED: Responses = {200: {"headers": ETAG}, 304: {"description": "Not changed since"}}
TAKEN_ON = {
    "description": "Taken on; with an Idempotency-Key that was used before, the run that it became",
    "headers": {"Location": {"schema": {"type": "string"}}, "Retry-After": {"schema": {"type": "integer"}}},
    "links": RUN_LINKS,
}
RunId = Annotated[str, Path(min_length=1, max_length=100, description="as it was given when asked")]
IfNoneMatch = Annotated[str | None, Header(description="an ETag that is known already")]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=200, description="one a question: sent again, it makes no second run"),
]


@router.post(
    "",
    status_code=202,
    operation_id="create_run",
    summary="Ask a question",
    responses={
        **documented(
            ProblemKind.BUDGET_SPENT, ProblemKind.KEY_REUSED, ProblemKind.QUEUE_FULL, ProblemKind.NOT_READY
        ),
        202: TAKEN_ON,
    },
)
def create_run(
    asked: Annotated[NewRun, Body(openapi_examples=QUESTIONS)],
    service: Given,
    caller: Asker,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> RunInfo:
    job, new = service.jobs.submit(
        as_asked(asked, caller),
        caller.owner,
        key=idempotency_key,
        allowance=caller.allowance,
    )
    if new:
        service.tell(caller, Act.ASKED, job.id)
    response.headers["Location"] = f"/v1/runs/{job.id}"
    response.headers["Retry-After"] = str(POLL_S)
    return show(service, job)


def as_asked(new: NewRun, caller: Caller) -> JobRequest:
    """Only those who may search the operator's library have it searched; their project's they always have."""
    asked = JobRequest(question=new.question, pins=new.pins, settings=new.settings, project=caller.project)
    if caller.keyed and not caller.may(Scope.LIBRARY):
        return asked.model_copy(update={"library": False})
    return asked


@router.get("", operation_id="list_runs", summary="List runs, newest first", responses=documented())
def list_runs(
    service: Given,
    caller: Viewer,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
    state: RunState | None = None,
) -> RunPage:
    found = service.jobs.store.page(caller.sees, limit=limit + 1, below=read_below(cursor), state=state)
    more = write_below([job.number for job in found], limit)
    return RunPage(items=[_brief(show(service, job)) for job in found[:limit]], next=more)


@router.get(
    "/{run}",
    operation_id="get_run",
    summary="Look at a run",
    responses={**documented(ProblemKind.NOT_FOUND), **ETAGGED},
)
def get_run(
    run: RunId,
    service: Given,
    caller: Viewer,
    response: Response,
    if_none_match: IfNoneMatch = None,
) -> RunInfo:
    info = show(service, service.jobs.store.get(run, caller.sees))
    response.headers["ETag"] = etag = make_etag(info.model_dump_json())
    if not info.state.is_final:
        response.headers["Retry-After"] = str(POLL_S)
    if is_known(etag, if_none_match):
        raise NotModified(etag)
    return info


@router.post(
    "/{run}/cancel",
    status_code=202,
    operation_id="cancel_run",
    summary="Stop a run; what is finished is reported",
    responses=documented(ProblemKind.NOT_FOUND),
)
def cancel_run(run: RunId, service: Given, caller: Asker) -> RunInfo:
    job = service.jobs.store.get(run, caller.sees)
    caller.require_steering(service.keys, job.owner)
    if not job.state.is_final:
        service.tell(caller, Act.CANCELLED, run, job.owner)
    return show(service, service.jobs.cancel(run, caller.sees))


@router.post(
    "/{run}/resume",
    status_code=202,
    operation_id="resume_run",
    summary="Go on with a run that ended before it was whole",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.CONFLICT, ProblemKind.BUDGET_SPENT),
)
def resume_run(run: RunId, service: Given, caller: Asker) -> RunInfo:
    """Calls that were answered are taken from its journal and not paid for again."""
    owner = service.jobs.store.get(run, caller.sees).owner
    caller.require_steering(service.keys, owner)
    allowance = caller.allowance if owner == caller.owner else service.keys.allowance(owner)
    job = service.jobs.resume(run, caller.sees, allowance)
    service.tell(caller, Act.RESUMED, run, owner)
    return show(service, job)


@router.post(
    "/{run}/feedback",
    status_code=201,
    operation_id="give_feedback",
    summary="Mark a hypothesis",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.NO_REPORT),
)
def give_feedback(
    run: RunId,
    mark: Annotated[NewMark, Body(openapi_examples=MARKS)],
    service: Given,
    caller: Asker,
) -> PersonMark:
    report = service.jobs.report(run, caller.sees)
    keys = [hypothesis.key for hypothesis in (*report.hypotheses, *report.merged)]
    if mark.hypothesis not in keys:
        known = ", ".join(keys) or "none"
        raise ProblemError(
            ProblemKind.INVALID, f"is no hypothesis of this run; it has: {known}", pointer="/hypothesis"
        )
    given = PersonMark(**dict(mark), by=caller.owner, at=now())
    add_mark(service.jobs.runs / run, given)
    service.jobs.count_mark(run)
    service.tell(caller, Act.MARKED, f"{mark.hypothesis} of {run}", service.jobs.store.get(run, None).owner)
    return by_person(service, given)


@router.get(
    "/{run}/feedback",
    operation_id="list_feedback",
    summary="The marks that persons gave",
    responses=documented(ProblemKind.NOT_FOUND),
)
def list_feedback(run: RunId, service: Given, caller: Viewer) -> MarkList:
    job = service.jobs.store.get(run, caller.sees)
    marks = read_marks(service.jobs.folder(job))
    return MarkList(items=[by_person(service, mark) for mark in marks])


def by_person(service: Service, mark: PersonMark) -> PersonMark:
    """Return a mark under the name of whose key gave it: on disk it has the key's id."""
    return mark.model_copy(update={"by": service.keys.person(mark.by)})


class NotModified(Exception):
    """What the caller has is what there is."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


async def not_modified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)  # noqa: S101 - what Starlette promises, for the type checker
    return Response(status_code=304, headers={"ETag": error.etag})


def make_etag(content: str) -> str:
    return f'"{hashlib.sha256(content.encode(errors="replace")).hexdigest()[:32]}"'


def is_known(etag: str, given: str | None) -> bool:
    tags = (tag.strip().removeprefix("W/") for tag in (given or "").split(","))
    return any(tag in (etag, "*") for tag in tags)


def show(service: Service, job: Job) -> RunInfo:
    so_far = service.jobs.so_far(job)
    return RunInfo(
        id=job.id,
        question=job.asked.question,
        state=job.state,
        created=job.created,
        started=job.started,
        finished=job.finished,
        reason=without_paths(job.reason) if job.reason else None,
        status=so_far.status,
        models=so_far.models,
        pins=job.asked.pins,
        progress=so_far.progress,
        spent=so_far.spent,
        parent=job.asked.parent,
        labels=_labels(service.jobs.folder(job)),
        by=service.keys.person(job.owner),
    )


def _labels(folder: FilePath) -> Labels:
    """A file that cannot be read costs the run its name, and no other run anything."""
    try:
        return labels(read_notes(folder))
    except AgentsError as error:
        log.warning("%s", error)
        return Labels()


def _brief(info: RunInfo) -> RunInfo:
    return info.model_copy(update={"progress": info.progress.model_copy(update={"rows": []})})
