"""Steps of the literature through the real client and a scripted server."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from agents.literature import Surveyor, look_up
from agents.model import Chat, Endpoint, Journal
from agents.schema import Evidence, Literature
from agents.scripted import Request, ScriptedServer
from agents.steps.review import Submission
from agents.tool_context import ToolContext
from agents.toolbox import Toolbox, ToolUses
from tests.agents.samples import PROPOSAL

QUESTION = "Why does a film with domain walls resist?"
Quotes = Callable[[Request], list[dict[str, str]]]


def answering(
    quotes: Quotes, stance: str = "supports", reason: str = "it says so"
) -> Callable[[Request], str]:
    """The author quotes as it is told, and the judge always says the same."""

    def answer(request: Request) -> str:
        if "quotations" in str(request.asked_schema):
            return json.dumps({"quotations": quotes(request)})
        return json.dumps({"reason": reason, "stance": stance})

    return answer


@asynccontextmanager
async def chatting(folder: Path, server: ScriptedServer, *, replay: bool = False) -> AsyncIterator[Chat]:
    endpoint = Endpoint(name="scripted", base_url=server.base_url)
    async with Chat({"default": endpoint}, Journal(folder / "calls.jsonl", replay=replay)) as chat:
        yield chat


async def consult(
    chat: Chat,
    folder: Path,
    context: ToolContext,
    *,
    evidence: list[Evidence] | None = None,
    statement: str = PROPOSAL.statement,
    replay: bool = False,
) -> Literature:
    toolbox = Toolbox([], ToolUses(folder / "evidence.jsonl", replay=replay))
    proposal = PROPOSAL.model_copy(update={"statement": statement})
    return await look_up(
        chat, Submission(QUESTION, proposal, evidence or []), toolbox, Surveyor(context), "p01"
    )
