"""Reviewers read a proposal blind to who wrote it, criticise it and mark it."""

from collections.abc import Sequence
from typing import NamedTuple

import prompts
from agents.blinding import fields, prose
from agents.concurrency import run_together
from agents.data_files import Referee, referees, rubric
from agents.errors import StepFailed
from agents.experiments.verdicts import verdict_lines
from agents.model import Chat, can_rank
from agents.prompt_injection import clear, withhold
from agents.redaction import redact
from agents.schema import ClaimTest, Evidence, MarksAgain, Proposal, Reading, Review, ShortReview
from agents.steps.references import mark_references

MOST_TOKENS = 800
MOST_SHORT = 350
MOST_AGAIN = 400


class Submission(NamedTuple):
    """What a reviewer may see: no author, no score, no other review, and no sentence that speaks to it."""

    question: str
    proposal: Proposal
    evidence: Sequence[Evidence]
    tests: Sequence[ClaimTest] = ()


async def review(
    chat: Chat, submission: Submission, key: str, reviewers: int, *, short: bool = False
) -> list[Reading]:
    """The readings of the first `reviewers` referees, all asked at once; `short`: a sentence of each kind.

    Raises StepFailed, BudgetSpent or EndpointError if one of them gives none.
    """
    return await run_together(
        *(
            (_glance if short else _read)(chat, submission, f"{key}/r{number}", referee)
            for number, referee in enumerate(referees()[:reviewers], start=1)
        )
    )


async def mark_again(
    chat: Chat, submission: Submission, readings: Sequence[Reading], key: str
) -> list[Reading]:
    """Return the readings with second marks, from the claim's fields and all results, without the prose.

    Asked where marks weigh, or where a reviewer's own calls gave results. A reviewer whose second marks
    cannot be read keeps its first. Raises BudgetSpent or EndpointError.
    """
    return await run_together(
        *(
            _mark_again(chat, submission, reading, f"{key}/r{number}")
            for number, reading in enumerate(readings, start=1)
        )
    )


async def _mark_again(chat: Chat, submission: Submission, reading: Reading, who: str) -> Reading:
    own = any(item.answered and item.asked_by == reading.reviewer for item in submission.evidence)
    if not (own or can_rank([reading.model])):
        return reading
    prompt = prompts.load("mark").render(
        question=withhold(submission.question, question=True),
        fields="\n".join(fields(submission.proposal)),
        evidence=[*verdict_lines(submission.tests), *redact(submission.evidence)],
        doubts=doubts(reading),
        rubric=[dimension.asks for dimension in rubric().dimensions.values()],
    )
    try:
        answer = await chat.ask("mark", prompt, MarksAgain, who=who, max_tokens=MOST_AGAIN, attempts=2)
    except StepFailed:
        return reading
    marked = reading.model_copy(update={"again": mark_references(answer.value)})
    return marked.model_copy(update={"rubric": round(rubric().score(marked.counted), 1)})


def doubts(reading: Reading) -> str:
    """Return what the reviewer found weak or missing, one a line, without what speaks to a reader."""
    return withhold("\n".join([*reading.review.weaknesses, *reading.review.missing_validation]))


async def _read(chat: Chat, submission: Submission, who: str, referee: Referee) -> Reading:
    prompt = prompts.load("review").render(
        question=withhold(submission.question, question=True),
        fields="\n".join(fields(submission.proposal)),
        proposal=clear(submission.proposal).model_dump_json(indent=1),
        evidence=[*verdict_lines(submission.tests), *redact(submission.evidence)],
        stance=referee.stance,
        rubric=[dimension.asks for dimension in rubric().dimensions.values()],
    )
    answer = await chat.ask("review", prompt, Review, who=who, max_tokens=MOST_TOKENS)
    return _reading(referee, answer.value, answer.model)


async def _glance(chat: Chat, submission: Submission, who: str, referee: Referee) -> Reading:
    """A reading of a model whose marks tell nonsense from text and nothing more: it is asked for little."""
    prompt = prompts.load("glance").render(
        question=withhold(submission.question, question=True),
        fields="\n".join(fields(submission.proposal)),
        proposal="\n".join(prose(submission.proposal)),
        evidence=[*verdict_lines(submission.tests), *redact(submission.evidence)],
        stance=referee.stance,
        rubric=[dimension.asks for dimension in rubric().dimensions.values()],
    )
    answer = await chat.ask("review", prompt, ShortReview, who=who, max_tokens=MOST_SHORT)
    return _reading(referee, answer.value.whole, answer.model)


def _reading(referee: Referee, given: Review, model: str) -> Reading:
    given = mark_references(given)
    score = rubric().score(given.marks)
    return Reading(reviewer=referee.name, model=model, review=given, rubric=round(score, 1))
