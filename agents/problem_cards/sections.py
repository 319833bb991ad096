"""The five sections of a problem card: what is known, from where, and what is still open.

The five are what a physicist and a machine-learning person must settle before a model is learned: the kind
of model, the data set, a computable figure of merit, the physics behind the data, and how the data transform.
What no rule finds stands as open.
"""

from pydantic import Field

from agents.experiments.claims import lacks
from agents.problem_cards.representation import carried_representation
from agents.schema import DataFound, HeldQuantity, Proposal, Section, Statement, Strict
from tools.experiments import Falsifier, Relation, TypedClaim

NOT_SPLIT = (
    "How the data are split: by system or by source, so that a model is tested on what it has not seen"
)


class ToCard(Strict):
    """A proposal and what is known of it."""

    question: str
    concepts: list[str] = Field(description="URIs that the question touches")
    proposal: Proposal
    verdicts: list[str] = Field(description="of its tests, a line each")
    instrument: str | None = Field(description="that tested the claim; null: none could")
    effect: str | None = Field(description="what the test measured")
    law: str | None = Field(description="a formula found in data")


def kind(asked: ToCard, claim: TypedClaim, *, inverse: bool, generic: bool) -> Section:
    learned = (
        f"{_with_unit(claim.cause, claim.cause_unit)} to {_with_unit(claim.response, claim.response_unit)}"
    )
    known = [Statement(text=f"Forward: from {learned}, in {claim.system}", source="claim")]
    if inverse:
        known.append(
            Statement(
                text="Inverse: the question asks for a system; the forward model comes first",
                source="question",
            )
        )
    still = []
    if asked.law:
        known.append(Statement(text=f"Explanatory: a formula was found in data: {asked.law}", source="test"))
    elif asked.instrument:
        known.append(Statement(text=f"Explanatory: {asked.instrument} computes the response", source="test"))
    elif claim.relation is Relation.SCALES:
        power = "" if claim.exponent is None else f" with exponent {claim.exponent:g}"
        known.append(Statement(text=f"Explanatory: a power law{power}", source="claim"))
    else:
        still.append(
            "Whether the model must explain, as a formula does, or may be a black box with an interval"
        )
    if generic:
        known.append(Statement(text=f"Generic: it is claimed for {claim.system}", source="claim"))
    else:
        still.append(f"How generic it must be: the claim names one system, {claim.system}")
    return Section(name="kind of model", known=known, open=still)


def data(found: DataFound, claim: TypedClaim) -> Section:
    known = [
        Statement(text=f"{option.title} lists {', '.join(map(_held, option.held))}", source="registry")
        for option in found.options
        if option.held
    ]
    still = [_missing(found)] if _missing(found) else []
    if found.options:
        still.append(f"Whether they hold {claim.system}: an entry names classes of systems only")
    if found.structures.gap:
        still.append(f"Which structures: {found.structures.gap}")
    unlicensed = [option.title for option in found.options if option.licence is None]
    if unlicensed:
        still.append(f"The licence of {', '.join(unlicensed)}: it is not known here")
    return Section(name="data set", known=known, open=[*still, NOT_SPLIT])


def _missing(found: DataFound) -> str:
    """What no database that fits lists of cause and response; empty where one lists both."""
    if not found.options:
        return "Which data there are: no database of the registry is like the claim"
    roles = [{one.role for one in option.held} for option in found.options]
    if any({"cause", "response"} <= held for held in roles):
        return ""
    missing = [role for role in ("cause", "response") if not any(role in held for held in roles)]
    if not missing:
        return "How cause and response are joined: no one database that fits lists both"
    told = " and ".join(missing)
    return f"Where the {told} {'are' if len(missing) > 1 else 'is'} given: no database that fits lists {told}"


def _held(one: HeldQuantity) -> str:
    return one.name if one.unit in (None, "1") else f"{one.name} ({one.unit})"


def merit(asked: ToCard, claim: TypedClaim) -> Section:
    known = [Statement(text=asked.proposal.representation.figure_of_merit, source="author")]
    if claim.falsifier:
        known.append(Statement(text=f"Refuted where the {_limit(claim.falsifier)}", source="claim"))
    if claim.smallest_effect:
        effect = claim.smallest_effect
        known.append(
            Statement(text=f"Smallest effect that counts: {effect.value:g}{_in(effect.unit)}", source="claim")
        )
    if asked.effect:
        known.append(Statement(text=f"Computed already: {asked.effect}", source="test"))
    still = [f"{part[0].upper()}{part[1:]}: the claim leaves it open" for part in lacks(claim)]
    if claim.response_unit is None:
        still.append(f"The unit of {claim.response}, in which an error would be told")
    still.append("The floor that a model must beat: the median of the training data, or a straight line")
    return Section(name="figure of merit", known=known, open=still)


def intuition(asked: ToCard, claim: TypedClaim) -> Section:
    known = [
        Statement(text=asked.proposal.mechanism, source="author"),
        Statement(text=f"As {claim.cause} grows, {claim.response} {claim.relation.value}", source="claim"),
        *(Statement(text=line, source="test") for line in asked.verdicts),
    ]
    still = []
    if not asked.verdicts:
        still.append(
            "Whether anything but its author's word stands behind the mechanism: no test could be made"
        )
    if claim.cause_range is None:
        still.append(f"In which range of {claim.cause} the mechanism holds, and what takes over outside")
    return Section(name="physics intuition", known=known, open=still)


def transformation(proposal: Proposal) -> Section:
    carried = carried_representation(proposal)
    known = [
        Statement(text=f"Symmetry: {symmetry}", source="author")
        for symmetry in proposal.representation.symmetries
    ]
    known.append(Statement(text=proposal.representation.information_preserved, source="author"))
    if carried.transform is not None:
        known.append(Statement(text=f"As a specification: {carried.note}", source="representation"))
    still = list(carried.faults)
    if carried.transform is None:
        still.append("A specification: the claim names no quantity that can be written")
    elif not carried.by_author:
        still.append("Which symmetries hold and what is lost: the specification was made of the claim alone")
    return Section(name="data transformation", known=known, open=still)


def _limit(falsifier: Falsifier) -> str:
    side = "below" if falsifier.comparator.value == "<" else "above"
    return f"{falsifier.quantity} is {side} {falsifier.number:g}{_in(falsifier.unit)}"


def _with_unit(name: str, unit: str | None) -> str:
    return f"{name}{_in(unit)}" if unit else name


def _in(unit: str | None) -> str:
    return f" {unit}" if unit not in (None, "", "1") else ""
