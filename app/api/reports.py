"""/v1/runs/{run}/report, /pipeline and /calls: what came of a run, by which steps and answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from agents.schema import Call, Report, Strict
from app.api.access import Given, Viewer
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.runs import IfNoneMatch, NotModified, Responses, RunId, is_known, make_etag
from app.exports import FORMATS
from app.jobs.work import find_call
from app.steps import Pipeline, from_events, from_report
from prompts import PromptError, load

router = APIRouter(prefix="/v1/runs", tags=["runs"])
JSON = "application/json"


RENDER: Mapping[str, Callable[[Report], str]] = {one.media_type: one.render for one in FORMATS}
CONTENT: Responses = {
    200: {
        "description": "The report",
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/Report"}},
            **{media_type: {"schema": {"type": "string"}} for media_type in RENDER if media_type != JSON},
        },
        "headers": {"ETag": {"schema": {"type": "string"}}},
    },
    304: {"description": "Not changed since"},
}
steps = APIRouter(prefix="/v1/runs", tags=["runs"])


@router.get(
    "/{run}/report",
    operation_id="get_report",
    summary="What came of a run",
    description="Also of a cancelled or failed one, as far as it came.",
    response_class=Response,
    responses={
        **documented(ProblemKind.NOT_FOUND, ProblemKind.NO_REPORT, ProblemKind.NOT_ACCEPTABLE),
        **CONTENT,
    },
)
def get_report(
    run: RunId,
    service: Given,
    caller: Viewer,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    report = service.jobs.report(run, caller.sees)
    chosen = choose_format(accept or "*/*", RENDER)
    if chosen is None:
        raise ProblemError(ProblemKind.NOT_ACCEPTABLE, f"a report can be had as {', '.join(RENDER)}")
    content = RENDER[chosen](report)
    etag = make_etag(content)
    if is_known(etag, if_none_match):
        raise NotModified(etag)
    return Response(content, media_type=chosen, headers={"ETag": etag, "Vary": "Accept"})


def choose_format(accept: str, offered: Iterable[str]) -> str | None:
    """The one that is wanted most; of those wanted alike, ours in their order (RFC 9110, 12.5.1)."""
    wanted = [_read(part) for part in accept.split(",") if part.strip()]
    weighed = {media_type: _weight(media_type, wanted) for media_type in offered}
    best = max(weighed, key=lambda media_type: weighed[media_type])
    return best if weighed[best] > 0 else None


def _read(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    given = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return name, min(1.0, max(0.0, float(given)))
    except ValueError:
        return name, 0.0


def _weight(media_type: str, wanted: list[tuple[str, float]]) -> float:
    """Of the most exact range that names it."""
    for name in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [weight for wanted_name, weight in wanted if wanted_name == name]
        if found:
            return found[0]
    return 0.0


class CallDetail(Strict):
    """A model call with its answer, and the template of its prompt as it is in this version."""

    call: Call
    template: str | None


@steps.get(
    "/{run}/pipeline",
    operation_id="get_pipeline",
    summary="The steps of a run: who did what, when",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_pipeline(run: RunId, service: Given, caller: Viewer) -> Pipeline:
    """Of a run that is under way as far as its events tell; of one with a report from that."""
    job = service.jobs.store.get(run, caller.sees)
    if job.state.is_final and job.ended and job.ended.status:
        return from_report(service.jobs.report(run, caller.sees))
    return from_events(service.jobs.feed(run).read())


@steps.get(
    "/{run}/calls/{number}",
    operation_id="get_call",
    summary="One model call of a run, with its answer",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_call(
    run: RunId, number: Annotated[int, Path(ge=0, lt=1_000_000)], service: Given, caller: Viewer
) -> CallDetail:
    """By its number in the report's calls, from 0."""
    job = service.jobs.store.get(run, caller.sees)
    call = find_call(service.jobs.folder(job), number)
    if call is None:
        raise ProblemError(ProblemKind.NOT_FOUND, f"run {run} has no call {number}")
    return CallDetail(call=call, template=_template(call.prompt))


def _template(prompt: str) -> str | None:
    """None for a prompt of another version."""
    try:
        return load(prompt).body
    except PromptError:
        return None
