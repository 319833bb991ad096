"""A meta-review: what the hypotheses of a run say together, and what would tell them apart."""

from collections.abc import Sequence

import prompts
from agents.experiments.verdicts import verdict_lines
from agents.model import Chat
from agents.prompt_injection import clear
from agents.redaction import redact
from agents.schema import Hypothesis, MetaReview, Overview
from agents.steps.references import mark_references

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
    texts = [_told(hypothesis) for hypothesis in best]
    prompt = prompts.load("overview").render(question=question, hypotheses=texts)
    answer = await chat.ask("overview", prompt, MetaReview, who="overview", max_tokens=MOST_TOKENS)
    return Overview(model=answer.model, review=mark_references(answer.value))


def _told(hypothesis: Hypothesis) -> str:
    """The claim first, then what was found: a verdict that is cut off would be worse than none."""
    claim = clear(hypothesis.proposal).model_dump_json(include=TOLD, indent=1)
    return "\n".join([claim, *verdict_lines(hypothesis.tests), *redact(hypothesis.evidence)])
