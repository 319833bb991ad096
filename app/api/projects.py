"""/v1/me and /v1/projects: who asks, who is in a project, with which role, and what they did."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import Field

from agents.schema import Strict
from app.api.access import Asker, Caller, Given, Service, Viewer
from app.api.cursors import Cursor, read_below, write_below
from app.api.problems import ProblemError, ProblemKind, documented
from app.jobs.activity import Act, Activity
from app.jobs.errors import NoSuchProject
from app.jobs.keys import NewKey, Scope
from app.jobs.people import LOCAL, LONGEST_PERSON, Member, ProjectInfo, Role
from app.jobs.store import Allowance

router = APIRouter(prefix="/v1/projects", tags=["projects"])
me = APIRouter(prefix="/v1/me", tags=["projects"])
Named = Annotated[str, Path(min_length=1, max_length=60, alias="project", description="a project's name")]
Person = Annotated[str, Field(min_length=1, max_length=LONGEST_PERSON, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
GIVEN_ON = frozenset({Scope.ASK, Scope.READ, Scope.TOOLS, Scope.LIBRARY})  # to a key that an owner makes


class Me(Strict):
    """Whose key this is, and what it may do."""

    person: str
    project: str
    role: Role
    scopes: list[Scope] = Field(description="that the key and the role both allow")
    tokens: int | None = Field(description="that the key may spend over all its runs; null: no limit")
    usd: float | None


class ProjectList(Strict):
    """Oldest first."""

    items: list[ProjectInfo]


class NewMember(Strict):
    """A person and what they may do: who is in the project already changes their role."""

    person: Person
    role: Role


class OldMember(Strict):
    """Whom to take out of a project."""

    person: Person


class NewMemberKey(Strict):
    """A key for a member. What it may spend is booked on the key of whoever makes it."""

    person: Person
    name: str = Field(default="invited", min_length=1, max_length=100, description="what the key is for")
    tokens: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)


class MadeKey(Strict):
    """The key itself, which can be had only now."""

    key: str


class ActivityPage(Strict):
    """Newest first."""

    items: list[Activity]
    next: str | None = Field(default=None, description="`cursor` of the next page; null: this is the last")


@me.get("", operation_id="get_me", summary="Who I am here", responses=documented())
def get_me(caller: Viewer) -> Me:
    return Me(
        person=caller.person,
        project=caller.project,
        role=caller.role,
        scopes=sorted(caller.scopes),
        tokens=caller.allowance.tokens,
        usd=caller.allowance.usd,
    )


def seen_project(project: Named, caller: Viewer) -> str:
    """Return its name. Raises NoSuchProject for another than the caller's: nobody learns of it."""
    return _seen(project, caller)


def owned_project(project: Named, caller: Asker) -> str:
    """Return the name of a project whose members the caller may change."""
    _seen(project, caller)
    if not caller.is_owner:
        raise ProblemError(
            ProblemKind.FORBIDDEN, f"{caller.person} is {caller.role} of {project}: its owners may do that"
        )
    return project


def _seen(project: str, caller: Caller) -> str:
    if caller.sees is not None and project != caller.project:
        raise NoSuchProject(f"there is no project {project[:80]!r} of yours")
    return project


Seen = Annotated[str, Depends(seen_project)]
Owned = Annotated[str, Depends(owned_project)]


@router.get("", operation_id="list_projects", summary="The projects that one sees", responses=documented())
def list_projects(service: Given, caller: Viewer) -> ProjectList:
    """One's own; with an admin's key all."""
    if caller.sees is None:
        return ProjectList(items=service.projects.all())
    return ProjectList(items=[service.projects.get(caller.project)])


@router.get(
    "/{project}",
    operation_id="get_project",
    summary="A project and who is in it",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_project(project: Seen, service: Given) -> ProjectInfo:
    return service.projects.get(project)


@router.get(
    "/{project}/activity",
    operation_id="list_activity",
    summary="What people did in a project",
    responses=documented(ProblemKind.NOT_FOUND),
)
def list_activity(
    project: Seen,
    service: Given,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> ActivityPage:
    below = read_below(cursor)
    if project != LOCAL:
        service.projects.get(project)
    found = service.activities.page(project, limit=limit + 1, below=below)
    more = write_below([one.number for one in found], limit)
    return ActivityPage(items=found[:limit], next=more)


@router.post(
    "/{project}/members",
    operation_id="set_member",
    summary="Add a person to a project, or change their role",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.CONFLICT),
)
def set_member(project: Owned, service: Given, caller: Asker, new: Annotated[NewMember, Body()]) -> Member:
    """From their next request on. The last owner of a project stays one."""
    member = service.projects.set_role(project, new.person, new.role)
    service.activities.add(project, caller.person, Act.ADDED, f"{new.person}: {new.role}")
    return member


@router.post(
    "/{project}/members/remove",
    operation_id="remove_member",
    summary="Take a person out of a project",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.CONFLICT),
)
def remove_member(
    project: Owned, service: Given, caller: Asker, old: Annotated[OldMember, Body()]
) -> ProjectInfo:
    """Their keys and links end at once; what they asked stays the project's."""
    service.projects.remove(project, old.person)
    service.activities.add(project, caller.person, Act.REMOVED, old.person)
    return service.projects.get(project)


@router.post(
    "/{project}/members/keys",
    status_code=201,
    operation_id="make_member_key",
    summary="Make a key for a member",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.BUDGET_SPENT),
)
def make_member_key(
    project: Owned, service: Given, caller: Asker, new: Annotated[NewMemberKey, Body()]
) -> MadeKey:
    """It has no more scopes than one's own key, and never the operator's."""
    if service.projects.role(project, new.person) is None:
        raise ProblemError(
            ProblemKind.NOT_FOUND, f"there is no {new.person[:80]!r} in this project: give them a role first"
        )
    _book(service, caller, new)
    made = service.keys.add(
        NewKey(
            name=new.name,
            person=new.person,
            project=project,
            scopes=caller.scopes & GIVEN_ON,
            tokens=new.tokens,
            usd=new.usd,
        )
    )
    service.activities.add(project, caller.person, Act.INVITED, new.person)
    return MadeKey(key=made)


def _book(service: Service, caller: Caller, new: NewMemberKey) -> None:
    """Promise the new key its budget out of the caller's. Raises ProblemError or KeyBudgetSpent."""
    for name in ("tokens", "usd"):
        if getattr(caller.allowance, name) is not None and getattr(new, name) is None:
            detail = "your own key has a budget: say how much of it this key may spend"
            raise ProblemError(ProblemKind.INVALID, detail, pointer=f"/{name}")
    wanted = Allowance(new.tokens, new.usd)
    service.jobs.store.grant(
        f"key/{secrets.token_hex(8)}", caller.owner, caller.allowance, wanted, Allowance()
    )
