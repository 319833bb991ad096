"""/v1/checks: what rules and instruments say of anybody's hypothesis."""

from typing import Annotated

from fastapi import APIRouter, Body, Request

from agents.checks import Checked, HypothesisToCheck
from app.api.access import MAY_USE_TOOLS, Caller
from app.api.problems import ProblemKind, documented
from app.api.tests import leaving
from app.checking import CheckHypothesis
from tools.runner import Runner, unless_gone

EXAMPLES = {
    "prose": {
        "summary": "Plain prose",
        "value": {
            "question": "How does the gap of silicon answer to temperature?",
            "proposal": "In silicon the band gap falls with temperature, because lattice vibrations screen "
            "the potential. From 10 to 300 K the band gap goes from 1.17 to 1.12 eV. A change below 20 meV "
            "refutes the claim.",
        },
    },
}


def make_router(tool: CheckHypothesis, runner: Runner) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["tests"])

    @router.post(
        "/checks",
        operation_id="check_hypothesis",
        summary="Check a hypothesis",
        responses=documented(ProblemKind.TOOL_REFUSED, ProblemKind.TOOL_SLOW, ProblemKind.QUEUE_FULL),
    )
    async def check_hypothesis(
        hypothesis: Annotated[HypothesisToCheck, Body(openapi_examples=EXAMPLES)],
        request: Request,
        caller: Annotated[Caller, MAY_USE_TOOLS],
    ) -> Checked:
        """A score from 0 to 100 with its checks and tests, and what was withheld. No model is asked."""
        found = await unless_gone(runner.run(tool, hypothesis, caller.owner), leaving(request))
        return Checked.model_validate(found)

    return router
