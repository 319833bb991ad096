"""What each quote says of the hypothesis, judged one by one, without knowing who quoted it or why."""

from collections.abc import Sequence

from pydantic import ConfigDict, Field

import prompts
from agents.concurrency import run_together
from agents.errors import StepFailed
from agents.literature.place import locate
from agents.model import Chat
from agents.prompt_injection import withhold
from agents.schema import Citation, Proposal, Prose, Stance, Strict
from agents.steps.references import mark_references
from retrieval.passage import Passage

MOST_TOKENS = 150
AROUND = 400  # characters of the passage on each side of the quote


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
        answer = await chat.ask("stance", prompt, StanceJudgement, who=who, max_tokens=MOST_TOKENS)
    except StepFailed:
        return citation
    verdict = mark_references(answer.value)
    return citation.model_copy(
        update={"stance": verdict.stance, "reason": verdict.reason, "judge": answer.model}
    )


def _surroundings(text: str, quote: str) -> str:
    start, end = locate(quote, text)
    return text[max(start - AROUND, 0) : end + AROUND]
