"""A hypothesis as the checks read it: four parts of prose, the claim, what changes with what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from agents.checks.measures import (
    INVERSE,
    SPEEDING,
    Magnitude,
    MagnitudeChange,
    MagnitudeLimit,
    direction_of,
    find_changes,
    find_limits,
    find_measures,
)
from agents.experiments.claims import typed_claims
from agents.schema import Claim, Proposal, Prose, Representation
from tools.experiments import Relation, TypedClaim
from tools.experiments.lexicon import stem_set
from tools.strict import Strict

LONGEST: Final = 20_000
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(\[]|$)")
_REFUTES: Final = re.compile(
    r"refut|falsif|disprov|rul\w+ out|contradict|(?:is|are|be|would be|turn\w* out|prove\w*|shown to be)"
    r" (?:wrong|false|incorrect)"
    r"|claim fails|discard|abandon|untenable|give\w* up|rejected",
    re.IGNORECASE,
)
_PREDICTS: Final = re.compile(r"\b(?:predict\w*|expect\w*|should|would|will)\b", re.IGNORECASE)
_BECAUSE: Final = re.compile(
    r",?\s*\b(?:because|since|owing to|due to|as a result of|, as the|through)\b", re.IGNORECASE
)
_UP_OR_DOWN: Final = {Relation.RISES: 1, Relation.SATURATES: 1, Relation.FALLS: -1}


def _storable(text: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds half a character (a lone surrogate): nothing can store or show it")
    return text


Words = Annotated[str, AfterValidator(_storable), Field(max_length=LONGEST)]
"""Text that may be empty."""


class Draft(Strict):
    """A hypothesis of anybody's: the prose of a proposal, and what else of it there is."""

    claim: Claim | None = None
    statement: Annotated[Prose, Field(max_length=LONGEST)]
    mechanism: Words = ""
    prediction: Words = ""
    falsifier: Words = ""
    representation: Representation | None = None
    steps: list[Words] = Field(default_factory=list, max_length=20)
    summary: Words = ""
    second: Claim | None = None

    @property
    def claims(self) -> list[Claim]:
        return [claim for claim in (self.claim, self.second) if claim]


@dataclass(frozen=True)
class Dependence:
    """What a sentence says to depend on what: +1 where the response rises with the cause, −1 where not."""

    cause: str
    response: str
    sign: int
    where: str
    sentence: str


@dataclass(frozen=True)
class ProposalText:
    """The parts of one hypothesis. Parts that a plain text does not have are empty."""

    question: str
    statement: str
    mechanism: str
    prediction: str
    falsifier: str
    claims: Sequence[TypedClaim] = ()

    @property
    def whole(self) -> str:
        return " ".join(part for part in self.parts.values() if part)

    @property
    def parts(self) -> dict[str, str]:
        return {
            "statement": self.statement,
            "mechanism": self.mechanism,
            "prediction": self.prediction,
            "falsifier": self.falsifier,
        }

    @cached_property
    def measures(self) -> dict[str, list[Magnitude]]:
        return {name: find_measures(part) for name, part in self.parts.items()}

    @cached_property
    def changes(self) -> dict[str, list[MagnitudeChange]]:
        return {
            name: [change for sentence in sentences(part) for change in find_changes(sentence)]
            for name, part in self.parts.items()
        }

    @cached_property
    def limits(self) -> list[MagnitudeLimit]:
        return find_limits(self.falsifier)

    @cached_property
    def stated(self) -> Dependence | None:
        """What the statement says, or else the claim's fields; None where neither says a direction."""
        said = _read_statement(self.statement)
        claim = self.claims[0] if self.claims else None
        if said is not None or claim is None:
            return said
        sign = _sign_of(claim.relation, claim.exponent, "")
        return Dependence(claim.cause, claim.response, sign, "claim", self.statement) if sign else None

    @cached_property
    def said(self) -> list[Dependence]:
        """Return what any sentence but the falsifier's says to depend on what, with a direction."""
        from agents.checks.reading import read_said  # its patterns take long to compile

        found = [
            Dependence(one.cause, one.response, one.sign, name, sentence)
            for name, part in self.parts.items()
            if name != "falsifier"
            for sentence in sentences(part)
            if not _REFUTES.search(sentence)
            for one in read_said(sentence)
        ]
        return [*self.dependences, *found]

    @cached_property
    def dependences(self) -> list[Dependence]:
        """Return all dependences that the text states with a direction."""
        found = [self.stated] if self.stated else []
        for claim in self.claims:
            sign = _sign_of(claim.relation, claim.exponent, "")
            if sign:
                found.append(Dependence(claim.cause, claim.response, sign, "claim", self.statement))
        for name in ("statement", "prediction"):
            found += [
                one for sentence in sentences(self.parts[name]) for one in _read_changes(sentence, name)
            ]
        return found


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(text.strip()) if part]


def content_stems(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stem_set(text) if not stem.isdigit() and len(stem) > 1)


def read_draft(question: str, draft: Draft) -> ProposalText:
    """Read what somebody hands in; a statement alone is plain text that may hold all parts."""
    parts = [
        " ".join(part.split())
        for part in (draft.statement, draft.mechanism, draft.prediction, draft.falsifier)
    ]
    claims = tuple(typed_claims(draft))
    if any(parts[1:]):
        statement, mechanism, prediction, falsifier = parts
        return ProposalText(question, statement, mechanism, prediction, falsifier, claims)
    return replace(read_prose(question, parts[0]), claims=claims)


def read_proposal(question: str, proposal: Proposal) -> ProposalText:
    p = proposal
    return ProposalText(question, p.statement, p.mechanism, p.prediction, p.falsifier, tuple(typed_claims(p)))


def read_prose(question: str, prose: str) -> ProposalText:
    """Divide plain text: first sentence as statement, what would refute it, what is predicted, the rest."""
    parts = sentences(" ".join(prose.split()))
    statement, rest = parts[0], parts[1:]
    falsifier = [part for part in rest if _REFUTES.search(part)]
    others = [part for part in rest if part not in falsifier]
    prediction = [part for part in others if _PREDICTS.search(part)]
    if not prediction:
        changing = [part for part in others if find_changes(part)]
        prediction = [part for part in changing if part in others[1:]] or changing or others[1:][-1:]
    mechanism = [part for part in others if part not in prediction]
    return ProposalText(question, statement, " ".join(mechanism), " ".join(prediction), " ".join(falsifier))


def main_clause(statement: str) -> str:
    """Return the statement without its reason."""
    return _BECAUSE.split(statement)[0]


def _read_statement(statement: str) -> Dependence | None:
    from agents.checks.reading import read_said

    said = read_said(main_clause(statement))
    return Dependence(said[0].cause, said[0].response, said[0].sign, "statement", statement) if said else None


def _sign_of(relation: Relation, exponent: float | None, words: str) -> int:
    if relation is not Relation.SCALES:
        return _UP_OR_DOWN.get(relation, 0)
    if exponent is not None:
        return (exponent > 0) - (exponent < 0)
    if not words:
        return 0
    return -1 if direction_of(words) < 0 or INVERSE.search(words) else 1


def _read_changes(sentence: str, where: str) -> list[Dependence]:
    """Read "Raising C from a to b lowers R from c to d": cause first, response after it."""
    changes = [change for change in find_changes(sentence) if not SPEEDING.match(change.verb)]
    if len(changes) >= 2:  # noqa: PLR2004 - a cause and a response
        first, second = changes[:2]
        trailing = re.search(r"\b(?:as|when|if|while|once) [^,;]*$", sentence[: second.start])
        cause, response = (second, first) if trailing and trailing.start() > first.start else (first, second)
        sign = cause.sign * response.sign * bool(cause.phrase and response.phrase)
        return [Dependence(cause.phrase, response.phrase, sign, where, sentence)] if sign else []
    if len(changes) == 1:
        change = changes[0]
        led = re.match(
            r"(?:by |upon |on )?(?P<gerund>\w+ing)\b(?P<what>[^,;]*)"
            r"|(?:when|as|if|while) (?P<phrase>[^,;]*?) (?P<verb>\w+s)\b",
            sentence,
            re.IGNORECASE,
        )
        if led and change.sign and led.start("verb" if led["verb"] else "gerund") < change.start:
            turn, phrase = (
                direction_of(led["gerund"] or led["verb"]),
                _trim(led["what"] or led["phrase"] or ""),
            )
            if turn and phrase and phrase not in change.phrase:
                return [Dependence(phrase, change.phrase, turn * change.sign, where, sentence)]
        trailing = re.search(
            r"\bas ([^,;.]+?) (?:rises|grows|increases|(falls|decreases|shrinks))\b", sentence, re.IGNORECASE
        )
        if trailing and change.sign:
            sign = -change.sign if trailing[2] else change.sign
            return [Dependence(trailing[1], change.phrase, sign, where, sentence)]
    return []


def _trim(words: str) -> str:
    return re.split(r"\b(?:from|by|to|so that|lowers?|raises?|lifts?|cuts?)\b", words)[0].strip()


__all__ = [
    "Dependence",
    "Draft",
    "ProposalText",
    "content_stems",
    "main_clause",
    "read_draft",
    "read_proposal",
    "read_prose",
    "sentences",
]
