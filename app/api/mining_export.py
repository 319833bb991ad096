"""/v1/mining/{job}/export: a mining job as ZIP, RDF, CSV or PNG, by Accept."""

from base64 import b64decode
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from app.api.access import Given, Viewer
from app.api.mining import own_job
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.reports import choose_format
from app.api.runs import Responses
from app.api.tests import leaving
from app.mining_files import EXPORT, SUFFIXES, ToExport
from tools.runner import unless_gone

router = APIRouter(prefix="/v1/mining", tags=["mining"])
MOST_SECONDS = 120.0
CONTENT: Responses = {
    200: {
        "description": "The job's map and transfers",
        "content": {media_type: {"schema": {"type": "string"}} for media_type in SUFFIXES},
    }
}


@router.get(
    "/{job}/export",
    operation_id="export_mining",
    summary="A mining job to take away",
    description="Everything as a ZIP archive; transfers as RDF (N-Triples) or CSV; the map as PNG.",
    response_class=Response,
    responses={
        **documented(
            ProblemKind.NOT_FOUND,
            ProblemKind.NOT_ACCEPTABLE,
            ProblemKind.TOOL_REFUSED,
            ProblemKind.TOOL_SLOW,
            ProblemKind.QUEUE_FULL,
        ),
        **CONTENT,
    },
)
async def export_mining(
    job: Annotated[str, Depends(own_job)],
    request: Request,
    service: Given,
    caller: Viewer,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """Also of a job that is under way, as far as it is."""
    chosen = choose_format(accept or "*/*", SUFFIXES)
    if chosen is None:
        raise ProblemError(ProblemKind.NOT_ACCEPTABLE, f"a mining job can be had as {', '.join(SUFFIXES)}")
    asked = ToExport.model_validate(
        {"folder": service.jobs.settings.paths.mining, "job": job, "media_type": chosen}
    )
    work = service.jobs.runner.run(EXPORT, asked, caller.owner, seconds=MOST_SECONDS)
    found = await unless_gone(work, leaving(request))
    named = {"Content-Disposition": f'attachment; filename="{job}{SUFFIXES[chosen]}"', "Vary": "Accept"}
    return Response(b64decode(found["content"]), media_type=chosen, headers=named)
