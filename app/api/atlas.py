"""/v1/atlas: what the literature transfers between disciplines, and what it writes about together."""

from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.api.access import MAY_READ, Given
from app.api.problems import ProblemKind, documented
from app.atlas_map import AtlasMap, AtlasView, ConceptNeighbourhood, Exchange, Known

router = APIRouter(prefix="/v1/atlas", tags=["atlas"], dependencies=[MAY_READ])
_reading = Lock()
Named = Query(min_length=1, max_length=300, description="a label, or a URI")


def get_view(request: Request, service: Given) -> AtlasView:
    """Return the atlas with the service's ontology, read when it is first asked for."""
    from app.runtime import load_atlas

    jobs, state = service.jobs, request.app.state
    with _reading:
        if not hasattr(state, "atlas"):
            state.atlas = AtlasView(jobs.ontology, load_atlas(jobs.settings))
    found = state.atlas
    assert isinstance(found, AtlasView)  # noqa: S101 - set above
    return found


View = Annotated[AtlasView, Depends(get_view)]


@router.get("", operation_id="get_atlas", responses=documented())
def get_atlas(view: View) -> AtlasMap:
    """Which atlas this is, and between which disciplines the literature transfers methods."""
    return view.map


@router.get(
    "/transfers", operation_id="list_literature_transfers", responses=documented(ProblemKind.NOT_FOUND)
)
def list_literature_transfers(
    view: View,
    home: Annotated[str, Named],
    field: Annotated[str, Named],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Exchange:
    """Methods of one discipline on problems of another: in which abstracts since when, and not joined yet."""
    return view.exchange(home, field, limit)


@router.get("/concept", operation_id="get_neighbourhood", responses=documented(ProblemKind.NOT_FOUND))
def get_neighbourhood(view: View, name: Annotated[str, Named]) -> ConceptNeighbourhood:
    """A concept's abstracts by year, and what the literature joins it with most strongly."""
    return view.neighbourhood(name)


@router.get("/pair", operation_id="get_pair", responses=documented(ProblemKind.NOT_FOUND))
def get_pair(view: View, first: Annotated[str, Named], second: Annotated[str, Named]) -> Known:
    """Two concepts: together in how many abstracts, since when, rising or falling, with papers."""
    return view.known_by_name(first, second)
