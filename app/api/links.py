"""/v1/runs/{run}/links and /v1/shared: a run shown to whoever has a link, without a key."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Request
from pydantic import Field

from agents.schema import Report, Strict
from app.api.access import Asker, Credentials, Given, Service, Viewer, check_query, count_request
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.runs import RunId
from app.jobs.activity import Act
from app.jobs.links import Link, NewLink

router = APIRouter(prefix="/v1/runs", tags=["links"])
shared = APIRouter(prefix="/v1/shared", tags=["links"])
LinkId = Annotated[str, Path(min_length=1, max_length=40, description="as it was given when made")]


class MadeLink(Strict):
    """A link with the text that opens it, which can be had only now."""

    link: Link
    opens: str = Field(description="sent as Authorization: Bearer to /v1/shared")


class LinkList(Strict):
    """Oldest first, also those that are over."""

    items: list[Link]


@router.post(
    "/{run}/links",
    status_code=201,
    operation_id="make_link",
    summary="Share a run's report by a link",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.NO_REPORT, ProblemKind.CONFLICT),
)
def make_link(
    run: RunId, service: Given, caller: Asker, new: Annotated[NewLink | None, Body()] = None
) -> MadeLink:
    """Whoever has it reads the whole report, passages of one's own library included, until it is over."""
    owner = service.jobs.store.get(run, caller.sees).owner
    caller.require_steering(service.keys, owner)
    service.jobs.report(run, caller.sees)
    link, opens = service.links.add(run, caller.owner, new or NewLink())
    service.tell(caller, Act.SHARED, run, owner)
    return MadeLink(link=link, opens=opens)


@router.get(
    "/{run}/links",
    operation_id="list_links",
    summary="A run's links",
    responses=documented(ProblemKind.NOT_FOUND),
)
def list_links(run: RunId, service: Given, caller: Viewer) -> LinkList:
    service.jobs.store.get(run, caller.sees)
    return LinkList(items=service.links.of_run(run))


@router.post(
    "/{run}/links/{link}/revoke",
    operation_id="revoke_link",
    summary="End a link at once",
    responses=documented(ProblemKind.NOT_FOUND),
)
def revoke_link(run: RunId, link: LinkId, service: Given, caller: Asker) -> Link:
    owner = service.jobs.store.get(run, caller.sees).owner
    caller.require_steering(service.keys, owner)
    revoked = service.links.revoke(run, link)
    service.tell(caller, Act.UNSHARED, run, owner)
    return revoked


def opened_link(request: Request, service: Given, credentials: Credentials) -> Link:
    """Return the link that was sent. Raises ProblemError where it or its owner's key is over or none."""
    count_request(request, service, None)
    check_query(request)
    text = credentials.credentials if credentials else ""
    link = service.links.find(text)
    if link is None and service.keys.find(text):
        raise ProblemError(ProblemKind.FORBIDDEN, "this is an API key: send the link that was shared")
    if link is None or _is_orphaned(service, link):
        raise ProblemError(
            ProblemKind.UNAUTHORIZED,
            "this link is over, or never was: ask whoever sent it for another",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return link


def _is_orphaned(service: Service, link: Link) -> bool:
    """Whether the key that made it was revoked since, or keys are needed and it was made without one."""
    return service.keys.configured and not service.keys.holds(link.owner)


@shared.get(
    "",
    operation_id="get_shared_report",
    summary="The report that a link shows",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.NO_REPORT),
)
def get_shared_report(service: Given, link: Annotated[Link, Depends(opened_link)]) -> Report:
    """As it is now. The link opens nothing else."""
    return service.jobs.report(link.run, None)
