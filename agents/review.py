"""Reviewers read a proposal blind to who wrote it, criticise it and mark it."""

from collections.abc import Sequence
from typing import NamedTuple

import prompts
from agents.data_files import Referee, referees, rubric
from agents.digest import digest
from agents.model import Chat
from agents.orders import clear, withhold
from agents.references import mark_references
from agents.schema import ClaimTest, Evidence, Proposal, Reading, Review
from agents.together import together
from agents.verdicts import verdict_lines

MOST_TOKENS = 800


class Submission(NamedTuple):
    """What a reviewer may see: no author, no score, no other review, and no sentence that speaks to it."""

    question: str
    proposal: Proposal
    evidence: Sequence[Evidence]
    tests: Sequence[ClaimTest] = ()


async def review(chat: Chat, submission: Submission, key: str, reviewers: int) -> list[Reading]:
    """The readings of the first `reviewers` referees, all asked at once.

    Raises StepFailed, BudgetSpent or EndpointError if one of them gives none.
    """
    return await together(
        *(
            _read(chat, submission, f"{key}/r{number}", referee)
            for number, referee in enumerate(referees()[:reviewers], start=1)
        )
    )


async def _read(chat: Chat, submission: Submission, who: str, referee: Referee) -> Reading:
    prompt = prompts.load("review").render(
        question=withhold(submission.question, question=True),
        proposal=clear(submission.proposal).model_dump_json(indent=1),
        evidence=[*verdict_lines(submission.tests), *digest(submission.evidence)],
        stance=referee.stance,
        rubric=[dimension.asks for dimension in rubric().dimensions.values()],
    )
    answer = await chat.ask("review", prompt, Review, who=who, max_tokens=MOST_TOKENS)
    given = mark_references(answer.value)
    score = rubric().score(given.marks)
    return Reading(reviewer=referee.name, model=answer.model, review=given, rubric=round(score, 1))
