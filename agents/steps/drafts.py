"""Claims first, for a model that is known to rank nothing: it drafts, rules and tests choose.

    pairs that can be measured ─▶ a draft each, in a few tokens ─▶ rules mark it ─▶ tests, best mark first,
    until one survives ─▶ where none does, a refuted one is drafted again from what was measured, and tested
    afresh ─▶ the best is written out (`agents.steps.writing`)

Every test is recorded and takes its level from the run's ledger, so that choosing among drafts costs what it
must; drafts that were not written out stay with the hypothesis, with their verdicts. The drafts of one
hypothesis share the seconds of one claim.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, Field, create_model

import prompts
from agents.checks import sum_up
from agents.errors import StepFailed
from agents.experiments.claims import typed_claims
from agents.experiments.tester import Tester
from agents.experiments.verdicts import measured_table, verdict_lines
from agents.model import Chat
from agents.schema import (
    Check,
    Claim,
    ClaimTest,
    DraftClaim,
    Measurable,
    Perspective,
    Proposal,
    Prose,
    Relation,
    ScalarQuantity,
    Strict,
)
from agents.schema.report import REVISED
from agents.steps.propose import ClaimRequest, quantities_of
from agents.steps.references import mark_references
from agents.steps.writing import sketch, write_out
from tools.experiments import Verdict

MOST_DRAFTS: Final = 4
MOST_TOKENS: Final = 380  # four drafts take 150 to 250
MOST_AGAIN: Final = 100
LEAST_SECONDS: Final = 1  # whole ones, so that the same drafts are planned alike in another run
BEST_FIRST: Final = (Verdict.SURVIVED, Verdict.UNDECIDED, Verdict.OUTSIDE, Verdict.REFUTED)

Marker = Callable[[Proposal, Perspective], Awaitable[Sequence[Check]]]


class DraftedHypothesis(NamedTuple):
    """A hypothesis that was chosen among drafts, with its tests."""

    proposal: Proposal
    author: str
    drafts: list[DraftClaim]
    tests: list[ClaimTest]
    refuted_form: Proposal | None


@dataclass
class Drafting:
    """The drafts of one perspective, from the first call to the written proposal."""

    chat: Chat
    question: str
    voice: Perspective
    tester: Tester | None  # none: claims are not tested
    mark: Marker
    by_effect: bool  # the falsifier is a share of what the test computed
    tests: dict[str, ClaimTest] = field(default_factory=dict, init=False)

    async def go(self, request: ClaimRequest) -> DraftedHypothesis:
        """Draft, choose and write out. Raises StepFailed, BudgetSpent, EndpointError or ReplayMiss."""
        drafts = [await self._judge(draft) for draft in await self._draft(request)]
        best_first = sorted(drafts, key=lambda draft: -(draft.mark or 0))
        await self._test(best_first)
        again = await self._draft_again(best_first)
        best = self._best([*best_first, *again])
        standing = [key for key in (best.key.removesuffix(REVISED), best.key) if key in self.tests]
        tests = [self.tests[key] for key in dict.fromkeys(standing)]
        written = sketch(best, self.tests.get(best.key), by_effect=self.by_effect)
        answer = await write_out(self.chat, self.question, written, self.tests.get(best.key), self.voice)
        before = next((one for one in drafts if best.key == f"{one.key}{REVISED}"), None)
        return DraftedHypothesis(
            proposal=answer.value,
            author=answer.model,
            drafts=[self._record(one, best, standing) for one in (*drafts, *again)],
            tests=tests,
            refuted_form=sketch(before, self.tests[before.key]) if before else None,
        )

    async def _draft(self, request: ClaimRequest) -> list[DraftClaim]:
        pairs = request.measurable[:MOST_DRAFTS]
        output = (
            drafts_type(_names(pairs))
            if pairs
            else free_drafts_type(tuple(quantity.text for quantity in request.quantities))
        )
        prompt = self._prompt(
            pairs=[pair.text for pair in pairs],
            quantities=[] if pairs else [quantity.text for quantity in request.quantities],
        )
        answer = await self.chat.ask("draft", prompt, output, who=self.voice.key, max_tokens=MOST_TOKENS)
        return read_drafts(answer.value, request, self.voice.key)

    def _prompt(self, **given: Any) -> prompts.Rendered:  # noqa: ANN401 - the prompt's own inputs
        lists: dict[str, Any] = {"pairs": [], "quantities": [], "refuted": [], "tables": []}
        return prompts.load("draft").render(
            question=self.question,
            role=self.voice.role,
            broad=self.voice.broad.label,
            narrow=self.voice.narrow.label,
            most=str(MOST_DRAFTS),
            **(lists | given),
        )

    async def _judge(self, draft: DraftClaim) -> DraftClaim:
        checks = await self.mark(sketch(draft), self.voice)
        faults = [check.how for check in checks if check.of == "physics" and check.mark < 1]
        return draft.model_copy(
            update={"mark": round(sum_up(checks), 1) if checks else None, "faults": faults}
        )

    async def _test(self, best_first: Sequence[DraftClaim]) -> None:
        """Until one survives: a test more would take from the level of the run's others.

        Each may use half of the seconds that are left, and the last one all of them: a formula takes none,
        and a simulation that is given a quarter of them at once can measure nothing.
        """
        if self.tester is None:
            return
        left = self.tester.seconds
        for draft in best_first:
            share = left if draft is best_first[-1] else left / 2
            claim = typed_claims(sketch(draft))[0]
            test = await self.tester.test_claim(claim, draft.key, None, max(round(share), LEAST_SECONDS))
            self.tests[draft.key] = test
            if test.verdict is Verdict.SURVIVED:
                return
            left -= test.result.seconds

    async def _draft_again(self, best_first: Sequence[DraftClaim]) -> list[DraftClaim]:
        """Return the best refuted draft with another relation, tested under other conditions."""
        verdicts = [self._verdict(draft) for draft in best_first]
        if self.tester is None or Verdict.SURVIVED in verdicts or Verdict.REFUTED not in verdicts:
            return []
        before = best_first[verdicts.index(Verdict.REFUTED)]
        test = self.tests[before.key]
        prompt = self._prompt(refuted=verdict_lines([test]), tables=[measured_table(test.result)])
        output = again_type(before.claim.relation)
        try:
            answer = await self.chat.ask(
                "redraft", prompt, output, who=self.voice.key, max_tokens=MOST_AGAIN, attempts=2
            )
        except StepFailed:
            return []
        told: Any = mark_references(answer.value)
        claim = before.claim.model_copy(update={"relation": told.relation})
        again = await self._judge(DraftClaim(key=f"{before.key}{REVISED}", claim=claim, because=told.because))
        typed = typed_claims(sketch(again))[0]
        self.tests[again.key] = await self.tester.test_claim(
            typed, again.key, test.result.experiment, self.tester.seconds
        )
        return [again]

    def _best(self, best_first: Sequence[DraftClaim]) -> DraftClaim:
        if self.tester is None:
            return best_first[0]
        tested = [draft for draft in best_first if draft.key in self.tests]
        return min(tested, key=lambda draft: BEST_FIRST.index(self.tests[draft.key].verdict))

    def _verdict(self, draft: DraftClaim) -> Verdict | None:
        test = self.tests.get(draft.key)
        return test.verdict if test else None

    def _record(self, draft: DraftClaim, best: DraftClaim, standing: Sequence[str]) -> DraftClaim:
        test = None if draft.key in standing else self.tests.get(draft.key)
        return draft.model_copy(update={"chosen": draft.key == best.key, "test": test})


def read_drafts(answer: BaseModel, request: ClaimRequest, key: str) -> list[DraftClaim]:
    """Return the drafts that say something: no cause answers to itself, and no pair is drafted twice.

    Raises StepFailed where none does.
    """
    fields = answer.model_dump(mode="json")
    free = fields.get("drafts")
    told = _free(free, request.quantities) if free else _of_pairs(fields.values(), request.measurable)
    drafts: dict[tuple[str, str], DraftClaim] = {}
    for draft, claim in told:
        pair = claim.cause, claim.response
        if claim.cause != claim.response and pair not in drafts:
            one = DraftClaim(key=f"{key}/d{len(drafts) + 1}", claim=claim, because=draft["because"])
            drafts[pair] = mark_references(one)
    if not drafts:
        raise StepFailed("draft", "no draft has a cause and a response that differ")
    return list(drafts.values())


def _of_pairs(
    drafts: Iterable[dict[str, str]], pairs: Sequence[Measurable]
) -> Iterator[tuple[dict[str, str], Claim]]:
    for draft, pair in zip(drafts, pairs, strict=False):  # of many pairs the first were asked about
        relation = Relation(draft["relation"])
        yield draft, Claim(system=pair.system, relation=relation, **quantities_of(pair))


def _free(
    drafts: Iterable[dict[str, str]], quantities: Sequence[ScalarQuantity]
) -> Iterator[tuple[dict[str, str], Claim]]:
    known = {quantity.text: quantity for quantity in quantities}
    for draft in drafts:
        cause, response = known[draft["cause"]], known[draft["response"]]
        yield (
            draft,
            Claim(
                system=draft["system"],
                cause=cause.label,
                response=response.label,
                cause_unit=cause.unit,
                response_unit=response.unit,
                relation=Relation(draft["relation"]),
            ),
        )


def _names(pairs: Sequence[Measurable]) -> tuple[str, ...]:
    """Return what an answer says of each pair, in few tokens where that tells them apart."""
    short = tuple(f"{pair.response} against {pair.cause}" for pair in pairs)
    return short if len(set(short)) == len(pairs) else tuple(pair.text for pair in pairs)


@lru_cache(maxsize=32)  # one a question: a service would fill its memory with classes
def drafts_type(pairs: tuple[str, ...]) -> type[BaseModel]:
    """Return the type of an answer with one draft for each pair, which cannot be another."""
    rest: dict[str, Any] = {"because": (Prose, ...), "relation": (Relation, ...)}
    fields: dict[str, Any] = {}
    for number, pair in enumerate(pairs, start=1):
        only: Any = Literal[pair]
        draft = create_model(f"Draft{number}", __base__=Strict, measured=(only, ...), **rest)
        fields[f"draft_{number}"] = (draft, ...)
    return create_model("Drafts", __base__=Strict, **fields)


@lru_cache(maxsize=32)
def free_drafts_type(quantities: tuple[str, ...]) -> type[BaseModel]:
    """Return the type of an answer whose causes and responses are from a list."""
    one: Any = Literal[quantities]
    draft: Any = create_model(
        "FreeDraft",
        __base__=Strict,
        system=(Prose, ...),
        cause=(one, ...),
        response=(one, ...),
        because=(Prose, ...),
        relation=(Relation, ...),
    )
    several = Annotated[list[draft], Field(min_length=MOST_DRAFTS, max_length=MOST_DRAFTS)]
    return create_model("FreeDrafts", __base__=Strict, drafts=(several, ...))


@lru_cache(maxsize=len(Relation))
def again_type(refuted: Relation) -> type[BaseModel]:
    """Return the type of a draft whose relation is not the one that was refuted."""
    others: Any = Literal[tuple(one for one in Relation if one is not refuted)]
    return create_model("DraftAgain", __base__=Strict, because=(Prose, ...), relation=(others, ...))
