"""/v1/mining: jobs that try methods of one discipline on the problems of another, and their maps."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Request

from agents.mining import JobState, Progress, Spec, Store, steer
from agents.mining.atlas import meetings, surprises, travellers
from agents.mining.contrasts import contrasts
from app.api.access import MAY_ASK, MAY_READ, Given, Service
from app.api.cursors import Cursor, read_cursor, write_cursor
from app.api.mining_schema import TOP, Cells, Map, MiningList, NewMining, StartMining, Transfers
from app.api.problems import Kind, Refused, documented
from app.mining import change_budget, opened_in, plan_in
from app.mining_desk import Desk
from app.mining_files import note_of

if TYPE_CHECKING:
    from app.work import Workshop

router = APIRouter(prefix="/v1/mining", tags=["mining"])


def get_store(service: Given) -> Iterator[Store]:
    with Store(service.jobs.settings.paths.mining) as store:
        yield store


Opened = Annotated[Store, Depends(get_store)]
Name = Annotated[str, Path(min_length=1, max_length=60, description="a job's name")]
Field_ = Annotated[str | None, Query(max_length=300, description="a discipline, by label or URI")]


@router.get("", operation_id="list_mining", responses=documented(), dependencies=[MAY_READ])
def list_mining(store: Opened) -> MiningList:
    """All jobs, newest first."""
    return MiningList(items=[store.progress(job) for job in store.jobs()])


@router.post(
    "",
    operation_id="plan_mining",
    status_code=201,
    responses=documented(Kind.NOT_READY, Kind.NOT_FOUND, Kind.CONFLICT),
    dependencies=[MAY_ASK],
)
def plan_mining(chosen: Annotated[NewMining, Body()], service: Given, store: Opened) -> Progress:
    """Choose the pairs of a new job. Nothing is asked before it is started."""
    workshop = _workshop(service)
    spec = Spec.model_validate(chosen.model_dump())
    plan_in(workshop, spec).keep(store, workshop.settings)
    return store.progress(spec.name)


@router.get(
    "/{job}", operation_id="get_mining", responses=documented(Kind.NOT_FOUND), dependencies=[MAY_READ]
)
def get_mining(job: Name, store: Opened) -> Progress:
    """How far a job is, what it took, and failures by reason."""
    return store.progress(job)


@router.post(
    "/{job}/start",
    operation_id="start_mining",
    status_code=202,
    responses=documented(Kind.NOT_FOUND, Kind.NOT_READY, Kind.CONFLICT),
    dependencies=[MAY_ASK],
)
def start_mining(
    job: Name,
    request: Request,
    service: Given,
    store: Opened,
    chosen: Annotated[StartMining | None, Body()] = None,
) -> Progress:
    """Begin, or go on after a pause, a stop, or with a larger budget: no finished pair is asked again."""
    workshop = _workshop(service)
    if chosen and chosen.budget:
        wanted = store.spec(job).model_copy(update={"budget": chosen.budget})
        change_budget(workshop.settings, store, wanted)
    desk(request, service).start(job)
    return store.progress(job)


@router.post(
    "/{job}/pause",
    operation_id="pause_mining",
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT),
    dependencies=[MAY_ASK],
)
def pause_mining(job: Name, store: Opened) -> Progress:
    """It stops after the pairs under way, or is not begun."""
    steer(store, job, JobState.PAUSED)
    return store.progress(job)


@router.post(
    "/{job}/cancel",
    operation_id="cancel_mining",
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT),
    dependencies=[MAY_ASK],
)
def cancel_mining(job: Name, store: Opened) -> Progress:
    """It ends for good, with what is answered."""
    steer(store, job, JobState.CANCELLED)
    return store.progress(job)


@router.get(
    "/{job}/transfers",
    operation_id="list_transfers",
    responses=documented(Kind.NOT_FOUND),
    dependencies=[MAY_READ],
)
def list_transfers(  # noqa: PLR0917 - FastAPI names them all
    job: Name,
    store: Opened,
    home: Field_ = None,
    field: Field_ = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> Transfers:
    """Best first; of one discipline's methods, or on one discipline's problems, where these are named.

    While the job runs, a page may show again what a better transfer has moved down.
    """
    of, on = (None if name is None else store.discipline(job, name) for name in (home, field))
    (skip,) = read_cursor(cursor, int) or [0]
    found = list(store.mined(job, home=of, field=on, skip=max(0, skip), limit=limit + 1))
    return Transfers(items=found[:limit], next=write_cursor(skip + limit) if len(found) > limit else None)


@router.get(
    "/{job}/cells",
    operation_id="list_mining_cells",
    responses=documented(Kind.NOT_FOUND),
    dependencies=[MAY_READ],
)
def list_mining_cells(job: Name, store: Opened) -> Cells:
    """Every cell of disciplines and facets: tried, skipped and why, failed, or waiting."""
    return Cells(items=store.cells(job))


@router.get(
    "/{job}/map",
    operation_id="get_mining_map",
    responses=documented(Kind.NOT_FOUND),
    dependencies=[MAY_READ],
)
def get_mining_map(job: Name, store: Opened) -> Map:
    """Disciplines against disciplines, methods that travel, surprises, and comparisons."""
    return Map(
        note=note_of(store, job),
        meetings=meetings(store, job),
        methods=travellers(store, job, TOP),
        surprises=surprises(store, job, TOP),
        contrasts=contrasts(store, job),
    )


def _workshop(service: Service) -> "Workshop":
    workshop = service.jobs.workshop.ready
    if workshop is None:
        raise Refused(Kind.NOT_READY, f"nothing can be mined yet: {service.jobs.workshop.finding.found}")
    return workshop


def desk(request: Request, service: Service) -> Desk:
    """One an application, made when the first job is started."""
    state = request.app.state
    if not hasattr(state, "mining"):
        workshop = _workshop(service)
        state.mining = Desk(workshop.settings.paths.mining, partial(opened_in, workshop))
    found = state.mining
    assert isinstance(found, Desk)  # noqa: S101 - set above
    return found
