"""A model chooses which computation tests a claim: a number of a shortlist, or none of it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, Literal, Self

from pydantic import BaseModel, create_model

import prompts
from agents.errors import StepFailed
from agents.model import Chat, Endpoint, Journal
from agents.prompt_injection import withhold
from agents.schema import Strict
from tools.experiments import InstrumentMatch, Shortlist, TypedClaim

MOST_MATCHES = 6
MOST_TOKENS = 20
STEP = "match"


async def ask_choice(
    chat: Chat, claim: TypedClaim, matches: Sequence[InstrumentMatch], who: str
) -> InstrumentMatch | None:
    """Return the model's choice; None where none of them measures what the claim says.

    Raises StepFailed where the model gives no usable answer, and what `Chat.ask` raises.
    """
    prompt = prompts.load(STEP).render(
        claim=withhold(claim.model_dump_json(exclude={"instrument"}, exclude_none=True)),
        matches=[f"{one.instrument}: varies {one.cause}, measures {one.response}" for one in matches],
    )
    output = choice_type(len(matches))
    answer = await chat.ask(STEP, prompt, output, who=who, max_tokens=MOST_TOKENS, attempts=2)
    choice: str = answer.value.choice  # type: ignore[attr-defined]  # the type is made of the matches
    return None if choice == "none" else matches[int(choice) - 1]


@lru_cache(maxsize=MOST_MATCHES)
def choice_type(matches: int) -> type[BaseModel]:
    """`choice`: the number of a match, or none."""
    numbers: Any = Literal[(*map(str, range(1, matches + 1)), "none")]
    return create_model("Choice", __base__=Strict, choice=(numbers, ...))


class Chooser:
    """Asks a model outside a run. A context manager; its answers are kept in `journal` and not paid twice."""

    def __init__(self, endpoints: Mapping[str, Endpoint], journal: Journal) -> None:
        self._loop = asyncio.Runner()
        self._chat = Chat(endpoints, journal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._chat.__aexit__())
        self._loop.close()

    def __call__(self, claim: TypedClaim, found: Shortlist) -> InstrumentMatch | None:
        """Return the model's choice, or the rule's where the model gives none that can be used.

        Raises EndpointError, BudgetSpent or RunError.
        """
        matches = found.matches[:MOST_MATCHES]
        if not matches:
            return None
        try:
            return self._loop.run(ask_choice(self._chat, claim, matches, "claim"))
        except StepFailed:
            return found.choice
