"""/v1/data: databases that could answer a question, and structures from those that speak OPTIMADE."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import Field

from agents.schema import DataFound, Strict
from app.api.access import MAY_READ, MAY_USE_TOOLS, Caller
from app.api.problems import ProblemKind, documented
from app.api.tests import leaving
from app.datasets import DataQuestion, FindData, FindStructures, StructureRequest, list_providers
from app.settings import Settings
from retrieval.datasets import FoundStructures, Provider
from tools.runner import Runner, unless_gone

EXAMPLES = {
    "claim": {
        "summary": "A claim",
        "value": {
            "question": "In halide perovskite solar cells the open-circuit voltage grows with the band gap.",
            "cause": "band gap (eV)",
            "response": "open-circuit voltage (V)",
        },
    },
}


class ProviderList(Strict):
    items: list[Provider] = Field(description="databases that speak OPTIMADE")


def make_router(settings: Settings, runner: Runner) -> APIRouter:
    """Return the routes. Databases are asked by name: no request takes an address."""
    router = APIRouter(prefix="/v1/data", tags=["data"])
    finder, fetcher = FindData(settings.paths.cache), FindStructures(settings)
    refusals = documented(ProblemKind.TOOL_REFUSED, ProblemKind.TOOL_SLOW, ProblemKind.QUEUE_FULL)

    @router.post("", operation_id="find_data", summary="Find data", responses=refusals)
    async def find_data(
        question: Annotated[DataQuestion, Body(openapi_examples=EXAMPLES)],
        request: Request,
        caller: Annotated[Caller, MAY_USE_TOOLS],
    ) -> DataFound:
        """Databases that could answer a question or test a claim. Nothing leaves this machine."""
        found = await unless_gone(runner.run(finder, question, caller.owner), leaving(request))
        return DataFound.model_validate(found)

    @router.post(
        "/structures", operation_id="find_structures", summary="Fetch structures", responses=refusals
    )
    async def find_structures(
        wanted: StructureRequest, request: Request, caller: Annotated[Caller, MAY_USE_TOOLS]
    ) -> FoundStructures:
        """Structures from the named databases, with what each was asked, when, and why one gave nothing."""
        found = await unless_gone(runner.run(fetcher, wanted, caller.owner), leaving(request))
        return FoundStructures.model_validate(found)

    @router.get(
        "/providers",
        operation_id="list_providers",
        summary="Who can be asked for structures",
        responses=documented(),
        dependencies=[MAY_READ],
    )
    def get_providers() -> ProviderList:
        return ProviderList(items=list(list_providers(settings).values()))

    return router
