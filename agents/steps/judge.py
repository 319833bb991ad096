"""Two hypotheses side by side, judged blind, once in each order. What is not said in both orders is a tie.

A model that prefers whatever it reads first then says nothing, instead of ranking by the order of asking.
"""

import asyncio
from functools import cache
from typing import Any, NamedTuple, cast

from pydantic import create_model

import prompts
from agents.blinding import BlindedHypothesis, view_of
from agents.data_files import rubric
from agents.errors import StepFailed
from agents.model import Answer, Chat
from agents.prompt_injection import withhold
from agents.redaction import fit_lines
from agents.schema import Comparison, Match, MatchOutcome, Preference, Prose, Strict, View
from agents.steps.references import mark_references

MOST_TOKENS, ATTEMPTS = 220, 2
MOST_QUESTION, MOST_TEXT, MOST_EVIDENCE = 1_500, 2_400, 1_600  # characters
PROSE_LEFT = 3  # sentences at least, however much shorter the other's prose is

_SIGN = {Preference.FIRST: 1, Preference.EQUAL: 0, Preference.SECOND: -1}
_OUTCOME = {1: MatchOutcome.FIRST, 0: MatchOutcome.TIE, -1: MatchOutcome.SECOND}


class ShownHypothesis(NamedTuple):
    """One hypothesis as a prompt shows it: fields or a whole text, results, and the author's sentences."""

    text: str
    results: list[str]
    prose: list[str]

    @property
    def length(self) -> int:
        return len(self.text) + sum(map(len, self.results)) + sum(map(len, self.prose))


async def judge(
    chat: Chat,
    question: str,
    first: BlindedHypothesis,
    second: BlindedHypothesis,
    who: str,
    *,
    step: str = "judge",
    reading: int = 1,
) -> Match:
    """Return what both orders, asked at once, say together; unreadable answers make it void.

    Asked the same again a model repeats itself, which is no second opinion: a further `reading` of a pair
    begins with another dimension, tells the results in another order, and shows the prose or not. `step` is
    whose model is asked. Raises BudgetSpent, EndpointError, ReplayMiss.
    """
    who = who if reading == 1 else f"{who}/again{reading}"
    view = view_of(reading) if first.fields and second.fields else None
    shown = await asyncio.gather(
        _read(chat, question, side_by_side(first, second, reading), f"{who}/1", step=step, reading=reading),
        _read(chat, question, side_by_side(second, first, reading), f"{who}/2", step=step, reading=reading),
        return_exceptions=True,  # so that the other order is not lost when one raises
    )
    answers = [answer for answer in shown if isinstance(answer, Answer)]
    for fault in shown:
        if isinstance(fault, BaseException) and not isinstance(fault, StepFailed):
            raise fault
    name = answers[0].model if answers else chat.model_of(step)
    values = [mark_references(answer.value) for answer in answers]
    match = Match(
        first=first.key,
        second=second.key,
        judge=name,
        outcome=MatchOutcome.VOID,
        reasons=[value.reason for value in values],
        reading=reading,
        view=view,
    )
    return match if len(answers) < len(shown) else _decide(match, *values)


def side_by_side(
    first: BlindedHypothesis, second: BlindedHypothesis, reading: int
) -> tuple[ShownHypothesis, ShownHypothesis]:
    """Return both as shown, the first of them the longer one wherever that can be.

    As the places are swapped between the two orders, so are the lengths: a judge that goes by either
    contradicts itself. What makes a text longer is its claim in other words; what makes it shorter, fewer of
    the author's sentences, never a field, a verdict or a result.
    """
    if not (first.fields and second.fields):
        return _whole(first), _whole(second)
    ahead, behind = _show(first, reading), _show(second, reading)
    for line in first.restated:
        if ahead.length <= behind.length:
            ahead = ahead._replace(text=f"{ahead.text}\n{line}")
    while ahead.length <= behind.length and len(behind.prose) > PROSE_LEFT:
        behind = behind._replace(prose=behind.prose[:-1])
    return ahead, behind


def _whole(one: BlindedHypothesis) -> ShownHypothesis:
    return ShownHypothesis(_cut(one.text, MOST_TEXT), _lines(one), [])


def _show(one: BlindedHypothesis, reading: int) -> ShownHypothesis:
    results = _lines(one)
    start = reading - 1
    turned = [*results[start:], *results[:start]] if start < len(results) else results[::-1]
    prose = list(one.prose) if view_of(reading) is View.WHOLE else []
    return ShownHypothesis("\n".join(one.fields), turned, prose)


async def _read(
    chat: Chat,
    question: str,
    shown: tuple[ShownHypothesis, ShownHypothesis],
    who: str,
    *,
    step: str,
    reading: int,
) -> Answer[Comparison]:
    first, second = shown
    names = _turn(list(rubric().dimensions), reading - 1)
    prompt = prompts.load("judge").render(
        question=_cut(withhold(question, question=True), MOST_QUESTION),
        first=first.text,
        first_evidence=first.results,
        first_prose=[" ".join(first.prose)] if first.prose else [],
        second=second.text,
        second_evidence=second.results,
        second_prose=[" ".join(second.prose)] if second.prose else [],
        dimensions=names,
        rubric=[rubric().dimensions[name].asks for name in names],
    )
    answer = await chat.ask(
        step, prompt, comparison_type(names[0]), who=who, max_tokens=MOST_TOKENS, attempts=ATTEMPTS
    )
    return Answer(Comparison.model_validate(dict(answer.value)), answer.model)


@cache
def comparison_type(beginning: str) -> type[Comparison]:
    """Return the comparison whose dimensions begin with that one: fields are written in their order."""
    names = list(rubric().dimensions)
    if beginning == names[0]:
        return Comparison
    turned = _turn(names, names.index(beginning))
    fields: Any = dict.fromkeys(turned, (Preference, ...))
    made = create_model("Comparison", __base__=Strict, reason=(Prose, ...), **fields)
    return cast("type[Comparison]", made)  # of the same fields, written in another order


def _turn(items: list[str], by: int) -> list[str]:
    start = by % len(items)
    return [*items[start:], *items[:start]]


def _decide(void: Match, straight: Comparison, swapped: Comparison) -> Match:
    """`swapped` was shown the second as the first."""
    one, other = _overall(straight), -_overall(swapped)
    dimensions = {
        field: _agreed(_sign(straight, field), -_sign(swapped, field)) for field in rubric().dimensions
    }
    return void.model_copy(
        update={"outcome": _agreed(one, other), "split": one != other, "dimensions": dimensions}
    )


def _agreed(one: int, other: int) -> MatchOutcome:
    return _OUTCOME[one] if one == other else MatchOutcome.TIE


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


def _lines(one: BlindedHypothesis) -> list[str]:
    """Every verdict, then results while there is room."""
    return [*one.verdicts, *fit_lines(one.evidence, MOST_EVIDENCE)]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(None, 1)[0]} [cut]"
