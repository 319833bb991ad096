"""Anybody's hypotheses checked without a model: a question and a text in, a score with its parts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field, StrictInt

from agents.checks.aids import Aids
from agents.checks.marking import mark_text, sum_up
from agents.checks.text import LONGEST, Draft, ProposalText, Words, read_draft, sentences
from agents.checks.trial import ClaimBench, ClaimTrial
from agents.data_files import rubric
from agents.experiments.verdicts import UNTESTED, WORST_FIRST
from agents.prompt_injection import withhold
from agents.schema import LONGEST_QUESTION, Check, Prose, Strict

PARTS: Final = ("statement", "mechanism", "prediction", "falsifier")


class HypothesisToCheck(Strict):
    """A hypothesis as it comes: the fields of a proposal, or plain prose."""

    id: Annotated[Words, Field(max_length=200)] | StrictInt | None = None
    question: Annotated[Words, Field(max_length=LONGEST_QUESTION)] = ""
    proposal: Draft | Annotated[Prose, Field(max_length=LONGEST)]

    @property
    def draft(self) -> Draft:
        return Draft(statement=self.proposal) if isinstance(self.proposal, str) else self.proposal


class Checked(Strict):
    """What the rules and the instruments say of a hypothesis. No model was asked."""

    id: str | int | None
    score: float = Field(ge=0, le=100, description="the checks' number, times what the tests allow")
    computed: float = Field(ge=0, le=100, description="of the checks alone")
    tested: str = Field(description="worst first: refuted, undecided, survived, untested")
    checks: list[Check]
    tests: list[ClaimTrial]
    withheld: list[str] = Field(description="sentences that speak to a reader; nothing was read from them")


@dataclass(frozen=True)
class ProposalChecker:
    aids: Aids
    bench: ClaimBench | None

    def check(self, given: HypothesisToCheck) -> Checked:
        """Return a score with its parts."""
        draft = given.draft
        withheld = [one for name in PARTS for one in sentences(getattr(draft, name)) if _speaks(one)]
        text = read_draft(given.question, _without(draft, withheld))
        checks = mark_text(text, self.aids)
        tests = self.bench.test(text) if self.bench else []
        tested = _tested(tests)
        computed = sum_up(checks)
        return Checked(
            id=given.id,
            score=round(computed * rubric().ceiling(tested) / 100, 1),
            computed=round(computed, 1),
            tested=tested,
            checks=checks,
            tests=tests,
            withheld=withheld,
        )

    def read(self, given: HypothesisToCheck) -> ProposalText:
        return read_draft(given.question, given.draft)


def _tested(tests: Sequence[ClaimTrial]) -> str:
    found = {test.verdict for test in tests}
    return next((verdict.value for verdict in WORST_FIRST if verdict in found), UNTESTED)


def _speaks(sentence: str) -> bool:
    return withhold(sentence) != sentence.strip()


def _without(draft: Draft, withheld: Sequence[str]) -> Draft:
    if not withheld:
        return draft
    kept = {
        name: " ".join(one for one in sentences(getattr(draft, name)) if one not in withheld)
        for name in PARTS
    }
    kept["statement"] = kept["statement"] or "Nothing is stated."
    return draft.model_copy(update=kept)
