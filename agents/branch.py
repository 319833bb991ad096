"""One perspective on its way to a hypothesis: propose, gather, look up, review, want, score."""

import operator
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from agents.checks import Subject, run_checks
from agents.errors import AgentsError, BudgetSpent, EndpointError, ReplayMiss, StepFailed
from agents.evolve import Brood
from agents.gather import describe, gather, gather_wanted
from agents.literature import Surveyor, look_up
from agents.model import Chat
from agents.propose import propose
from agents.references import mark_references
from agents.review import Submission, review
from agents.schema import (
    Evidence,
    Failure,
    Hypothesis,
    Literature,
    Origin,
    Perspective,
    Proposal,
    Reading,
    ScoredConcept,
)
from agents.score import make_score
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


class Branch(TypedDict, total=False):
    """Where a branch is. Once it has an outcome it goes no further."""

    perspective: Perspective
    brood: Brood
    proposal: Proposal
    author: str
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
    async def propose_step(state: Branch) -> Branch:
        tools = [describe(tool) for tool in desk.toolbox.tools]
        brood, voice = state.get("brood"), state["perspective"]
        answer = await propose(desk.chat, desk.question, desk.concepts, voice, tools, brood=brood)
        return {"proposal": mark_references(answer.value), "author": answer.model}

    async def gather_step(state: Branch) -> Branch:
        return {"evidence": await _gather(desk, state["proposal"], state["perspective"].key)}

    async def look_up_step(state: Branch) -> Branch:
        if desk.surveyor is None:
            return {"literature": None}
        found = await look_up(desk.chat, submit(state), desk.toolbox, desk.surveyor, state["perspective"].key)
        return {"literature": found}

    async def review_step(state: Branch) -> Branch:
        return {"readings": await review(desk.chat, submit(state), state["perspective"].key, desk.reviewers)}

    async def want_step(state: Branch) -> Branch:
        wanted = await _gather_wanted(desk, submit(state), state["readings"], state["perspective"].key)
        return {"evidence": [*state["evidence"], *wanted]}

    async def score_step(state: Branch) -> Branch:
        hypothesis = _score(desk, state)
        desk.finished(hypothesis)
        return {"outcomes": [hypothesis]}

    def submit(state: Branch) -> Submission:
        return Submission(desk.question, state["proposal"], state["evidence"])

    return {
        "propose": propose_step,
        "gather": gather_step,
        "look up": look_up_step,
        "review": review_step,
        "want": want_step,
        "score": score_step,
    }


async def _gather(desk: Desk, proposal: Proposal, key: str) -> list[Evidence]:
    """A model that cannot plan calls may still have a hypothesis worth reading."""
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


def _score(desk: Desk, state: Branch) -> Hypothesis:
    subject = Subject(
        desk.question, desk.concepts, state["perspective"], state["proposal"], state["evidence"]
    )
    checks = run_checks(subject)
    brood = state.get("brood")
    return Hypothesis(
        perspective=state["perspective"],
        model=state["author"],
        proposal=state["proposal"],
        evidence=state["evidence"],
        readings=state["readings"],
        checks=checks,
        score=make_score(state["readings"], checks),
        origin=brood.origin if brood else Origin(),
        literature=state["literature"],
    )


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
