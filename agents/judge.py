"""Two hypotheses side by side, judged blind, once in each order. What is not said in both orders is a tie.

A model that prefers whatever it reads first then says nothing, instead of ranking by the order of asking.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import prompts
from agents.data_files import rubric
from agents.errors import StepFailed
from agents.model import Answer, Chat
from agents.orders import withhold
from agents.references import mark_references
from agents.schema import Comparison, Match, Outcome, Preference, Proposal

MOST_TOKENS, ATTEMPTS = 220, 2
MOST_QUESTION, MOST_TEXT, MOST_EVIDENCE = 1_500, 2_400, 1_600  # characters

_SIGN = {Preference.FIRST: 1, Preference.EQUAL: 0, Preference.SECOND: -1}
_OUTCOME = {1: Outcome.FIRST, 0: Outcome.TIE, -1: Outcome.SECOND}


class Exhibit(NamedTuple):
    """A hypothesis as a judge sees it. The key stays with us."""

    key: str
    text: str
    evidence: Sequence[str] = ()
    verdicts: Sequence[str] = ()


def show(proposal: Proposal) -> str:
    """What a judge needs of a proposal, in a few hundred tokens."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(proposal.steps, start=1))
    return (
        f"Statement: {proposal.statement}\nMechanism: {proposal.mechanism}\n"
        f"Prediction: {proposal.prediction}\nFalsifier: {proposal.falsifier}\nSteps:\n{steps}"
    )


async def judge(
    chat: Chat, question: str, first: Exhibit, second: Exhibit, who: str, *, step: str = "judge"
) -> Match:
    """What both orders, asked at once, say together; unreadable answers make it void.

    A model judges a pair once: asked again it repeats itself, which is no second opinion. `step` is whose
    model is asked. Raises BudgetSpent, EndpointError, ReplayMiss.
    """
    shown = await asyncio.gather(
        _read(chat, question, (first, second), f"{who}/1", step),
        _read(chat, question, (second, first), f"{who}/2", step),
        return_exceptions=True,  # so that the other order is not lost when one raises
    )
    answers = [answer for answer in shown if isinstance(answer, Answer)]
    for fault in shown:
        if isinstance(fault, BaseException) and not isinstance(fault, StepFailed):
            raise fault
    name = answers[0].model if answers else chat.model_of(step)
    values = [mark_references(answer.value) for answer in answers]
    reasons = [value.reason for value in values]
    if len(answers) < len(shown):
        return Match(first=first.key, second=second.key, judge=name, outcome=Outcome.VOID, reasons=reasons)
    return _decide(first.key, second.key, name, *values)


async def _read(
    chat: Chat, question: str, exhibits: tuple[Exhibit, Exhibit], who: str, step: str
) -> Answer[Comparison]:
    prompt = prompts.load("judge").render(
        question=_cut(withhold(question, question=True), MOST_QUESTION),
        first=_cut(exhibits[0].text, MOST_TEXT),
        first_evidence=_lines(exhibits[0]),
        second=_cut(exhibits[1].text, MOST_TEXT),
        second_evidence=_lines(exhibits[1]),
        rubric=[dimension.asks for dimension in rubric().dimensions.values()],
    )
    return await chat.ask(step, prompt, Comparison, who=who, max_tokens=MOST_TOKENS, attempts=ATTEMPTS)


def _decide(first: str, second: str, name: str, straight: Comparison, swapped: Comparison) -> Match:
    """`swapped` was shown the second as the first."""
    one, other = _overall(straight), -_overall(swapped)
    dimensions = {
        field: _agreed(_sign(straight, field), -_sign(swapped, field)) for field in rubric().dimensions
    }
    return Match(
        first=first,
        second=second,
        judge=name,
        outcome=_agreed(one, other),
        split=one != other,
        dimensions=dimensions,
        reasons=[straight.reason, swapped.reason],
    )


def _agreed(one: int, other: int) -> Outcome:
    return _OUTCOME[one] if one == other else Outcome.TIE


def _overall(comparison: Comparison) -> int:
    """1 for the one shown first, −1 for the other, 0 for neither, by the rubric's weights."""
    total = sum(
        dimension.weight * _sign(comparison, field) for field, dimension in rubric().dimensions.items()
    )
    negligible = 1e-9  # weights such as 0.1 do not add up exactly
    return (total > negligible) - (total < -negligible)


def _sign(comparison: Comparison, field: str) -> int:
    preferences: dict[str, Preference] = dict(comparison)
    return _SIGN[preferences[field]]


def _lines(exhibit: Exhibit) -> list[str]:
    """Every verdict, then evidence while there is room: a line is shown whole or not at all, and counted."""
    shown, room = list(exhibit.verdicts), MOST_EVIDENCE
    for line in exhibit.evidence:
        if len(line) <= room:
            shown.append(line)
            room -= len(line)
    left_out = len(exhibit.verdicts) + len(exhibit.evidence) - len(shown)
    return [*shown, f"Left out for want of room: {left_out} results."] if left_out else shown


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(None, 1)[0]} [cut]"
