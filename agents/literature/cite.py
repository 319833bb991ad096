"""The author picks sentences to lean on. It is not believed: each quote is looked up in its passage."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

import prompts
from agents.literature.place import locate
from agents.model import Chat
from agents.prompt_injection import withhold
from agents.schema import Citation, Proposal, Quotation, Removed, Strict
from retrieval.passage import Passage

MOST_QUOTES = 3
MOST_TOKENS = 400
LONGEST_SHOWN = 1_500  # characters of one passage


class Quotations(Strict):
    """Sentences that bear on a hypothesis; an empty list if none does."""

    quotations: Annotated[list[Quotation], Field(max_length=MOST_QUOTES)]


class Cited(NamedTuple):
    kept: list[Citation]
    removed: list[Removed]


async def cite(chat: Chat, proposal: Proposal, passages: Sequence[Passage], key: str) -> Cited:
    """Raises StepFailed, BudgetSpent or EndpointError."""
    shown = [passage.model_copy(update={"text": passage.text[:LONGEST_SHOWN]}) for passage in passages]
    prompt = prompts.load("cite").render(
        statement=withhold(proposal.statement),
        prediction=withhold(proposal.prediction),
        passages=[_show(p) for p in shown],
    )
    answer = await chat.ask("cite", prompt, Quotations, who=key, max_tokens=MOST_TOKENS)
    return hold(answer.value.quotations, shown)


def hold(quotations: Sequence[Quotation], passages: Sequence[Passage]) -> Cited:
    """Which of them occur in the passage that they name; those are given in the passage's own words."""
    from retrieval.citations import check

    texts = {passage.key: passage.text for passage in passages}
    checked = check(quotations, passages)
    return Cited(
        [
            Citation(passage=c.passage, quote=_own_words(c.quote, texts[c.passage]), found=c.found)
            for c in checked.kept
        ],
        [Removed(passage=r.passage, quote=r.quote, reason=r.reason) for r in checked.removed],
    )


def _own_words(quote: str, text: str) -> str:
    start, end = locate(quote, text)
    return " ".join(text[start:end].split())


def _show(passage: Passage) -> str:
    year = f", {passage.work.year}" if passage.work.year else ""
    return f"passage {passage.key} ({passage.work.title}{year}):\n{passage.text}"
