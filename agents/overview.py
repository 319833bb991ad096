"""A meta-review: what the hypotheses of a run say together, and what would tell them apart."""

from collections.abc import Sequence

import prompts
from agents.model import Chat
from agents.orders import clear
from agents.schema import Hypothesis, MetaReview, Overview

MOST_TOKENS = 500
MOST_HYPOTHESES = 8  # the best ones: more do not fit a small model's context
TOLD = {"claim", "statement", "prediction", "falsifier"}


async def write_overview(chat: Chat, question: str, hypotheses: Sequence[Hypothesis]) -> Overview | None:
    """Of the best, in an order that tells no rank; None where there is nothing to compare.

    Raises StepFailed, BudgetSpent or EndpointError.
    """
    best = sorted(hypotheses[:MOST_HYPOTHESES], key=lambda h: h.key)
    if len(best) < 2:  # noqa: PLR2004 - it takes two to agree
        return None
    texts = [clear(h.proposal).model_dump_json(include=TOLD, indent=1) for h in best]
    prompt = prompts.load("overview").render(question=question, hypotheses=texts)
    answer = await chat.ask("overview", prompt, MetaReview, who="overview", max_tokens=MOST_TOKENS)
    return Overview(model=answer.model, review=answer.value)
