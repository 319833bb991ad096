"""A run, a kept result or a mining job as one archive that others can read, check and measure again."""

from base64 import b64decode
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from agents import Run, open_run
from app.api.access import Caller, Given, Service, Viewer
from app.api.mining import Own
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.runs import Responses, RunId
from app.api.tests import leaving
from app.api.tools import get_result
from app.jobs.activity import Act
from app.publishing import LICENCES, Author, read_author
from app.publishing.authors import BadAuthor
from app.publishing.tool import PUBLISH, MiningToPublish, Publication, ResultToPublish, RunToPublish
from app.results import Kept
from tools.runner import unless_gone

router = APIRouter(prefix="/v1")
ZIP = "application/zip"
MOST_AUTHORS = 20
MOST_SECONDS = 240.0  # a run of twenty tested hypotheses on a busy machine
CONTENT: Responses = {
    200: {"description": "RO-Crate 1.1, zipped", "content": {ZIP: {"schema": {"type": "string"}}}}
}
ANSWERS: Responses = {
    **documented(
        ProblemKind.NOT_FOUND, ProblemKind.TOOL_REFUSED, ProblemKind.TOOL_SLOW, ProblemKind.QUEUE_FULL
    ),
    **CONTENT,
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


def read_imprint(licence: Licence, author: Authors) -> tuple[tuple[Author, ...], str]:
    """Return authors and licence. Raises ProblemError for who is no author, and for another licence."""
    if licence not in LICENCES:
        raise ProblemError(ProblemKind.INVALID, f"choose one of {', '.join(LICENCES)}", pointer="licence")
    try:
        return tuple(map(read_author, author)), licence
    except BadAuthor as error:
        raise ProblemError(ProblemKind.INVALID, str(error), pointer="author") from error


Imprint = Annotated[tuple[tuple[Author, ...], str], Depends(read_imprint)]


@router.get(
    "/runs/{run}/crate",
    tags=["runs"],
    operation_id="get_crate",
    summary="A run as an archive to publish",
    response_class=Response,
    responses={**ANSWERS, **documented(ProblemKind.NO_REPORT)},
)
async def get_crate(
    run: Annotated[Run, Depends(finished_run)],
    request: Request,
    service: Given,
    caller: Viewer,
    imprint: Imprint,
) -> Response:
    """Report, records, provenance and a page that opens in a browser. Nothing is sent anywhere."""
    authors, licence = imprint
    asked = RunToPublish(runs=service.jobs.runs, run=run.id, authors=authors, licence=licence)
    return await _make(request, service, caller, asked, run.id)


@router.get(
    "/results/{result}/crate",
    tags=["tools"],
    operation_id="get_result_crate",
    summary="A kept result as an archive to publish",
    response_class=Response,
    responses=ANSWERS,
)
async def get_result_crate(
    kept: Annotated[Kept, Depends(get_result)],
    request: Request,
    service: Given,
    caller: Viewer,
    imprint: Imprint,
) -> Response:
    """Of a tool, a test of a claim or an evaluation: what was asked, what came of it, and a page."""
    authors, licence = imprint
    asked = ResultToPublish(kept=kept, authors=authors, licence=licence)
    return await _make(request, service, caller, asked, f"{kept.result.tool}-{kept.id}")


@router.get(
    "/mining/{job}/crate",
    tags=["mining"],
    operation_id="get_mining_crate",
    summary="A mining job as an archive to publish",
    response_class=Response,
    responses=ANSWERS,
)
async def get_mining_crate(
    job: Own, request: Request, service: Given, caller: Viewer, imprint: Imprint
) -> Response:
    """Map, transfers, calls and a page that opens in a browser."""
    authors, licence = imprint
    folder = service.jobs.settings.paths.mining
    asked = MiningToPublish(folder=folder, job=job, authors=authors, licence=licence)
    return await _make(request, service, caller, asked, f"mining-{job}")


async def _make(
    request: Request, service: Service, caller: Caller, asked: Publication, name: str
) -> Response:
    work = service.jobs.runner.run(PUBLISH, asked, caller.owner, seconds=MOST_SECONDS)
    found = await unless_gone(work, leaving(request))
    await to_thread.run_sync(service.tell, caller, Act.PUBLISHED, name)
    named = {"Content-Disposition": f'attachment; filename="{name}.crate.zip"'}
    return Response(b64decode(found["content"]), media_type=ZIP, headers=named)
