"""One perspective on its way to a hypothesis: propose, test, revise, gather, look up, review, mark, score."""

import operator
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from agents.checks import Subject, run_checks
from agents.checks.first import evidence_checks
from agents.checks.recorded import TextChecks, check_proposal
from agents.drafts import Drafting, Written
from agents.errors import AgentsError, BudgetSpent, EndpointError, ReplayMiss, StepFailed
from agents.evolve import Brood
from agents.from_data import word_finding
from agents.gather import describe, gather, gather_wanted
from agents.laboratory import Finding, Wish
from agents.literature import Surveyor, look_up
from agents.model import Chat
from agents.offers.literature import LiteratureSearch
from agents.problem_card import CardMaker, make_card
from agents.propose import Wanted, propose
from agents.references import mark_references
from agents.review import Submission, mark_again, review
from agents.revise import refuted, revise
from agents.schema import (
    Check,
    ClaimTest,
    DraftClaim,
    Evidence,
    Failure,
    FoundInData,
    Hypothesis,
    Literature,
    Origin,
    Perspective,
    Proposal,
    Reading,
    ScoredConcept,
)
from agents.score import make_score
from agents.testing import Tester
from agents.toolbox import Toolbox

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

Outcome = Hypothesis | Failure


@dataclass(frozen=True)
class Desk:
    """What every branch of a run shares."""

    chat: Chat
    question: str
    concepts: Sequence[ScoredConcept]
    toolbox: Toolbox
    surveyor: Surveyor | None  # none: nothing is to be searched
    reviewers: int
    finished: Callable[[Outcome], None]
    failed: Callable[[AgentsError], None]
    tester: Tester | None = None  # none: claims are not tested
    wanted: Wanted | None = None  # none: a claim without numbers
    swept: Mapping[str, Wish] = field(default_factory=dict)  # perspectives that are filled from data
    checks: TextChecks | None = None  # none: those of runs before checks were recorded
    cards: CardMaker | None = None  # none: as in runs before there were problem cards
    rules: int = 1  # version of what reviewers and judges are shown
    second_look: bool = True  # reviewers may ask for tools and mark again
    claims_first: bool = False  # authors draft claims, and tests choose among them
    short_reviews: bool = False

    @property
    def typed(self) -> bool:
        return self.wanted is not None and self.wanted.typed


class Branch(TypedDict, total=False):
    """Where a branch is. Once it has an outcome it goes no further."""

    perspective: Perspective
    brood: Brood
    proposal: Proposal
    author: str
    refuted_form: Proposal | None
    drafts: list[DraftClaim]
    found_in_data: FoundInData
    tests: list[ClaimTest]
    evidence: list[Evidence]
    literature: Literature | None
    readings: list[Reading]
    outcomes: Annotated[list[Outcome], operator.add]


class Outcomes(TypedDict):
    outcomes: Annotated[list[Outcome], operator.add]


Step = Callable[[Branch], Awaitable[Branch]]


def build_branch(desk: Desk) -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The compiled graph of one branch: takes a `perspective`, and a `brood` if it is made of others."""
    from langgraph.graph import END, START, StateGraph

    branch = StateGraph(Branch, output_schema=Outcomes)
    steps = _steps(desk)
    names = list(steps)
    for name, step in steps.items():
        branch.add_node(name, _ending(name, step, desk))  # type: ignore[call-overload]  # its stubs want a Runnable
    branch.add_edge(START, names[0])
    for name, following in pairwise([*names, END]):
        branch.add_conditional_edges(name, _go_on(following), [following, END])
    return branch.compile()


def _steps(desk: Desk) -> dict[str, Step]:
    steps = _Steps(desk)
    testing = {"test": steps.test, "revise": steps.revise} if desk.tester else {}
    return {
        "propose": steps.propose,
        **testing,
        "gather": steps.gather,
        "look up": steps.look_up,
        "review": steps.review,
        **({"want": steps.want} if desk.second_look else {}),
        **({"mark": steps.mark} if desk.second_look and desk.rules > 1 else {}),
        "score": steps.score,
    }


@dataclass(frozen=True)
class _Steps:
    """Each takes where a branch is and gives what it adds."""

    desk: Desk

    async def propose(self, state: Branch) -> Branch:
        desk = self.desk
        tools = [describe(tool) for tool in desk.toolbox.tools]
        brood, voice = state.get("brood"), state["perspective"]
        found = None if brood else await self._find(voice)
        if found is not None:
            proposal, author = await word_finding(desk.chat, desk.question, found, voice)
            return {"proposal": proposal, "author": author, "found_in_data": found.found}
        written = None if brood else await self._draft(voice)
        if written is not None:
            return {**written._asdict()}  # type: ignore[typeddict-item]  # its fields are a branch's
        answer = await propose(
            desk.chat,
            desk.question,
            desk.concepts,
            voice,
            tools,
            brood=brood,
            wanted=desk.wanted and desk.wanted.turned(voice.key),
        )
        return {"proposal": mark_references(answer.value), "author": answer.model}

    async def _draft(self, voice: Perspective) -> Written | None:
        """A hypothesis chosen among drafts; None where there is nothing to draft from or no draft is fit."""
        desk = self.desk
        wanted = desk.wanted and desk.wanted.turned(voice.key)
        if not desk.claims_first or wanted is None or not (wanted.measurable or wanted.quantities):
            return None
        try:
            return await Drafting(desk.chat, desk.question, voice, desk.tester, self._check).go(wanted)
        except StepFailed as error:
            desk.failed(error)
            return None

    async def _check(self, proposal: Proposal, voice: Perspective) -> Sequence[Check]:
        desk = self.desk
        if desk.checks is None:
            return []
        return await check_proposal(desk.question, proposal, voice, desk.toolbox, desk.checks)

    async def _find(self, voice: Perspective) -> Finding | None:
        """What an instrument's data show; None where a model is to propose."""
        wish, tester = self.desk.swept.get(voice.key), self.desk.tester
        return await tester.sweep(voice.key, wish) if wish and tester else None

    async def test(self, state: Branch) -> Branch:
        if self.desk.tester is None or "drafts" in state:
            return {}
        return {"tests": await self.desk.tester.test(state["proposal"], state["perspective"].key)}

    async def revise(self, state: Branch) -> Branch:
        if "drafts" in state:  # a refuted draft was drafted again
            return {}
        return await _revise(self.desk, state) if refuted(state["tests"]) else {}

    async def gather(self, state: Branch) -> Branch:
        return {"evidence": await _gather(self.desk, state["proposal"], state["perspective"].key)}

    async def look_up(self, state: Branch) -> Branch:
        desk, key = self.desk, state["perspective"].key
        if desk.surveyor is None:
            return {"literature": None}
        return {
            "literature": await look_up(
                desk.chat,
                self._submit(state),
                desk.toolbox,
                desk.surveyor,
                key,
                framework=state["perspective"].narrow,
            )
        }

    async def review(self, state: Branch) -> Branch:
        desk, key = self.desk, state["perspective"].key
        return {
            "readings": await review(
                desk.chat, self._submit(state), key, desk.reviewers, short=desk.short_reviews
            )
        }

    async def want(self, state: Branch) -> Branch:
        key = state["perspective"].key
        wanted = await _gather_wanted(self.desk, self._submit(state), state["readings"], key)
        return {"evidence": [*state["evidence"], *wanted]}

    async def mark(self, state: Branch) -> Branch:
        """What is reviewed is worth its score without second marks."""
        key, readings = state["perspective"].key, state["readings"]
        try:
            return {"readings": await mark_again(self.desk.chat, self._submit(state), readings, key)}
        except (BudgetSpent, EndpointError, ReplayMiss) as error:
            self.desk.failed(error)
            return {}

    async def score(self, state: Branch) -> Branch:
        hypothesis = await _score(self.desk, state)
        self.desk.finished(hypothesis)
        return {"outcomes": [hypothesis]}

    def _submit(self, state: Branch) -> Submission:
        tests = state.get("tests", [])
        return Submission(self.desk.question, state["proposal"], state["evidence"], tests)


async def _revise(desk: Desk, state: Branch) -> Branch:
    """A hypothesis whose author cannot revise it stays as it is, refuted."""
    tester, proposal, tests = desk.tester, state["proposal"], state["tests"]
    if tester is None:
        return {}
    try:
        answer = await revise(
            desk.chat, desk.question, proposal, tests, state["perspective"].key, typed=desk.typed
        )
    except StepFailed:
        return {}
    again = await tester.test_revised(answer.value, refuted(tests))
    return {"proposal": answer.value, "refuted_form": proposal, "tests": [*tests, *again]}


async def _gather(desk: Desk, proposal: Proposal, key: str) -> list[Evidence]:
    """A model that cannot plan calls may still have a hypothesis worth reading."""
    searched = {tool.name for tool in desk.toolbox.tools} <= {LiteratureSearch.name}
    if desk.claims_first and desk.surveyor and searched:
        return []  # the claim is looked up anyway: a small model's query adds little for its tokens
    try:
        return await gather(desk.chat, proposal, desk.toolbox, key)
    except StepFailed as error:
        return [Evidence(source="plan", error=error.reason)]


async def _gather_wanted(
    desk: Desk, submission: Submission, readings: Sequence[Reading], key: str
) -> list[Evidence]:
    """What is reviewed is worth its score without what reviewers would like to add."""
    try:
        return await gather_wanted(desk.chat, submission, readings, desk.toolbox, key)
    except (BudgetSpent, EndpointError, ReplayMiss) as error:
        desk.failed(error)
        return []


async def _score(desk: Desk, state: Branch) -> Hypothesis:
    subject = Subject(
        desk.question, desk.concepts, state["perspective"], state["proposal"], state["evidence"]
    )
    if desk.checks is None:
        checks = run_checks(subject)
    else:
        own = await check_proposal(
            desk.question, subject.proposal, subject.perspective, desk.toolbox, desk.checks
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
        score=make_score(state["readings"], checks, tests if desk.tester else None),
        origin=brood.origin if brood else Origin(),
        literature=state["literature"],
        tests=tests,
        refuted_form=state.get("refuted_form"),
        drafts=state.get("drafts", []),
        found_in_data=state.get("found_in_data"),
    )
    if desk.cards is None:
        return hypothesis
    concepts = [concept.uri for concept in desk.concepts]
    card = await make_card(hypothesis, desk.question, concepts, desk.toolbox, desk.cards)
    return hypothesis.model_copy(update={"problem": card})


def _ending(name: str, step: Step, desk: Desk) -> Step:
    """The step, with its foreseen failures turned into the branch's outcome: the others go on."""

    async def run(state: Branch) -> Branch:
        try:
            return await step(state)
        except (StepFailed, BudgetSpent, EndpointError, ReplayMiss) as error:
            desk.failed(error)
            failure = Failure(perspective=state["perspective"], step=name, reason=str(error))
            desk.finished(failure)
            return {"outcomes": [failure]}

    return run


def _go_on(following: str) -> Callable[[Branch], str]:
    from langgraph.graph import END

    return lambda state: END if state.get("outcomes") else following
