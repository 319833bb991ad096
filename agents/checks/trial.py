"""The tests of a text's claims: only where an instrument surely has its cause and its response."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agents.checks.measures import PLAIN, MagnitudeChange
from agents.checks.text import Dependence, ProposalText, content_stems
from agents.schema import Strict
from tools.errors import ToolError
from tools.experiments import Relation, TypedClaim, Verdict
from tools.experiments.lexicon import InstrumentLexicon, LexiconQuantity, build, hinted
from tools.experiments.schema import InstrumentMatch
from tools.instruments import Instrument, InstrumentKind

SURE: Final = 0.85
"""How well cause and response must each be named, where not most of their words are."""
MOST: Final = 0.5
SYSTEM: Final = 0.4
"""How well the system must be."""
MOST_CLAIMS: Final = 2


class ClaimTrial(Strict):
    """One claim of a text, and what an instrument says of it."""

    claim: str
    verdict: Verdict
    reason: str
    instrument: str | None = None
    effect: float | None = None
    unit: str | None = None


@dataclass(frozen=True)
class ClaimBench:
    """Where texts are tested: so many seconds of one core a claim; measurements are cached by content."""

    instruments: Sequence[Instrument]
    cache: Path | None
    seconds: float
    seed: int = 0

    def test(self, text: ProposalText) -> list[ClaimTrial]:
        """Return one result a claim. None is refuted by an instrument that may be about something else."""
        claims = [*text.claims] or [_typed(one, text) for one in text.dependences[:1]]
        return [self._test(claim, typed=bool(text.claims)) for claim in claims[:MOST_CLAIMS]]

    def _test(self, claim: TypedClaim, *, typed: bool) -> ClaimTrial:
        from tools.experiments.deciding import conduct
        from tools.experiments.matching import shortlist
        from tools.experiments.planning import ExperimentTerms
        from tools.experiments.running import ExperimentRunner

        said = f"{claim.response} {claim.relation.value} with {claim.cause}"
        try:
            found = shortlist(claim, self.instruments)
        except ToolError as error:
            return ClaimTrial(claim=said, verdict=Verdict.OUTSIDE, reason=str(error))
        match = next((one for one in found.matches if self._is_sure(one, claim)), None)
        if match is None or not (found.choice or typed):
            reason = (
                f"no instrument surely has its cause and response: {found.needs or 'the nearest has others'}"
            )
            return ClaimTrial(claim=said, verdict=Verdict.OUTSIDE, reason=reason)
        instrument = next(one for one in self.instruments if one.name == match.instrument)
        terms = ExperimentTerms(budget_seconds=self.seconds, seed=self.seed)
        with ExperimentRunner(self.cache) as runner:
            result = conduct(_bare(claim), match, instrument, runner, terms)
        return ClaimTrial(
            claim=said,
            verdict=result.verdict,
            reason=result.reason,
            instrument=instrument.name if result.experiment else None,
            effect=result.effect.value if result.effect else None,
            unit=result.effect.unit if result.effect else None,
        )

    def _is_sure(self, match: InstrumentMatch, claim: TypedClaim) -> bool:
        """Tables know associations, and a law solved for a quantity on its right holds the left one fixed."""
        lexicon = build(tuple(self.instruments))
        entry = next(one for one in lexicon.entries if one.instrument.name == match.instrument)
        cause = next(one for one in entry.causes if one.name == match.cause)
        response = next(one for one in entry.responses if one.name == match.response)
        solved = entry.instrument.kind is InstrumentKind.FORMULA and match.response != entry.responses[0].name
        if solved or entry.instrument.kind is InstrumentKind.TABLE:
            return False
        whole = hinted(" ".join((claim.system, claim.cause, claim.response, claim.statement or "")))
        return (
            _is_named(lexicon, cause, claim.cause)
            and _is_named(lexicon, response, claim.response)
            and lexicon.named(entry.systems, whole) >= SYSTEM
        )


def _is_named(lexicon: InstrumentLexicon, quantity: LexiconQuantity, phrase: str) -> bool:
    """Tell whether a phrase surely names a quantity: by rare words, or by most of the words of both."""
    stems = hinted(phrase)
    alike = max(len(one.stems & stems) / len(one.stems | stems) for one in quantity.phrases)
    return alike > MOST or lexicon.named(quantity.phrases, stems) >= SURE


def _bare(claim: TypedClaim) -> TypedClaim:
    """Return the claim's direction without its own thresholds: those were set for its own system."""
    return claim.model_copy(update={"falsifier": None, "smallest_effect": None})


def _typed(one: Dependence, text: ProposalText) -> TypedClaim:
    return TypedClaim(
        system=text.statement[:500],
        cause=one.cause[:300],
        response=one.response[:300],
        relation=Relation.RISES if one.sign > 0 else Relation.FALLS,
        cause_unit=_unit_of(one.cause, text),
        response_unit=_unit_of(one.response, text),
        statement=text.statement[:2000],
    )


def _unit_of(phrase: str, text: ProposalText) -> str | None:
    changes: list[MagnitudeChange] = [change for part in text.changes.values() for change in part]
    stems = content_stems(phrase)
    units = (
        change.last.unit
        for change in changes
        if content_stems(change.phrase) & stems and change.last.dimension != PLAIN
    )
    unit = next(units, None)
    return unit if unit is None or len(unit) <= 60 else None  # noqa: PLR2004 - as the claim's field has it
