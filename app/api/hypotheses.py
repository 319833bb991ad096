"""/v1/hypotheses: search over all runs."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.access import Given, Viewer
from app.api.cursors import Cursor, read_cursor, write_cursor
from app.api.problems import documented
from app.api.schema import FoundPage
from app.jobs.search import HypothesisFilter

router = APIRouter(prefix="/v1/hypotheses", tags=["hypotheses"])
Uri = Annotated[str | None, Query(max_length=300)]


@router.get(
    "", operation_id="search_hypotheses", summary="Search the hypotheses of all runs", responses=documented()
)
def search_hypotheses(
    service: Given,
    caller: Viewer,
    *,
    text: Annotated[str | None, Query(max_length=500, description="words that all occur")] = None,
    concept: Annotated[Uri, Query(description="URI of a framework's PhySH concept")] = None,
    discipline: Annotated[Uri, Query(description="URI of a PhySH discipline")] = None,
    min_score: Annotated[float | None, Query(ge=0, le=100, allow_inf_nan=False)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
) -> FoundPage:
    place = read_cursor(cursor, float, int)
    wanted = HypothesisFilter(text, concept, discipline, min_score)
    found = service.jobs.index.search(
        caller.sees, wanted, limit=limit + 1, below=(place[0], place[1]) if place else None
    )
    page = found[:limit]
    more = write_cursor(page[-1][1].score, page[-1][0]) if len(found) > limit else None
    return FoundPage(items=[hypothesis for _, hypothesis in page], next=more)
