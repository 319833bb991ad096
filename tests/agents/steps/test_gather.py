"""A tool call is one of the registry's, with that tool's own arguments, or it is nothing."""

import pytest
from pydantic import BaseModel, ValidationError

from agents.schema import Strict
from agents.steps.gather import MOST_CALLS, plan_type


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
        return Energy(value=37.6 / Length.model_validate(arguments.model_dump()).angstrom ** 2)


class Other(Well):
    name = "other"


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


def test_the_same_tools_have_one_plan_type() -> None:
    """A class is never freed, so a service that made one a call would grow for ever."""
    assert plan_type([Well()]) is plan_type([Well()])
