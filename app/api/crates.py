"""/v1/runs/{run}/crate: a run as one archive that others can read, replay and measure again."""

from base64 import b64decode
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from agents import Run, open_run
from app.api.access import Given, Viewer
from app.api.problems import Kind, Refused, documented
from app.api.runs import Responses, RunId
from app.api.tests import leaving
from app.jobs.activity import Act
from app.publishing import LICENCES, Author, read_author
from app.publishing.authors import BadAuthor
from app.publishing.tool import PUBLISH, ToPublish
from tools.runner import unless_gone

router = APIRouter(prefix="/v1/runs", tags=["runs"])
ZIP = "application/zip"
MOST_AUTHORS = 20
MOST_SECONDS = 240.0  # a run of twenty tested hypotheses on a busy machine
CONTENT: Responses = {
    200: {"description": "RO-Crate 1.1, zipped", "content": {ZIP: {"schema": {"type": "string"}}}}
}
Licence = Annotated[
    str, Query(max_length=30, description="the author's choice", json_schema_extra={"enum": list(LICENCES)})
]
Authors = Annotated[
    list[str],
    Query(min_length=1, max_length=MOST_AUTHORS, description="First Last <ORCID iD>; the iD may be left out"),
]


def finished_run(run: RunId, service: Given, caller: Viewer) -> Run:
    """Return a run of the caller's that has a report. Raises JobNotFound or NotYet."""
    service.jobs.report(run, caller.sees)
    return open_run(service.jobs.runs, run)


@router.get(
    "/{run}/crate",
    operation_id="get_crate",
    summary="A run as an archive to publish",
    response_class=Response,
    responses={
        **documented(Kind.NOT_FOUND, Kind.NO_REPORT, Kind.TOOL_REFUSED, Kind.TOOL_SLOW, Kind.QUEUE_FULL),
        **CONTENT,
    },
)
async def get_crate(  # noqa: PLR0917 - FastAPI names them all
    run: Annotated[Run, Depends(finished_run)],
    request: Request,
    service: Given,
    caller: Viewer,
    licence: Licence,
    author: Authors,
) -> Response:
    """Report, records, provenance and a page that opens in a browser. Nothing is sent anywhere."""
    if licence not in LICENCES:
        raise Refused(Kind.INVALID, f"choose one of {', '.join(LICENCES)}", pointer="licence")
    asked = ToPublish(runs=service.jobs.runs, run=run.id, authors=_read(author), licence=licence)
    work = service.jobs.runner.run(PUBLISH, asked, caller.owner, seconds=MOST_SECONDS)
    found = await unless_gone(work, leaving(request))
    await to_thread.run_sync(service.tell, caller, Act.PUBLISHED, run.id)
    named = {"Content-Disposition": f'attachment; filename="{run.id}.crate.zip"'}
    return Response(b64decode(found["content"]), media_type=ZIP, headers=named)


def _read(authors: list[str]) -> tuple[Author, ...]:
    try:
        return tuple(map(read_author, authors))
    except BadAuthor as error:
        raise Refused(Kind.INVALID, str(error), pointer="author") from error
