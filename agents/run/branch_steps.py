"""The steps of a branch: each takes the state of a branch and returns what it adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.checks import CheckSubject, run_checks
from agents.checks.first import evidence_checks
from agents.checks.recorded import check_proposal
from agents.errors import BudgetSpent, EndpointError, ReplayMiss, StepFailed
from agents.experiments.from_data import word_finding
from agents.experiments.laboratory import SweepFinding
from agents.literature import look_up
from agents.offers.literature import LiteratureSearch
from agents.problem_cards.card import make_card
from agents.run.branch import BranchState, RunContext
from agents.schema import Check, Evidence, Hypothesis, Origin, Perspective, Proposal, Reading
from agents.steps.drafts import DraftedHypothesis, Drafting
from agents.steps.gather import describe, gather, gather_wanted
from agents.steps.propose import propose
from agents.steps.references import mark_references
from agents.steps.review import Submission, mark_again, review
from agents.steps.revise import refuted, revise
from agents.steps.score import make_score

BY_EFFECT = 3  # version of drafting from which a falsifier is a share of what a test computed


@dataclass(frozen=True)
class BranchSteps:
    """Each takes where a branch is and gives what it adds."""

    context: RunContext

    async def propose(self, state: BranchState) -> BranchState:
        context = self.context
        tools = [describe(tool) for tool in context.toolbox.tools]
        brood, voice = state.get("brood"), state["perspective"]
        found = None if brood else await self._find(voice)
        if found is not None:
            proposal, author = await word_finding(context.chat, context.question, found, voice)
            return {"proposal": proposal, "author": author, "found_in_data": found.found}
        written = None if brood else await self._draft(voice)
        if written is not None:
            return {**written._asdict()}  # type: ignore[typeddict-item]  # its fields are a branch's
        answer = await propose(
            context.chat,
            context.question,
            context.concepts,
            voice,
            tools,
            brood=brood,
            request=context.claim_request and context.claim_request.turned(voice.key),
        )
        return {"proposal": mark_references(answer.value), "author": answer.model}

    async def _draft(self, voice: Perspective) -> DraftedHypothesis | None:
        """A hypothesis chosen among drafts; None where there is nothing to draft from or no draft is fit."""
        context = self.context
        request = context.claim_request and context.claim_request.turned(voice.key)
        if not context.claims_first or request is None or not (request.measurable or request.quantities):
            return None
        try:
            drafting = Drafting(
                context.chat,
                context.question,
                voice,
                context.tester,
                self._check,
                by_effect=context.claims_first >= BY_EFFECT,
            )
            return await drafting.go(request)
        except StepFailed as error:
            context.failed(error)
            return None

    async def _check(self, proposal: Proposal, voice: Perspective) -> Sequence[Check]:
        context = self.context
        if context.checks is None:
            return []
        return await check_proposal(context.question, proposal, voice, context.toolbox, context.checks)

    async def _find(self, voice: Perspective) -> SweepFinding | None:
        """What an instrument's data show; None where a model is to propose."""
        request, tester = self.context.swept.get(voice.key), self.context.tester
        return await tester.sweep(voice.key, request) if request and tester else None

    async def test(self, state: BranchState) -> BranchState:
        if self.context.tester is None or "drafts" in state:
            return {}
        return {"tests": await self.context.tester.test(state["proposal"], state["perspective"].key)}

    async def revise(self, state: BranchState) -> BranchState:
        if "drafts" in state:  # a refuted draft was drafted again
            return {}
        return await _revise(self.context, state) if refuted(state["tests"]) else {}

    async def gather(self, state: BranchState) -> BranchState:
        return {"evidence": await _gather(self.context, state["proposal"], state["perspective"].key)}

    async def look_up(self, state: BranchState) -> BranchState:
        context, key = self.context, state["perspective"].key
        if context.surveyor is None:
            return {"literature": None}
        return {
            "literature": await look_up(
                context.chat,
                self._submit(state),
                context.toolbox,
                context.surveyor,
                key,
                framework=state["perspective"].narrow,
            )
        }

    async def review(self, state: BranchState) -> BranchState:
        context, key = self.context, state["perspective"].key
        return {
            "readings": await review(
                context.chat, self._submit(state), key, context.reviewers, short=context.short_reviews
            )
        }

    async def want(self, state: BranchState) -> BranchState:
        key = state["perspective"].key
        wanted = await _gather_wanted(self.context, self._submit(state), state["readings"], key)
        return {"evidence": [*state["evidence"], *wanted]}

    async def mark(self, state: BranchState) -> BranchState:
        """What is reviewed is worth its score without second marks."""
        key, readings = state["perspective"].key, state["readings"]
        try:
            return {"readings": await mark_again(self.context.chat, self._submit(state), readings, key)}
        except (BudgetSpent, EndpointError, ReplayMiss) as error:
            self.context.failed(error)
            return {}

    async def score(self, state: BranchState) -> BranchState:
        hypothesis = await _score(self.context, state)
        self.context.finished(hypothesis)
        return {"outcomes": [hypothesis]}

    def _submit(self, state: BranchState) -> Submission:
        tests = state.get("tests", [])
        return Submission(self.context.question, state["proposal"], state["evidence"], tests)


async def _revise(context: RunContext, state: BranchState) -> BranchState:
    """A hypothesis whose author cannot revise it stays as it is, refuted."""
    tester, proposal, tests = context.tester, state["proposal"], state["tests"]
    if tester is None:
        return {}
    try:
        answer = await revise(
            context.chat, context.question, proposal, tests, state["perspective"].key, typed=context.typed
        )
    except StepFailed:
        return {}
    again = await tester.test_revised(answer.value, refuted(tests))
    return {"proposal": answer.value, "refuted_form": proposal, "tests": [*tests, *again]}


async def _gather(context: RunContext, proposal: Proposal, key: str) -> list[Evidence]:
    """A model that cannot plan calls may still have a hypothesis worth reading."""
    searched = {tool.name for tool in context.toolbox.tools} <= {LiteratureSearch.name}
    if context.claims_first and context.surveyor and searched:
        return []  # the claim is looked up anyway: a small model's query adds little for its tokens
    try:
        return await gather(context.chat, proposal, context.toolbox, key)
    except StepFailed as error:
        return [Evidence(source="plan", error=error.reason)]


async def _gather_wanted(
    context: RunContext, submission: Submission, readings: Sequence[Reading], key: str
) -> list[Evidence]:
    """What is reviewed is worth its score without what reviewers would like to add."""
    try:
        return await gather_wanted(context.chat, submission, readings, context.toolbox, key)
    except (BudgetSpent, EndpointError, ReplayMiss) as error:
        context.failed(error)
        return []


async def _score(context: RunContext, state: BranchState) -> Hypothesis:
    subject = CheckSubject(
        context.question, context.concepts, state["perspective"], state["proposal"], state["evidence"]
    )
    if context.checks is None:
        checks = run_checks(subject)
    else:
        own = await check_proposal(
            context.question, subject.proposal, subject.perspective, context.toolbox, context.checks
        )
        checks = [*own, *evidence_checks(subject)]
    brood, tests = state.get("brood"), state.get("tests", [])
    hypothesis = Hypothesis(
        perspective=state["perspective"],
        model=state["author"],
        proposal=state["proposal"],
        evidence=state["evidence"],
        readings=state["readings"],
        checks=checks,
        score=make_score(state["readings"], checks, tests if context.tester else None),
        origin=brood.origin if brood else Origin(),
        literature=state["literature"],
        tests=tests,
        refuted_form=state.get("refuted_form"),
        drafts=state.get("drafts", []),
        found_in_data=state.get("found_in_data"),
    )
    if context.cards is None:
        return hypothesis
    concepts = [concept.uri for concept in context.concepts]
    card = await make_card(hypothesis, context.question, concepts, context.toolbox, context.cards)
    return hypothesis.model_copy(update={"problem": card})
