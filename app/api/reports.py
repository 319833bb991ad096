"""/v1/runs/{run}/report: what came of a run, in the format that is asked for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Header, Response

from agents.schema import Report
from app.api.access import Given, Viewer
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.runs import IfNoneMatch, NotModified, Responses, RunId, is_known, make_etag
from app.exports import FORMATS

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
