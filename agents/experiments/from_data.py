"""A hypothesis whose claim is found in an instrument's data: a model words its mechanism, and no more."""

from typing import Any

import prompts
from agents.errors import StepFailed
from agents.experiments.laboratory import SweepFinding
from agents.model import Chat
from agents.schema import Claim, FixedQuantity, FoundInData, Perspective, Proposal, Prose, Relation, Strict
from agents.steps.references import mark_references
from tools.experiments import ValueWithUnit

MOST_TOKENS = 200
UNWORDED = (
    "No mechanism was given: the relation was found in data, and the model's wording could not be read."
)
_PHRASES = {
    Relation.PEAKS: "has a maximum inside",
    Relation.DIPS: "has a minimum inside",
    Relation.OSCILLATES: "turns at least twice within",
    Relation.SATURATES: "rises and then saturates over",
    Relation.SCALES: "follows a power law over",
}


class Mechanism(Strict):
    """What a model writes of a relation that it did not find."""

    mechanism: Prose


async def word_finding(
    chat: Chat, question: str, finding: SweepFinding, voice: Perspective
) -> tuple[Proposal, str]:
    """The proposal and the name of the model that worded it. Raises BudgetSpent or EndpointError."""
    claim, found = _claim(finding), finding.found
    statement = state(claim)
    prompt = prompts.load("word").render(
        question=question,
        relation=statement,
        instrument=f"{found.title}: {found.purpose}",
        broad=voice.broad.label,
        narrow=voice.narrow.label,
    )
    try:
        answer = await chat.ask("word", prompt, Mechanism, who=voice.key, max_tokens=MOST_TOKENS)
    except StepFailed:
        return _write(claim, found, statement, UNWORDED), chat.model_of("word")
    mechanism = mark_references(answer.value).mechanism
    return _write(claim, found, statement, mechanism), answer.model


def state(claim: Claim) -> str:
    """`In the Ising model, the magnetisation falls as the temperature grows from 1 to 4 K, at size 24.`"""
    span, held = claim.cause_range, ", ".join(f"{h.quantity} {h.value}" for h in claim.held)
    where = f", at {held}" if held else ""
    if span is None:
        raise ValueError("a claim from data has a range")
    reach = f"{span.low:g} to {span.high:g} {_unit(span.unit)}".strip()
    phrase = _PHRASES.get(claim.relation)
    if phrase:
        exponent = f" with an exponent near {claim.exponent:g}" if claim.exponent is not None else ""
        return f"In {claim.system}, the {claim.response} {phrase} {claim.cause} = {reach}{exponent}{where}."
    grows = f"as the {claim.cause} grows from {reach}{where}"
    return f"In {claim.system}, the {claim.response} {claim.relation} {grows}."


def _claim(finding: SweepFinding) -> Claim:
    typed = finding.claim
    held = [
        FixedQuantity(
            quantity=name,
            value=f"{value.value:g} {_unit(value.unit)}".strip()
            if isinstance(value, ValueWithUnit)
            else value,
        )
        for name, value in typed.fixed.items()
    ]
    kept: dict[str, Any] = typed.model_dump(exclude={"fixed", "statement"})
    return Claim.model_validate({**kept, "held": held})


def _write(claim: Claim, found: FoundInData, statement: str, mechanism: str) -> Proposal:
    cause, response = f"{claim.cause} in {claim.cause_unit}", f"{claim.response} in {claim.response_unit}"
    return Proposal.model_validate(
        {
            "claim": claim,
            "statement": statement,
            "mechanism": mechanism,
            "prediction": _predict(claim, statement),
            "falsifier": _falsify(claim),
            "representation": {
                "objects": [f"cause: {cause}", f"response: {response}"],
                "formalism": f"{found.purpose} {found.law}" if found.law else found.purpose,
                "data_formats": [f"table of {response} against {cause}, with standard uncertainties"],
                "information_preserved": "keeps the mean of the response at each value of the cause; "
                "drops the configurations behind it",
                "symmetries": ["those of the instrument; the relation itself assumes none"],
                "figure_of_merit": f"change of the {response} over the range, with its interval",
            },
            "steps": [
                f"Sweep {found.title}: {found.relations} pairs of cause and response",
                "Keep the relation that is rarest of its kind, seen at other settings too, and strongest",
                f"Test it where nothing was looked at before: {found.held_back}",
                f"Measure the {claim.response} against the {claim.cause} in a real system, and compare",
            ],
            "summary": f"{statement} This was found in data of {found.title}; no model proposed it.",
        }
    )


def _predict(claim: Claim, statement: str) -> str:
    least = claim.smallest_effect
    if least is None or claim.relation is Relation.SCALES:
        return statement
    return (
        f"{statement.rstrip('.')}; the change is at least {least.value:g} {_unit(least.unit)}".strip() + "."
    )


def _falsify(claim: Claim) -> str:
    limit = claim.falsifier
    if limit is not None:
        side = "below" if limit.comparator == "<" else "above"
        return (
            f"A change of the {claim.response} {side} {limit.number:g} {_unit(limit.unit)}".strip()
            + " over that range."
        )
    if claim.exponent is not None and claim.smallest_effect is not None:
        low, high = (claim.exponent + sign * claim.smallest_effect.value for sign in (-1, 1))
        return f"An exponent outside {low:.3g} to {high:.3g}, or no single power over that range."
    return f"The {claim.response} is shown not to do so inside that range."


def _told(value: ValueWithUnit | str) -> str:
    return f"{value.value:g} {_unit(value.unit)}".strip() if isinstance(value, ValueWithUnit) else value


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit
