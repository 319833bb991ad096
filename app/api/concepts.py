"""/v1/concepts: PhySH, to search, to walk, and to route a text to."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Body, Query

from app.api.access import MAY_READ, Given, Viewer
from app.api.examples import TEXTS
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.schema import Card, ConceptPage, Text, Tree
from app.concepts import grow, make_card
from app.jobs.messages import Routed

router = APIRouter(prefix="/v1/concepts", tags=["concepts"], dependencies=[MAY_READ])
MOST_TEXTS = 4  # of one caller, that are being routed
Name = Query(min_length=1, max_length=300, description="a label, or a URI")


@router.get(
    "", operation_id="search_concepts", summary="Find concepts by name, best first", responses=documented()
)
def search_concepts(
    service: Given,
    text: Annotated[str, Query(min_length=1, max_length=200, description="a name or a part of one")],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ConceptPage:
    ontology = service.jobs.ontology
    cards = [make_card(ontology, concept) for concept in ontology.search(text, limit)]
    return ConceptPage(release=ontology.release, items=cards)


@router.get(
    "/card", operation_id="get_concept", summary="One concept", responses=documented(ProblemKind.NOT_FOUND)
)
def get_concept(service: Given, name: Annotated[str, Name]) -> Card:
    ontology = service.jobs.ontology
    return make_card(ontology, ontology.concept(name))


@router.get(
    "/tree",
    operation_id="get_concept_tree",
    summary="What lies under what: of all disciplines, of one, or of a concept",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_concept_tree(service: Given, name: Annotated[str | None, Name] = None) -> Tree:
    return Tree.model_validate(grow(service.jobs.ontology, name).as_json())


@router.post(
    "/route",
    operation_id="route_text",
    summary="The disciplines and concepts that a text touches",
    responses=documented(ProblemKind.NOT_READY, ProblemKind.QUEUE_FULL),
)
async def route_text(
    text: Annotated[Text, Body(openapi_examples=TEXTS)], service: Given, caller: Viewer
) -> Routed:
    workshop, under_way = service.jobs.workshop, service.routing
    if not workshop.is_open:
        raise ProblemError(ProblemKind.NOT_READY, f"texts cannot be routed yet: {workshop.finding.found}")
    if under_way[caller.owner] >= MOST_TEXTS:
        raise ProblemError(
            ProblemKind.QUEUE_FULL, f"{MOST_TEXTS} texts of yours are being routed: ask again after one"
        )
    under_way[caller.owner] += 1
    try:
        return Routed.model_validate(await asyncio.wrap_future(workshop.route(text.text)))
    finally:
        under_way[caller.owner] -= 1
