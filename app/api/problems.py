"""Every error as RFC 9457 problem details, with a type that stays."""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from agents import AgentsError
from agents import errors as agents_errors
from agents.errors import (
    DiskFull,
    JobConflict,
    MiningError,
    RecordDamaged,
    RunError,
    RunRefused,
    StoreDamaged,
    UnknownJob,
)
from app.api.schema import Problem, ProblemPart
from app.errors import AppError
from app.jobs.errors import (
    JobNotFound,
    KeyBudgetSpent,
    LastOwner,
    LinkNotFound,
    NoSuchProject,
    NotResumable,
    NotYet,
    OtherRequest,
    ProjectExists,
    QueueFull,
    RunBroken,
    StoreBroken,
    StoreBusy,
    StoreFull,
    TooManyLinks,
    Unanswerable,
)
from app.notes import TooManyNotes
from app.results import DamagedResult, NoSuchResult, NotKept
from physh import PhyshError, RouteError, UnknownConcept
from retrieval import RetrievalError
from tools import ToolError
from tools.runner import CallerGone, TooMany, TooSlow

TYPES = "https://w3id.org/hypothesis-finder/problems/"
MEDIA_TYPE = "application/problem+json"
LATER_S = 5  # Retry-After of what may pass by itself
CLOSED = 499  # the caller left before the answer was ready; a status that nobody reads
OURS = 500  # statuses from here on are faults of the service
PATH = re.compile(r"(?<![\w:/.])/(?:[\w.@~+-]+/)+[\w.@~+-]*", re.ASCII)  # absolute, and no part of an address
log = logging.getLogger("hypofind")


class _Kind(NamedTuple):
    slug: str
    status: int
    title: str


class ProblemKind(_Kind, Enum):
    """All kinds of problem. Their slugs are part of the interface."""

    UNAUTHORIZED = "unauthorized", 401, "An API key is needed"
    FORBIDDEN = "forbidden", 403, "This API key may not do that"
    BUDGET_SPENT = "budget-spent", 403, "This API key's budget is spent"
    FOREIGN_ORIGIN = "foreign-origin", 403, "A web page of another origin may not ask"
    NOT_FOUND = "not-found", 404, "There is nothing of that name"
    NO_METHOD = "method-not-allowed", 405, "That cannot be done to this"
    NOT_ACCEPTABLE = "not-acceptable", 406, "None of these formats is there"
    NO_REPORT = "no-report", 409, "There is no report"
    CONFLICT = "conflict", 409, "What is there stands against it"
    TOO_LARGE = "too-large", 413, "The request is too large"
    WRONG_HOST = "wrong-host", 421, "This service goes by another name"
    INVALID = "invalid-request", 422, "The request does not fit"
    KEY_REUSED = "idempotency-key-reused", 422, "Another request had this key"
    TOOL_REFUSED = "tool-refused", 422, "The tool cannot answer that"
    TOO_MANY = "too-many-requests", 429, "Too many requests"
    QUEUE_FULL = "queue-full", 429, "Too many questions wait"
    INTERNAL = "internal", 500, "A bug of ours"
    DAMAGED = "damaged", 500, "A file of ours is damaged"
    NOT_READY = "not-ready", 503, "Not ready yet"
    BUSY = "busy", 503, "The database is busy"
    TOOL_SLOW = "tool-slow", 504, "The tool took too long"
    DISK_FULL = "disk-full", 507, "The disk is full"


class ProblemError(Exception):
    """Raised by a handler that knows which problem it is."""

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.pointer, self.headers = kind, detail, pointer, headers


KINDS: tuple[tuple[type[Exception], ProblemKind], ...] = (  # the first that fits
    (JobNotFound, ProblemKind.NOT_FOUND),
    (OtherRequest, ProblemKind.KEY_REUSED),
    (Unanswerable, ProblemKind.INVALID),
    (QueueFull, ProblemKind.QUEUE_FULL),
    (KeyBudgetSpent, ProblemKind.BUDGET_SPENT),
    (NotYet, ProblemKind.NO_REPORT),
    (TooManyNotes, ProblemKind.CONFLICT),
    (DamagedResult, ProblemKind.DAMAGED),
    (NoSuchResult, ProblemKind.NOT_FOUND),
    (LinkNotFound, ProblemKind.NOT_FOUND),
    (TooManyLinks, ProblemKind.CONFLICT),
    (NoSuchProject, ProblemKind.NOT_FOUND),
    (ProjectExists, ProblemKind.CONFLICT),
    (LastOwner, ProblemKind.CONFLICT),
    (NotKept, ProblemKind.CONFLICT),
    (NotResumable, ProblemKind.CONFLICT),
    (RunBroken, ProblemKind.DAMAGED),
    (StoreBroken, ProblemKind.DAMAGED),
    (StoreFull, ProblemKind.DISK_FULL),
    (StoreBusy, ProblemKind.BUSY),
    (DiskFull, ProblemKind.DISK_FULL),
    (agents_errors.MiningStoreBusy, ProblemKind.BUSY),
    (RunRefused, ProblemKind.DAMAGED),
    (RunError, ProblemKind.DAMAGED),
    (UnknownConcept, ProblemKind.NOT_FOUND),
    (RouteError, ProblemKind.INVALID),
    (PhyshError, ProblemKind.INTERNAL),
    (TooSlow, ProblemKind.TOOL_SLOW),
    (TooMany, ProblemKind.QUEUE_FULL),
    (ToolError, ProblemKind.TOOL_REFUSED),
    (RetrievalError, ProblemKind.NOT_READY),
    (UnknownJob, ProblemKind.NOT_FOUND),
    (JobConflict, ProblemKind.CONFLICT),
    (RecordDamaged, ProblemKind.DAMAGED),
    (StoreDamaged, ProblemKind.DAMAGED),
    (MiningError, ProblemKind.INVALID),
    (AgentsError, ProblemKind.NOT_READY),
    (AppError, ProblemKind.NOT_READY),
)
PASSING = (ProblemKind.NO_REPORT, ProblemKind.QUEUE_FULL, ProblemKind.NOT_READY, ProblemKind.BUSY)
FRAMEWORK = {
    404: ProblemKind.NOT_FOUND,
    405: ProblemKind.NO_METHOD,
    413: ProblemKind.TOO_LARGE,
    422: ProblemKind.INVALID,
}


async def _nobody_reads(_request: Request, _error: Exception) -> Response:
    return Response(status_code=CLOSED)


def install(app: FastAPI) -> None:
    app.add_exception_handler(ProblemError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for error, _ in KINDS:
        app.add_exception_handler(error, _foreseen)
    app.add_exception_handler(CallerGone, _nobody_reads)
    app.add_exception_handler(Exception, _unforeseen)


def answer(
    request: Request,
    kind: ProblemKind,
    detail: str,
    *,
    parts: Sequence[ProblemPart] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        type=TYPES + kind.slug,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=request.url.path,
        request_id=getattr(request.state, "request_id", "") or secrets.token_hex(8),
        errors=list(parts),
    )
    later = {"Retry-After": str(LATER_S)} if kind in PASSING else {}
    content = problem.model_dump_json().encode(errors="replace")
    return Response(content, kind.status, {**later, **(headers or {})}, MEDIA_TYPE)


def documented(*kinds: ProblemKind) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI document: each status with what it may mean, and those of every request."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in dict.fromkeys((*ALWAYS, *kinds)):
        known = found.setdefault(kind.status, {"description": "", "content": {MEDIA_TYPE: _SCHEMA}})
        known["description"] = "; ".join(filter(None, (known["description"], f"{kind.title} ({kind.slug})")))
    return found


_SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}
ALWAYS = (
    ProblemKind.UNAUTHORIZED,
    ProblemKind.FORBIDDEN,
    ProblemKind.FOREIGN_ORIGIN,
    ProblemKind.TOO_LARGE,
    ProblemKind.WRONG_HOST,
    ProblemKind.INVALID,
    ProblemKind.TOO_MANY,
    ProblemKind.INTERNAL,
    ProblemKind.BUSY,
    ProblemKind.DISK_FULL,
)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - what Starlette promises, for the type checker
    parts = [ProblemPart(pointer=error.pointer, detail=error.detail)] if error.pointer else []
    return answer(request, error.kind, error.detail, parts=parts, headers=error.headers)


async def _foreseen(request: Request, error: Exception) -> Response:
    kind = next(kind for known, kind in KINDS if isinstance(error, known))
    pointer, said = getattr(error, "pointer", None), without_paths(str(error))
    if kind.status >= OURS:
        log.warning("request %s: %s", getattr(request.state, "request_id", ""), error)
    parts = [ProblemPart(pointer=pointer, detail=said)] if pointer else []
    return answer(request, kind, said, parts=parts)


def without_paths(text: str) -> str:
    """Return the text with the last part alone of each path of the server: the log has them whole."""
    return PATH.sub(lambda found: found[0].rstrip("/").rpartition("/")[2], text)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what Starlette promises, for the type checker
    parts = [_part(found) for found in error.errors()]
    return answer(
        request,
        ProblemKind.INVALID,
        "; ".join(f"{p.pointer or 'the body'}: {p.detail}" for p in parts[:3]),
        parts=parts,
    )


def _part(found: Mapping[str, Any]) -> ProblemPart:
    """Without the value: it may be long, or secret."""
    if found["type"] == "json_invalid":
        return ProblemPart(pointer="", detail=f"no JSON from character {found['loc'][-1]} on")
    where, *rest = (str(step).replace("~", "~0").replace("/", "~1") for step in found["loc"])
    pointer = "".join(f"/{step}" for step in rest) if where == "body" else ".".join(rest or (where,))
    return ProblemPart(pointer=pointer, detail=found["msg"].removeprefix("Value error, "))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what Starlette promises, for the type checker
    kind = FRAMEWORK.get(error.status_code, ProblemKind.INVALID)
    headers = dict(error.headers or {})
    if kind is ProblemKind.NO_METHOD:
        headers["Allow"] = ", ".join(_methods(request))
    return answer(request, kind, str(error.detail), headers=headers)


def _methods(request: Request) -> list[str]:
    """Of all routes of a path: the framework names those of the first."""
    described = request.app.openapi()["paths"]
    here = [ways for path, ways in described.items() if _fits(path, request.url.path)]
    return sorted({way.upper() for ways in here for way in ways}) or [
        "GET"
    ]  # as /healthz, which is not described


def _fits(template: str, path: str) -> bool:
    pieces = zip(template.split("/"), path.split("/"), strict=False)
    return template.count("/") == path.count("/") and all(t == p or t.startswith("{") for t, p in pieces)


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("request %s broke off", getattr(request.state, "request_id", ""), exc_info=error)
    return answer(request, ProblemKind.INTERNAL, "this is a bug of ours: the service's log has the details")
