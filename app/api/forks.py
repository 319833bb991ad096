"""/v1/runs/{run}/forks, lineage, differences and notes: versions of a run, and what people say of it."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from agents.schema import Pins, Strict
from app.api.access import Asker, Given, Service, Viewer
from app.api.examples import FORKS, NOTES
from app.api.problems import ProblemKind, documented
from app.api.runs import POLL_S, IdempotencyKey, RunId, as_asked, show
from app.api.schema import NewRun, Readable, RunInfo
from app.comparing import RunComparison, compare
from app.jobs.activity import Act
from app.jobs.errors import JobNotFound
from app.jobs.job import Job, now
from app.jobs.store import Owners
from app.notes import NewNote, Note, add_note, read_notes
from app.settings.sections import RunChoices

router = APIRouter(prefix="/v1/runs", tags=["forks"])
MOST_ANCESTORS = 50
MOST_FORKS = 100
GRANTED = {"budget_tokens", "budget_usd"}  # a fork has a budget of its own


class NewFork(Strict):
    """What the new run does otherwise; what is left out is as its parent had it."""

    question: Readable | None = None
    pins: Pins | None = None
    settings: RunChoices = RunChoices()


class Lineage(Strict):
    """Runs of the caller's around one, without the rows of their progress."""

    ancestors: list[RunInfo]
    forks: list[RunInfo]


class NoteList(Strict):
    """In the order in which they were written."""

    items: list[Note]


@router.post(
    "/{run}/forks",
    status_code=202,
    operation_id="fork_run",
    summary="Ask again with something changed",
    responses=documented(
        ProblemKind.NOT_FOUND,
        ProblemKind.BUDGET_SPENT,
        ProblemKind.KEY_REUSED,
        ProblemKind.QUEUE_FULL,
        ProblemKind.NOT_READY,
    ),
)
def fork_run(  # noqa: PLR0917 - FastAPI names them all
    run: RunId,
    fork: Annotated[NewFork, Body(openapi_examples=FORKS)],
    service: Given,
    caller: Asker,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> RunInfo:
    """A new run whose record names its parent. The parent stays as it is."""
    parent = service.jobs.store.get(run, caller.sees)
    new = NewRun(
        question=fork.question or parent.asked.question,
        pins=fork.pins or parent.asked.pins,
        settings=_choices(parent, fork.settings),
    )
    asked = as_asked(new, caller).model_copy(update={"parent": parent.id})
    job, new_one = service.jobs.submit(asked, caller.owner, key=idempotency_key, allowance=caller.allowance)
    if new_one:
        service.tell(caller, Act.FORKED, f"{run} as {job.id}")
    response.headers["Location"] = f"/v1/runs/{job.id}"
    response.headers["Retry-After"] = str(POLL_S)
    return show(service, job)


def _choices(parent: Job, changed: RunChoices) -> RunChoices:
    had = parent.asked.settings.model_dump(exclude_unset=True, exclude=GRANTED)
    return RunChoices.model_validate(had | changed.model_dump(exclude_unset=True))


@router.get(
    "/{run}/lineage",
    operation_id="get_lineage",
    summary="What a run was made from, and what was made from it",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_lineage(run: RunId, service: Given, caller: Viewer) -> Lineage:
    """Ancestors from the nearest on, forks in the order of asking."""
    job = service.jobs.store.get(run, caller.sees)
    forks = service.jobs.store.forks(job.id, caller.sees, MOST_FORKS)
    return Lineage(
        ancestors=[_brief(service, one) for one in _ancestors(service, job, caller.sees)],
        forks=[_brief(service, one) for one in forks],
    )


def _ancestors(service: Service, job: Job, sees: Owners) -> list[Job]:
    found: list[Job] = []
    while job.asked.parent and len(found) < MOST_ANCESTORS:
        try:
            job = service.jobs.store.get(job.asked.parent, sees)
        except JobNotFound:  # another's, or gone
            break
        found.append(job)
    return found


def _brief(service: Service, job: Job) -> RunInfo:
    info = show(service, job)
    return info.model_copy(update={"progress": info.progress.model_copy(update={"rows": []})})


@router.get(
    "/{run}/differences",
    operation_id="get_differences",
    summary="What differs between the hypotheses of two runs, field by field",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.NO_REPORT),
)
def get_differences(
    run: RunId,
    other: Annotated[str, Query(min_length=1, max_length=100, description="the second run")],
    service: Given,
    caller: Viewer,
) -> RunComparison:
    """Hypotheses are paired by role and framework, else by the likeness of what they state."""
    first, second = (service.jobs.report(name, caller.sees) for name in (run, other))
    return compare(first, second)


@router.post(
    "/{run}/notes",
    status_code=201,
    operation_id="add_note",
    summary="Name or tag a run, or write a note",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.CONFLICT),
)
def write_note(
    run: RunId, note: Annotated[NewNote, Body(openapi_examples=NOTES)], service: Given, caller: Asker
) -> Note:
    """Nothing that was written is changed: the last name holds, and a tag is taken off by `untag`."""
    job = service.jobs.store.get(run, caller.sees)
    written = Note(kind=note.kind, text=note.text, by=caller.owner, at=now())
    add_note(service.jobs.folder(job), written)
    service.tell(caller, Act.NOTED, run, job.owner)
    return written.model_copy(update={"by": caller.person})


@router.get(
    "/{run}/notes",
    operation_id="list_notes",
    summary="Names, tags and notes that people gave",
    responses=documented(ProblemKind.NOT_FOUND),
)
def list_notes(run: RunId, service: Given, caller: Viewer) -> NoteList:
    notes = read_notes(service.jobs.folder(service.jobs.store.get(run, caller.sees)))
    return NoteList(items=[note.model_copy(update={"by": service.keys.person(note.by)}) for note in notes])
