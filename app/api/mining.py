"""/v1/mining: jobs that try methods of one discipline on the problems of another, and their maps."""

import threading
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query

from agents.errors import UnknownJob
from agents.mining import JobState, MiningProgress, MiningStore, Spec, steer
from agents.mining.atlas import meetings, surprises, travellers
from agents.mining.meetings import contrasts
from agents.model import Budget
from app.api.access import Asker, Caller, Given, Service, Viewer
from app.api.atlas import View
from app.api.cursors import Cursor, read_cursor, write_cursor
from app.api.mining_schema import TOP, Cells, Map, MiningList, NewMining, StartMining, TransferPage
from app.api.problems import ProblemError, ProblemKind, documented
from app.jobs.activity import Act
from app.jobs.keys import Scope
from app.jobs.store import Allowance
from app.mining import change_budget
from app.mining_files import note_of

router = APIRouter(prefix="/v1/mining", tags=["mining"])
MOST_JOBS = 100  # of one key
_planning = threading.Semaphore(1)  # choosing pairs takes seconds of a core


def get_store(service: Given) -> Iterator[MiningStore]:
    with MiningStore(service.jobs.settings.paths.mining) as store:
        yield store


Opened = Annotated[MiningStore, Depends(get_store)]
Name_ = Annotated[str, Path(min_length=1, max_length=60, description="a job's name", alias="job")]


def own_job(name: Name_, store: Opened, caller: Viewer) -> str:
    """Return the job's name. Raises UnknownJob for one of another key: nobody learns of it."""
    return _own(store, name, caller)


def job_to_steer(name: Name_, store: Opened, service: Given, caller: Asker) -> str:
    """Return the name of a job that the caller may steer."""
    caller.require_steering(service.keys, store.owner(_own(store, name, caller)))
    return name


def _own(store: MiningStore, name: str, caller: Caller) -> str:
    if name not in store.jobs(caller.sees):
        raise UnknownJob(f"there is no mining job {name[:80]!r} of yours")
    return name


Own = Annotated[str, Depends(own_job)]
Steered = Annotated[str, Depends(job_to_steer)]
Field_ = Annotated[str | None, Query(max_length=300, description="a discipline, by label or URI")]


@router.get("", operation_id="list_mining", responses=documented())
def list_mining(store: Opened, caller: Viewer) -> MiningList:
    """The project's jobs, newest first; with an admin's key all."""
    return MiningList(items=store.overview(caller.sees))


@router.post(
    "",
    operation_id="plan_mining",
    status_code=201,
    responses=documented(
        ProblemKind.NOT_READY, ProblemKind.NOT_FOUND, ProblemKind.CONFLICT, ProblemKind.QUEUE_FULL
    ),
)
def plan_mining(
    chosen: Annotated[NewMining, Body()], service: Given, store: Opened, caller: Asker
) -> MiningProgress:
    """Choose the pairs of a new job. Nothing is asked before it is started."""
    _require_open(service)
    spec = Spec.model_validate(chosen.model_dump())
    if spec.library and caller.keyed and not caller.may(Scope.LIBRARY):
        raise ProblemError(ProblemKind.FORBIDDEN, f"library: this needs the scope {Scope.LIBRARY}")
    if len(store.jobs({caller.owner})) >= MOST_JOBS:
        raise ProblemError(
            ProblemKind.QUEUE_FULL, f"a key may have {MOST_JOBS} mining jobs: go on with one of yours"
        )
    if not _planning.acquire(blocking=False):
        raise ProblemError(
            ProblemKind.QUEUE_FULL, "another mining job is being planned: ask again in some seconds"
        )
    try:
        service.jobs.workshop.plan(spec, caller.owner)
    finally:
        _planning.release()
    service.tell(caller, Act.PLANNED, spec.name)
    return store.progress(spec.name)


@router.get("/{job}", operation_id="get_mining", responses=documented(ProblemKind.NOT_FOUND))
def get_mining(job: Own, store: Opened) -> MiningProgress:
    """How far a job is, what it took, and failures by reason."""
    return store.progress(job)


@router.post(
    "/{job}/start",
    operation_id="start_mining",
    status_code=202,
    responses=documented(
        ProblemKind.NOT_FOUND, ProblemKind.NOT_READY, ProblemKind.CONFLICT, ProblemKind.BUDGET_SPENT
    ),
)
def start_mining(
    job: Steered,
    service: Given,
    store: Opened,
    caller: Asker,
    chosen: Annotated[StartMining | None, Body()] = None,
) -> MiningProgress:
    """Begin, or go on after a pause, a stop, or with a larger budget: no finished pair is asked again."""
    _require_open(service)
    if chosen and chosen.budget:
        wanted = store.spec(job).model_copy(update={"budget": chosen.budget})
        change_budget(service.jobs.settings, store, wanted)
    if store.state(job) is not JobState.RUNNING:
        _book(service, store, job, caller)
    service.jobs.mining.start(job)
    service.tell(caller, Act.STARTED, job, store.owner(job))
    return store.progress(job)


@router.post(
    "/{job}/pause",
    operation_id="pause_mining",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.CONFLICT),
)
def pause_mining(job: Steered, service: Given, store: Opened, caller: Asker) -> MiningProgress:
    """It stops after the pairs under way, or is not begun."""
    steer(store, job, JobState.PAUSED)
    service.tell(caller, Act.PAUSED, job, store.owner(job))
    return store.progress(job)


@router.post(
    "/{job}/cancel",
    operation_id="cancel_mining",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.CONFLICT),
)
def cancel_mining(job: Steered, service: Given, store: Opened, caller: Asker) -> MiningProgress:
    """It ends for good, with what is answered."""
    steer(store, job, JobState.CANCELLED)
    service.tell(caller, Act.CANCELLED, job, store.owner(job))
    return store.progress(job)


@router.get(
    "/{job}/transfers",
    operation_id="list_transfers",
    responses=documented(ProblemKind.NOT_FOUND),
)
def list_transfers(  # noqa: PLR0917 - FastAPI names them all
    job: Own,
    store: Opened,
    view: View,
    home: Field_ = None,
    field: Field_ = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> TransferPage:
    """Best first; of one discipline's methods, or on one discipline's problems, where these are named.

    While the job runs, a page may show again what a better transfer has moved down.
    """
    of, on = (None if name is None else store.discipline(job, name) for name in (home, field))
    (skip,) = read_cursor(cursor, int) or [0]
    found = list(store.mined(job, home=of, field=on, skip=max(0, skip), limit=limit + 1))
    return TransferPage(
        items=found[:limit],
        next=write_cursor(skip + limit) if len(found) > limit else None,
        known=view.known_of_pairs(mined.pair for mined in found[:limit]),
    )


@router.get(
    "/{job}/cells",
    operation_id="list_mining_cells",
    responses=documented(ProblemKind.NOT_FOUND),
)
def list_mining_cells(job: Own, store: Opened) -> Cells:
    """Every cell of disciplines and facets: tried, skipped and why, failed, or waiting."""
    return Cells(items=store.cells(job))


@router.get(
    "/{job}/map",
    operation_id="get_mining_map",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_mining_map(job: Own, store: Opened, view: View) -> Map:
    """Disciplines against disciplines, methods that travel, surprises, and comparisons."""
    odd = surprises(store, job, TOP)
    return Map(
        note=note_of(store, job),
        meetings=meetings(store, job),
        methods=travellers(store, job, TOP),
        surprises=odd,
        contrasts=contrasts(store, job),
        known=view.known_of_pairs(one.mined.pair for one in odd),
    )


def _require_open(service: Service) -> None:
    workshop = service.jobs.workshop
    if not workshop.is_open:
        raise ProblemError(ProblemKind.NOT_READY, f"nothing can be mined yet: {workshop.finding.found}")


def _book(service: Service, store: MiningStore, job: str, caller: Caller) -> None:
    """Give the job what is left of the service's budget and of the key's that planned it.

    Raises KeyBudgetSpent.
    """
    progress, budget, most = store.progress(job), store.spec(job).budget, service.jobs.settings.run
    spent = Allowance(progress.tokens, progress.cost_usd or 0.0)
    wanted = Allowance(
        _left(budget.tokens, most.budget_tokens, spent.tokens), _left(budget.usd, most.budget_usd, spent.usd)
    )
    owner = store.owner(job) or caller.owner
    allowance = caller.allowance if owner == caller.owner else service.keys.allowance(owner)
    given = service.jobs.store.grant(f"mining/{job}", owner, allowance, wanted, spent)
    tokens = None if given.tokens is None else given.tokens + progress.tokens
    usd = None if given.usd is None else given.usd + (progress.cost_usd or 0.0)
    if Budget(tokens=tokens, usd=usd) != budget:
        store.set_budget(job, Budget(tokens=tokens, usd=usd))


def _left(budget: float | None, most: float | None, spent: float | None) -> Any:  # noqa: ANN401 - tokens or USD
    """Return what may still be spent of the smaller of two limits; None where there is neither."""
    limits = [limit for limit in (budget, most) if limit is not None]
    return max(min(limits) - (spent or 0), 0) if limits else None
