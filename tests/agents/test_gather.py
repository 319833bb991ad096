"""A tool call is one of the registry's, with that tool's own arguments, or it is nothing."""

import time

import pytest
from pydantic import BaseModel, ValidationError

from agents import gather
from agents.gather import MOST_CALLS, plan_type, run_tool
from agents.schema import Strict
from tools import ToolError


class Length(Strict):
    angstrom: float


class Energy(BaseModel):
    value: float
    unit: str = "eV"


class Well:
    """The ground state of a box, for these tests."""

    name, version, purpose = "well", "2", "ground-state energy of an electron in a box"
    arguments: type[BaseModel] = Length

    def run(self, arguments: BaseModel) -> BaseModel:
        width = Length.model_validate(arguments.model_dump()).angstrom
        if width <= 0:
            raise ToolError("the width must be positive, in Å")
        return Energy(value=37.6 / width**2)


class Other(Well):
    name = "other"


class Slow(Well):
    def run(self, arguments: BaseModel) -> BaseModel:
        time.sleep(0.3)
        return super().run(arguments)


@pytest.mark.parametrize("tools", [[Well()], [Well(), Other()]])
def test_a_registered_call_is_read(tools: list[Well]) -> None:
    plan = plan_type(tools).model_validate({"calls": [{"tool": "well", "arguments": {"angstrom": 5}}]})
    assert plan.model_dump() == {"calls": [{"tool": "well", "arguments": {"angstrom": 5.0}}]}


@pytest.mark.parametrize(
    "call",
    [
        {"tool": "shell", "arguments": {"command": "rm -rf /"}},
        {"tool": "well", "arguments": {"angstrom": 5, "command": "rm"}},
        {"tool": "well", "arguments": {}},
        {"tool": "well", "arguments": {"angstrom": 5}, "then": "other"},
    ],
)
@pytest.mark.parametrize("tools", [[Well()], [Well(), Other()]])
def test_any_other_call_is_refused(tools: list[Well], call: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        plan_type(tools).model_validate({"calls": [call]})


def test_no_more_calls_than_allowed() -> None:
    calls = [{"tool": "well", "arguments": {"angstrom": n}} for n in range(MOST_CALLS + 1)]
    with pytest.raises(ValidationError):
        plan_type([Well()]).model_validate({"calls": calls})


async def test_a_result_is_evidence_with_inputs_unit_and_version() -> None:
    evidence = await run_tool(Well(), Length(angstrom=2))
    assert evidence.source == "well 2"
    assert evidence.inputs == {"angstrom": 2.0}
    assert evidence.content == {"value": pytest.approx(9.4), "unit": "eV"}
    assert evidence.answered


async def test_a_tool_that_cannot_answer_says_why() -> None:
    evidence = await run_tool(Well(), Length(angstrom=-1))
    assert evidence.error == "the width must be positive, in Å"
    assert not evidence.answered


async def test_a_slow_tool_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_SECONDS", 0.05)
    evidence = await run_tool(Slow(), Length(angstrom=1))
    assert evidence.error is not None
    assert "no result within" in evidence.error
