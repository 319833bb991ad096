"""/v1/examples: recorded runs that come with the program. Nothing is asked and nobody's run is shown."""

from typing import Annotated

from fastapi import APIRouter, Path

from agents.schema import Report, Strict
from app.api.access import MAY_READ
from app.api.problems import ProblemError, ProblemKind, documented
from app.errors import InputError
from app.examples import Example, list_examples, load_example

router = APIRouter(prefix="/v1/examples", tags=["examples"], dependencies=[MAY_READ])


class ExampleList(Strict):
    items: list[Example]


@router.get("", operation_id="list_examples", summary="List recorded runs", responses=documented())
def get_examples() -> ExampleList:
    """The runs that a newcomer can look at before a model answers anything."""
    return ExampleList(items=list(list_examples()))


@router.get(
    "/{example}",
    operation_id="get_example",
    summary="The report of a recorded run",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_example(example: Annotated[str, Path(min_length=1, max_length=100)]) -> Report:
    """As it was recorded."""
    try:
        return load_example(example)
    except InputError as error:
        raise ProblemError(ProblemKind.NOT_FOUND, str(error)) from error
