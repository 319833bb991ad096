"""Evidence for a proposal: a model plans calls to the run's tools, we run them and keep what came back.

A plan is made before any result is read, and a call is a structured object over the tools' own argument
types: no text can invent a tool, or reach one with arguments that it does not declare.
"""

from collections.abc import Sequence
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

import prompts
from agents.concurrency import run_together
from agents.errors import StepFailed
from agents.model import Chat
from agents.prompt_injection import clear
from agents.schema import Evidence, Proposal, Reading, Strict
from agents.steps.review import Submission, doubts
from agents.toolbox import Toolbox
from prompts import Rendered
from tools import Tool

MOST_CALLS = 3  # an author's, for one hypothesis: a number, its counterpart, and one search
MOST_WANTED = 2  # of each reviewer
SECONDS = 60.0  # for each call, once it runs; past it it is reported as failed
MOST_TOKENS = 400
JUDGED = {"claim", "statement", "prediction", "falsifier"}


async def gather(chat: Chat, proposal: Proposal, toolbox: Toolbox, key: str) -> list[Evidence]:
    """What the tools say, failures included. With no tools nothing is asked.

    Raises StepFailed, BudgetSpent, EndpointError, or RunError if a result cannot be recorded or replayed.
    """
    if not toolbox.tools:
        return []
    prompt = prompts.load("gather").render(
        proposal=clear(proposal).model_dump_json(indent=1),
        tools=[describe(tool) for tool in toolbox.tools],
        most=str(MOST_CALLS),
    )
    return await _call(chat, "gather", prompt, toolbox, key, most=MOST_CALLS)


async def gather_wanted(
    chat: Chat, submission: Submission, readings: Sequence[Reading], toolbox: Toolbox, key: str
) -> list[Evidence]:
    """What each reviewer wants to be computed, and is not there yet; `asked_by` names the reviewer.

    The reviewers see their own doubts and which calls were made, and no result. An answer that cannot be
    read is evidence that failed. Raises BudgetSpent, EndpointError, or RunError as above.
    """
    if not toolbox.tools:
        return []
    wanted = await run_together(
        *(
            _want(chat, submission, reading, toolbox, f"{key}/r{number}")
            for number, reading in enumerate(readings, start=1)
        )
    )
    return [item for items in wanted for item in items]


def describe(tool: Tool) -> str:
    return f"{tool.name}: {tool.purpose}"


def plan_type(tools: Sequence[Tool], most: int = MOST_CALLS) -> type[BaseModel]:
    """`calls`, each with the name of a registered tool and that tool's own arguments."""
    return _plan_type(tuple((tool.name, tool.arguments) for tool in tools), most)


@cache  # a class is never freed: one a call would fill a service's memory
def _plan_type(tools: tuple[tuple[str, type[BaseModel]], ...], most: int) -> type[BaseModel]:
    types = [_fields_type(f"{name}_call", tool=Literal[name], arguments=kind) for name, kind in tools]
    one: Any = reduce(or_, types)
    return _fields_type("ToolPlan", calls=Annotated[list[one], Field(max_length=most)])


async def _want(
    chat: Chat, submission: Submission, reading: Reading, toolbox: Toolbox, who: str
) -> list[Evidence]:
    known = [_name(item) for item in submission.evidence]
    prompt = prompts.load("want").render(
        proposal=clear(submission.proposal).model_dump_json(indent=1, include=JUDGED),
        doubts=doubts(reading),
        made=known,
        tools=[describe(tool) for tool in toolbox.tools],
        most=str(MOST_WANTED),
    )
    try:
        found = await _call(chat, "want", prompt, toolbox, who, most=MOST_WANTED)
    except StepFailed as error:
        found = [Evidence(source="plan", error=error.reason)]
    return [
        item.model_copy(update={"asked_by": reading.reviewer}) for item in found if _name(item) not in known
    ]


async def _call(
    chat: Chat, step: str, prompt: Rendered, toolbox: Toolbox, who: str, *, most: int
) -> list[Evidence]:
    answer = await chat.ask(step, prompt, plan_type(toolbox.tools, most), who=who, max_tokens=MOST_TOKENS)
    calls: list[Any] = answer.value.calls  # type: ignore[attr-defined]  # the type is made of the tools
    found = await run_together(*(toolbox.use(call.tool, call.arguments, seconds=SECONDS) for call in calls))
    return list({_name(item): item for item in found}.values())


def _name(item: Evidence) -> str:
    """What was asked, without what came of it."""
    return item.model_dump_json(include={"source", "inputs"})


def _fields_type(name: str, **types: Any) -> type[BaseModel]:  # noqa: ANN401 - any type may be a field's
    fields: dict[str, Any] = {field: (kind, ...) for field, kind in types.items()}
    return create_model(name, __base__=Strict, **fields)
