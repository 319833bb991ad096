"""Evidence for a proposal: the model plans calls to registered tools, we run them and keep what came back.

The plan is made before any result is read, and a call is a structured object over the registry's own argument
types, so a text can neither invent a tool nor reach one with arguments that the tool does not declare.
"""

import asyncio
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

import prompts
from agents.model import Chat
from agents.schema import Evidence, Proposal, Strict
from agents.toolbox import Toolbox
from tools import Tool

MOST_CALLS = 3
MOST_TOKENS = 400


async def gather(chat: Chat, proposal: Proposal, toolbox: Toolbox, key: str) -> list[Evidence]:
    """What the tools say, failures included. With no tools nothing is asked.

    Raises StepFailed, BudgetSpent, EndpointError, or RunError if a result cannot be recorded or replayed.
    """
    tools = toolbox.tools
    if not tools:
        return []
    prompt = prompts.load("gather").render(
        proposal=proposal.model_dump_json(indent=1), tools=[describe(tool) for tool in tools]
    )
    answer = await chat.ask("gather", prompt, plan_type(tools), who=key, max_tokens=MOST_TOKENS)
    calls: list[Any] = answer.value.calls  # type: ignore[attr-defined]  # the type is made of the registry
    return await asyncio.gather(*(toolbox.use(call.tool, call.arguments) for call in calls))


def describe(tool: Tool) -> str:
    return f"{tool.name}: {tool.purpose}"


def plan_type(tools: Sequence[Tool]) -> type[BaseModel]:
    """`calls`, each with the name of a registered tool and that tool's own arguments."""
    types = [_fields_type(f"{t.name}_call", tool=Literal[t.name], arguments=t.arguments) for t in tools]
    one: Any = reduce(or_, types)
    return _fields_type("ToolPlan", calls=Annotated[list[one], Field(max_length=MOST_CALLS)])


def _fields_type(name: str, **types: Any) -> type[BaseModel]:  # noqa: ANN401 - any type may be a field's
    fields: dict[str, Any] = {field: (kind, ...) for field, kind in types.items()}
    return create_model(name, __base__=Strict, **fields)
