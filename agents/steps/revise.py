"""A refuted claim may be revised once: the author sees what was measured; the new claim is tested afresh."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

import prompts
from agents.experiments.verdicts import measured_table, verdict_lines
from agents.model import Answer, Chat
from agents.prompt_injection import clear
from agents.schema import Claim, ClaimTest, Proposal, Prose, Relation, Strict
from agents.steps.references import mark_references
from tools.experiments import Verdict

MOST_TOKENS = 500
MOST_TYPED = 900
TOLD = {"claim", "second", "statement", "mechanism", "prediction", "falsifier"}


def refuted(tests: Sequence[ClaimTest]) -> list[ClaimTest]:
    return [test for test in tests if test.verdict is Verdict.REFUTED]


async def revise(
    chat: Chat, question: str, proposal: Proposal, tests: Sequence[ClaimTest], key: str, *, typed: bool
) -> Answer[Proposal]:
    """The proposal with its refuted claims revised. Raises StepFailed, BudgetSpent or EndpointError."""
    wrong = refuted(tests)
    prompt = prompts.load("revise").render(
        question=question,
        proposal=clear(proposal).model_dump_json(include=TOLD, indent=1),
        verdicts=verdict_lines(tests),
        tables=[measured_table(test.result) for test in wrong],
        typed=typed,
    )
    limit = MOST_TYPED if typed else MOST_TOKENS
    output = revision_type(len(wrong) if typed else 0)
    answer = await chat.ask("revise", prompt, output, who=key, max_tokens=limit)
    return Answer(mark_references(_apply(answer.value, proposal, wrong)), answer.model)


@cache
def revision_type(claims: int) -> type[BaseModel]:
    """With so many whole claims; with none, a new relation between the same quantities."""
    given: dict[str, Any] = {"relation": (Relation, ...)}
    if claims:
        given = {"claims": (Annotated[list[Claim], Field(min_length=claims, max_length=claims)], ...)}
    prose: dict[str, Any] = dict.fromkeys(
        ("statement", "mechanism", "prediction", "falsifier", "summary"), (Prose, ...)
    )
    return create_model("Revision", __base__=Strict, **given, **prose)


def _apply(revision: BaseModel, proposal: Proposal, wrong: Sequence[ClaimTest]) -> Proposal:
    """Revised claims keep quantities and the instrument that refuted them: all else would be a way out."""
    fields = dict(revision)
    claims = list(proposal.claims)
    given, relation = fields.pop("claims", None), fields.pop("relation", None)
    for number, test in enumerate(wrong):
        place = int(test.key.rpartition("/c")[2]) - 1
        before, experiment = claims[place], test.result.experiment
        kept = before.model_dump(include={"cause", "response", "cause_unit", "response_unit"})
        kept["instrument"] = experiment.instrument if experiment else before.instrument
        if given:
            claims[place] = given[number].model_copy(update=kept)
        else:
            open_again = dict.fromkeys(("falsifier", "position", "exponent", "smallest_effect"))
            claims[place] = before.model_copy(update={**kept, **open_again, "relation": relation})
    claim, *rest = claims
    return proposal.model_copy(update={**fields, "claim": claim, "second": rest[0] if rest else None})
