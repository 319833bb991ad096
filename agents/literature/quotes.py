"""Sentences that the author leans on: each quote is looked up in its passage, judged without its author."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Annotated, NamedTuple

from pydantic import ConfigDict, Field

import prompts
from agents.concurrency import run_together
from agents.errors import StepFailed
from agents.model import Chat
from agents.prompt_injection import withhold
from agents.schema import Citation, Proposal, Prose, Quotation, Removed, Stance, Strict
from agents.steps.references import mark_references
from retrieval.passage import Passage

_TOKEN = re.compile(r"\w+|[^\w\s]")
LEAST_SLACK = 20  # characters by which an aligned stretch may miss the quote's ends
MOST_QUOTES = 3
MOST_QUOTED_TOKENS = 400
LONGEST_SHOWN = 1_500  # characters of one passage
MOST_JUDGED_TOKENS = 150
AROUND = 400  # characters of the passage on each side of the quote


class QuoteSpan(NamedTuple):
    start: int
    end: int


def locate(quote: str, text: str) -> QuoteSpan:
    """The stretch of whole words that is likest the quote.

    rapidfuzz's partial alignment finds it roughly; of the ends near by, those with the best ratio are taken.
    """
    from rapidfuzz.fuzz import partial_ratio_alignment, ratio

    exact = text.find(quote)
    if exact >= 0:
        return QuoteSpan(exact, exact + len(quote))
    wanted, folded = _fold(quote), _fold(text)
    found = partial_ratio_alignment(wanted, folded)
    start, end = (found.dest_start, found.dest_end) if found else (0, len(text))
    slack = max(LEAST_SLACK, len(quote) // 4)
    tokens = [QuoteSpan(*token.span()) for token in _TOKEN.finditer(folded)]
    starts = [token.start for token in tokens if abs(token.start - start) <= slack]
    ends = [token.end for token in tokens if abs(token.end - end) <= slack]
    spans = [QuoteSpan(a, b) for a, b in product(starts, ends) if a < b]
    rough = QuoteSpan(start, end)
    return max(spans, key=lambda span: ratio(wanted, folded[span.start : span.end]), default=rough)


def _fold(text: str) -> str:
    """Character by character, so that places stay where they are."""
    return "".join(
        " " if char.isspace() else char.lower() if len(char.lower()) == 1 else char for char in text
    )


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
    answer = await chat.ask("cite", prompt, Quotations, who=key, max_tokens=MOST_QUOTED_TOKENS)
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


class StanceJudgement(Strict):
    """What a quoted passage says of a hypothesis."""

    model_config = ConfigDict(title="Verdict")  # sent to the model, so part of the call's key in old journals

    reason: Prose = Field(description="one sentence: what the quote says of the hypothesis")
    stance: Stance


async def judge_stances(
    chat: Chat, proposal: Proposal, citations: Sequence[Citation], passages: Sequence[Passage], key: str
) -> list[Citation]:
    """The citations with their stance; null where no answer could be read.

    Raises BudgetSpent or EndpointError.
    """
    texts = {passage.key: passage.text for passage in passages}
    return await run_together(
        *(
            _judge(chat, proposal, citation, texts[citation.passage], f"{key}/q{number}")
            for number, citation in enumerate(citations, start=1)
        )
    )


async def _judge(chat: Chat, proposal: Proposal, citation: Citation, text: str, who: str) -> Citation:
    prompt = prompts.load("stance").render(
        statement=withhold(proposal.statement),
        quote=citation.quote,
        passage=_surroundings(text, citation.quote),
    )
    try:
        answer = await chat.ask("stance", prompt, StanceJudgement, who=who, max_tokens=MOST_JUDGED_TOKENS)
    except StepFailed:
        return citation
    verdict = mark_references(answer.value)
    return citation.model_copy(
        update={"stance": verdict.stance, "reason": verdict.reason, "judge": answer.model}
    )


def _surroundings(text: str, quote: str) -> str:
    start, end = locate(quote, text)
    return text[max(start - AROUND, 0) : end + AROUND]
