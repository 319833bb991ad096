"""/v1/tests, /v1/instruments and /v1/checks: claims measured, what measures them, hypotheses checked."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request

from agents.checks import Checked, HypothesisToCheck
from agents.schema import Strict
from app.api.access import MAY_READ, MAY_USE_TOOLS, Caller
from app.api.problems import ProblemError, ProblemKind, documented
from app.checking import CheckHypothesis
from app.instrument_card import InstrumentCard, make_card
from tools.experiments import ExperimentResult
from tools.experiments.tool import TEST_CLAIM, ToTest
from tools.instruments import instruments
from tools.runner import Runner, unless_gone

EXAMPLES = {
    "a sentence": {
        "summary": "A claim as a sentence",
        "value": {
            "statement": "In the two-dimensional Ising model the magnetisation falls as the temperature "
            "rises from 1 to 4 J/k_B.",
            "seconds": 5,
        },
    },
    "fields": {
        "summary": "A claim as fields",
        "value": {
            "system": "ideal gas",
            "cause": "volume",
            "response": "pressure",
            "relation": "falls",
            "seconds": 5,
        },
    },
}
CHECK_EXAMPLES = {
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


class InstrumentPage(Strict):
    items: list[InstrumentCard]
    total: int


def make_router(runner: Runner) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["tests"])

    @router.post(
        "/tests",
        operation_id="test_claim_now",
        summary="Test a claim",
        responses=documented(ProblemKind.TOOL_REFUSED, ProblemKind.TOOL_SLOW, ProblemKind.QUEUE_FULL),
    )
    async def test_claim_now(
        claim: Annotated[ToTest, Body(openapi_examples=EXAMPLES)],
        request: Request,
        caller: Annotated[Caller, MAY_USE_TOOLS],
    ) -> ExperimentResult:
        """The experiment, what was measured, and the verdict. No model is asked."""
        found = await unless_gone(runner.run(TEST_CLAIM, claim, caller.owner), leaving(request))
        return ExperimentResult.model_validate(found)

    @router.get(
        "/instruments",
        operation_id="list_instruments",
        summary="What claims can be tested with",
        responses=documented(),
        dependencies=[MAY_READ],
    )
    def list_instruments(
        text: Annotated[
            str, Query(max_length=200, description="words in its title, purpose or systems")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
    ) -> InstrumentPage:
        words = text.casefold().split()
        found = [one for one in instruments() if all(word in _said(one) for word in words)]
        return InstrumentPage(items=[make_card(one) for one in found[skip : skip + limit]], total=len(found))

    @router.get(
        "/instruments/{instrument}",
        operation_id="get_instrument",
        summary="One instrument",
        responses=documented(ProblemKind.NOT_FOUND),
        dependencies=[MAY_READ],
    )
    def get_instrument(instrument: Annotated[str, Path(max_length=100)]) -> InstrumentCard:
        found = next((one for one in instruments() if one.name == instrument), None)
        if found is None:
            raise ProblemError(ProblemKind.NOT_FOUND, f"there is no instrument {instrument!r}")
        return make_card(found)

    return router


def leaving(request: Request) -> Callable[[], Any]:
    """Return what waits until the caller is gone."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass  # the rest of a body

    return gone


def _said(one: Any) -> str:  # noqa: ANN401 - an Instrument
    return " ".join((one.name, one.title, one.purpose, *one.systems)).casefold()


def make_checks_router(tool: CheckHypothesis, runner: Runner) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["tests"])

    @router.post(
        "/checks",
        operation_id="check_hypothesis",
        summary="Check a hypothesis",
        responses=documented(ProblemKind.TOOL_REFUSED, ProblemKind.TOOL_SLOW, ProblemKind.QUEUE_FULL),
    )
    async def check_hypothesis(
        hypothesis: Annotated[HypothesisToCheck, Body(openapi_examples=CHECK_EXAMPLES)],
        request: Request,
        caller: Annotated[Caller, MAY_USE_TOOLS],
    ) -> Checked:
        """A score from 0 to 100 with its checks and tests, and what was withheld. No model is asked."""
        found = await unless_gone(runner.run(tool, hypothesis, caller.owner), leaving(request))
        return Checked.model_validate(found)

    return router
