"""A drafted claim becomes a proposal: what can be computed or read off the claim is written by rule.

The statement, the prediction with its numbers and the falsifier come from the claim and from the plan of its
test; a small model words the mechanism, what it means for the question, and the formalism. So no text
contradicts its own claim, and no number is a model's.
"""

from typing import Annotated

from pydantic import Field

import prompts
from agents.errors import StepFailed
from agents.experiments.verdicts import conditions, effect_text, show, unit_text, verdict_lines
from agents.model import Answer, Chat
from agents.schema import (
    Claim,
    ClaimTest,
    Distance,
    DraftClaim,
    Perspective,
    Proposal,
    Prose,
    Relation,
    Strict,
)
from agents.steps.references import mark_references
from tools.experiments import (
    CauseRange,
    Comparator,
    Experiment,
    ExperimentResult,
    Falsifier,
    ResponsePoint,
    ValueWithUnit,
    Verdict,
)

MOST_TOKENS = 420  # an answer takes 150 to 250; past this a small model is in a loop
MONOTONE = (Relation.RISES, Relation.FALLS, Relation.SATURATES)
DIGITS = 4
DECISIVE = 0.2  # of the computed change: an effect five times weaker has another cause


class Wording(Strict):
    """What a small model writes of a claim that was chosen."""

    mechanism: Prose = Field(description="the causal chain from the cause to the response")
    bearing: Prose = Field(description="what the claim means for the question")
    objects: Annotated[list[Prose], Field(min_length=2, max_length=3)]
    formalism: Prose = Field(description="the equation that joins the objects")
    symmetries: Annotated[list[Prose], Field(min_length=1, max_length=2)]
    steps: Annotated[list[Prose], Field(min_length=3, max_length=3)]


async def write_out(
    chat: Chat,
    question: str,
    written: Proposal,
    test: ClaimTest | None,
    voice: Perspective,
) -> Answer[Proposal]:
    """Return the whole proposal; the sketch `written` by rule alone where the wording cannot be read.

    Raises BudgetSpent or EndpointError.
    """
    prompt = prompts.load("write").render(
        question=question,
        statement=written.statement,
        because=written.mechanism,
        verdicts=verdict_lines([test] if test else []),
        role=voice.role,
        broad=voice.broad.label,
        narrow=voice.narrow.label,
        far=voice.distance is Distance.FAR,
    )
    try:
        answer = await chat.ask("write", prompt, Wording, who=voice.key, max_tokens=MOST_TOKENS)
    except StepFailed:
        return Answer(written, chat.model_of("write"))
    return Answer(_merge(written, mark_references(answer.value)), answer.model)


def sketch(draft: DraftClaim, test: ClaimTest | None = None, *, by_effect: bool = False) -> Proposal:
    """Return a draft as a proposal, by rule; with range and numbers of its test, where there is one.

    `by_effect`: an experiment that finds less than DECISIVE of what a survived test computed refutes the
    claim. The least that counts in an exact formula, a millionth, is nothing that one could measure.
    """
    experiment = test.result.experiment if test else None
    claim = _planned(draft.claim, test.result, experiment) if test and experiment else draft.claim
    if by_effect and test:
        claim = _decide_by_effect(claim, test.result)
    cause, response = _named(claim.cause, claim.cause_unit), _named(claim.response, claim.response_unit)
    statement = _state(claim)
    return Proposal.model_validate(
        {
            "claim": claim,
            "statement": statement,
            "mechanism": draft.because,
            "prediction": _predict(claim, statement, test.result if test else None),
            "falsifier": _falsify(claim),
            "representation": {
                "objects": [f"cause: {cause}", f"response: {response}"],
                "formalism": f"{claim.response} as a function of {claim.cause}, all else held",
                "data_formats": [f"table of {response} against {cause}, with standard uncertainties"],
                "information_preserved": "keeps the mean of the response at each value of the cause; drops "
                "the configurations behind it",
                "symmetries": ["none is assumed beyond those of the system"],
                "figure_of_merit": f"change of the {response} over the range, with its interval",
            },
            "steps": [
                f"Set up {claim.system} with the {claim.cause} as the only quantity that is varied",
                f"Measure the {response} at several values of the {cause}, with repetitions",
                "Compare with the prediction and, where the falsifier is met, give the claim up",
            ],
            "summary": statement,
        }
    )


def _merge(written: Proposal, wording: Wording) -> Proposal:
    form = written.representation.model_copy(
        update={
            "objects": wording.objects,
            "formalism": wording.formalism,
            "symmetries": wording.symmetries,
        }
    )
    return written.model_copy(
        update={
            "mechanism": wording.mechanism,
            "representation": form,
            "steps": wording.steps,
            "summary": f"{written.statement} {wording.bearing}",
        }
    )


def _planned(claim: Claim, result: ExperimentResult, plan: Experiment) -> Claim:
    """Return the claim with what the plan of its test fixed before anything was measured."""
    least = _smallest_effect(result, plan)
    return claim.model_copy(
        update={
            "cause_unit": plan.cause_unit,
            "response_unit": plan.response_unit,
            "cause_range": CauseRange(
                low=_round(plan.values[0]), high=_round(plan.values[-1]), unit=plan.cause_unit
            ),
            "smallest_effect": least,
            "falsifier": _limit(claim.relation, least),
        }
    )


def _smallest_effect(result: ExperimentResult, plan: Experiment) -> ValueWithUnit | None:
    """In the response's unit; None where it is a share of a magnitude that was not measured."""
    value, unit = plan.smallest_effect, plan.response_unit
    if plan.relative:
        sizes = [abs(point.value) for point in result.points if point.value is not None]
        value *= max(sizes, default=0.0)
    elif plan.claim.relation is Relation.SCALES:
        unit = "1"
    return ValueWithUnit(value=float(f"{value:.2g}"), unit=unit) if value else None


def _decide_by_effect(claim: Claim, result: ExperimentResult) -> Claim:
    """Return the claim with a falsifier of a share of the computed change, where it asked for less."""
    ends = [point.value for point in (result.points[0], result.points[-1])] if result.points else []
    if result.verdict is not Verdict.SURVIVED or claim.falsifier is None or None in ends:
        return claim
    share = DECISIVE * abs((ends[1] or 0.0) - (ends[0] or 0.0))
    if share <= abs(claim.falsifier.number):
        return claim
    least = ValueWithUnit(value=float(f"{share:.2g}"), unit=claim.falsifier.unit)
    return claim.model_copy(update={"falsifier": _limit(claim.relation, least)})


def _limit(relation: Relation, least: ValueWithUnit | None) -> Falsifier | None:
    if least is None or relation not in MONOTONE:
        return None
    if relation is Relation.FALLS:
        return Falsifier(quantity="change", comparator=Comparator.ABOVE, number=-least.value, unit=least.unit)
    return Falsifier(quantity="change", comparator=Comparator.BELOW, number=least.value, unit=least.unit)


def _state(claim: Claim) -> str:
    """`In the model “Ferromagnet of classical spins”, the magnetisation falls as the temperature grows …`."""
    where = f"the model “{claim.system}”" if claim.instrument else claim.system.rstrip(". ")
    said = f"In {where}, the {claim.response} {claim.relation.value} as the {claim.cause} grows"
    span = claim.cause_range
    reach = f" from {span.low:g} to {span.high:g}{unit_text(span.unit)}" if span else ""
    return f"{said}{reach}."


def _predict(claim: Claim, statement: str, result: ExperimentResult | None) -> str:
    """Return the claim with numbers: those that a test has measured, where the claim survived it."""
    if result is None or result.verdict is not Verdict.SURVIVED or result.experiment is None:
        least = claim.smallest_effect if claim.relation in MONOTONE else None
        change = f", by {least.value:g}{unit_text(least.unit)} at least" if least else ""
        return f"{statement.rstrip('.')}{change}."
    ends = [point for point in (result.points[0], result.points[-1]) if point.value is not None]
    source = f"computed with {result.experiment.instrument}, {conditions(result.experiment)}"
    if claim.relation in MONOTONE and len(ends) == len(("first", "last")):
        first, last = ends
        causes = f"from {first.cause:.4g} to {last.cause:.4g}{unit_text(result.experiment.cause_unit)}"
        values = f"from {_value(first)} to {_value(last)}{unit_text(result.experiment.response_unit)}"
        return f"When the {claim.cause} goes {causes}, the {claim.response} goes {values} ({source})."
    measured = effect_text(result)
    return f"{statement.rstrip('.')}; {measured} ({source})." if measured else statement


def _falsify(claim: Claim) -> str:
    limit = claim.falsifier
    if limit is None:
        return f"The {claim.response} is shown to answer the {claim.cause} in another way over that range."
    turn = "fall" if claim.relation is Relation.FALLS else "rise"
    least = f"{abs(limit.number):g}{unit_text(limit.unit)}"
    return (
        f"A {turn} of the {claim.response} of less than {least} over that range, or a change the other way."
    )


def _named(name: str, unit: str | None) -> str:
    return f"{name} in {unit}" if unit and unit != "1" else name


def _value(point: ResponsePoint) -> str:
    return show(point.value or 0.0, point.std)


def _round(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")
