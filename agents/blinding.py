"""What judges and reviewers see of a hypothesis: typed fields and results first, free prose last and apart.

A field is a quantity, a system, a relation, a number with its unit: short, of a form that holds no argument.
What the author argues in sentences is prose: a judge that reads it sees it as a quotation, after the fields,
and it cannot turn round what the fields say (`agents.rank.counting`). Nothing tells who wrote or marked a
hypothesis, and of the literature a judge sees nothing: a passage may hold an order to whoever reads it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.experiments.claims import typed_claims
from agents.experiments.verdicts import unit_text, verdict_lines
from agents.prompt_injection import WITHHELD, clear, sentences, withhold
from agents.redaction import redact
from agents.schema import Hypothesis, Proposal, View
from tools.experiments import CauseRange, Falsifier, Relation, TypedClaim, ValueWithUnit
from tools.experiments.units import agree

MOST_WORDS = 14  # of a field
MOST_PROSE = 1_800  # characters
MOST_NUMBERS = 8
_PHRASE_END = re.compile(r"[.!?;:]\s|[\n\"“”„«»{}<>|]|\s[—–-]\s")
_NUMBERS = re.compile(
    r"(?P<number>(?<![\w.^])(?<!\^[-−])[-−+]?\d+(?:\.\d+)?(?:\s?[×x·]\s?10\s?\^?\s?[-−]?\d+|[eE][-−+]?\d+)?"
    r"(?:\s?(?:to|±|–)\s?\d+(?:\.\d+)?)?)"
    r"(?:\s?(?P<unit>%|[°µΩÅ]?[A-Za-zΩÅ]+(?:\^?[-−]?\d+|[⁻¹²³]+)?(?:[/·][A-Za-zµΩÅ]+(?:\^?[-−]?\d+|[⁻¹²³]+)?)*)(?![\w-]))?"
)
_WORDS = frozenset("a an and as at by for from if in is more of on or than the to when with".split())  # noqa: SIM905


class BlindedHypothesis(NamedTuple):
    """A hypothesis as a judge may see it, and the key, which stays with us.

    `fields` are lines that every view shows; `prose` are the author's sentences, in their order. Where there
    are no fields, `text` is the whole of it.
    """

    key: str
    text: str = ""
    evidence: Sequence[str] = ()
    verdicts: Sequence[str] = ()
    fields: Sequence[str] = ()
    restated: Sequence[str] = ()
    prose: Sequence[str] = ()


def blind(hypothesis: Hypothesis, *, by_fields: bool = True) -> BlindedHypothesis:
    """Return what may be seen of a hypothesis; in runs of the first rules as one text."""
    proposal = hypothesis.proposal
    evidence, verdicts = redact(hypothesis.evidence), verdict_lines(hypothesis.tests)
    if not by_fields:
        return BlindedHypothesis(hypothesis.key, show(clear(proposal)), evidence, verdicts)
    return BlindedHypothesis(
        key=hypothesis.key,
        evidence=evidence,
        verdicts=verdicts,
        fields=fields(proposal),
        restated=restate(proposal),
        prose=prose(proposal),
    )


def view_of(reading: int) -> View:
    """Return what the judge's first, second, … reading of a pair shows: the fields alone, then with prose."""
    return View.FIELDS if reading % 2 else View.WHOLE


def show(proposal: Proposal) -> str:
    """Return what a judge needs of a proposal as one text, in a few hundred tokens."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(proposal.steps, start=1))
    return (
        f"Statement: {proposal.statement}\nMechanism: {proposal.mechanism}\n"
        f"Prediction: {proposal.prediction}\nFalsifier: {proposal.falsifier}\nSteps:\n{steps}"
    )


def fields(proposal: Proposal) -> list[str]:
    """Return the claims as lines of typed fields, and the numbers of prediction and falsifier."""
    lines = [line for claim in typed_claims(proposal) for line in _claim_lines(claim)]
    for name, text in (("prediction", proposal.prediction), ("falsifier", proposal.falsifier)):
        numbers = numbers_in(text)
        lines.append(f"Numbers in the {name}: {'; '.join(numbers) if numbers else 'none'}")
    return lines


def restate(proposal: Proposal) -> list[str]:
    """Return the claim in other words, for where lengths must not tell: it adds nothing to the fields."""
    claim = typed_claims(proposal)[0]
    cause, response, system = phrase(claim.cause), phrase(claim.response), phrase(claim.system)
    relation = claim.relation.value
    return [
        f"In other words: in {system}, {response} {relation} with growing {cause}.",
        f"Varied: {cause}. Measured: {response}. Where: {system}. Said: it {relation}.",
        f"Said of {response}: that it {relation} when {cause} grows, in {system}.",
        f"Asked of nature: does {response} do so in {system} as {cause} grows?",
    ]


def prose(proposal: Proposal) -> list[str]:
    """Return the author's sentences, without those that speak to a reader: as many as there is room for."""
    texts = (
        ("", proposal.statement),
        ("", proposal.mechanism),
        ("", proposal.prediction),
        ("", proposal.falsifier),
        *((f"{number}. ", step) for number, step in enumerate(proposal.steps, start=1)),
    )
    told, room = list[str](), MOST_PROSE
    for mark, text in texts:
        for sentence in sentences(withhold(text)):
            line = f"{mark}{sentence.strip()}"
            if line and len(line) <= room:
                told.append(line)
                room -= len(line)
    return told


def phrase(text: str) -> str:
    """Return a field's text as one phrase: up to where a sentence would begin or end, and not long."""
    told = withhold(text)
    if WITHHELD in told:
        return "(withheld)"
    words = _PHRASE_END.split(told, maxsplit=1)[0].split()
    return " ".join(words[:MOST_WORDS]).rstrip(".,;: ") or "(not a phrase)"


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text, each with its unit where that can be read, in their order."""
    found = []
    for match in _NUMBERS.finditer(text):
        unit, following = match["unit"] or "", text[match.end("number") : match.end("number") + 1]
        if unit == "%" or (unit and unit not in _WORDS and agree(unit, unit)):
            found.append(f"{match['number']} {unit}")
        elif not following.isalpha():  # else a name, such as 2H-MoS2
            found.append(match["number"])
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def _claim_lines(claim: TypedClaim) -> list[str]:
    cause = f"{phrase(claim.cause)}{_unit(claim.cause_unit)}"
    response = f"{phrase(claim.response)}{_unit(claim.response_unit)}"
    lines = [
        f"System: {phrase(claim.system)}",
        f"Claim: as {cause} grows, {response} {claim.relation.value}",
    ]
    if claim.cause_range:
        lines.append(f"Range of the cause: {_span(claim.cause_range)}")
    if claim.fixed:
        held = (f"{phrase(name)} {_held(value)}" for name, value in claim.fixed.items())
        lines.append(f"Held fixed: {'; '.join(held)}")
    if claim.smallest_effect:
        lines.append(f"Smallest effect that counts: {_figure(claim.smallest_effect)}")
    if claim.relation is Relation.SCALES and claim.exponent is not None:
        lines.append(f"Exponent: {claim.exponent:g}")
    if claim.position:
        lines.append(f"Position on the cause: {_span(claim.position)}")
    lines.append(f"Refuted if: {_falsifier(claim.falsifier) if claim.falsifier else 'no number is given'}")
    return lines


def _unit(unit: str | None) -> str:
    return f" ({phrase(unit)})" if unit and unit != "1" else ""


def _span(span: CauseRange) -> str:
    return f"{span.low:g} to {span.high:g}{unit_text(phrase(span.unit))}"


def _held(value: ValueWithUnit | str) -> str:
    return phrase(value) if isinstance(value, str) else _figure(value)


def _figure(figure: ValueWithUnit) -> str:
    return f"{figure.value:g}{unit_text(phrase(figure.unit))}"


def _falsifier(one: Falsifier) -> str:
    return f"{one.quantity} {one.comparator.value} {one.number:g}{unit_text(phrase(one.unit))}"
