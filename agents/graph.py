"""The wiring, and only that: every perspective is a branch of its own, and all branches run at once.

    START ─▶ branch × k (propose ─▶ gather ─▶ review ─▶ score) ─▶ END

How many model calls are in flight is bounded in `Chat`, not here, so that a slow review holds up no proposal.
"""

import operator
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from agents.checks import Subject, run_checks
from agents.errors import AgentsError, BudgetSpent, EndpointError, ReplayMiss, StepFailed
from agents.gather import describe, gather
from agents.model import Chat
from agents.propose import propose
from agents.review import Submission, review
from agents.schema import Evidence, Failure, Hypothesis, Perspective, Proposal, Reading, ScoredConcept
from agents.score import make_score
from agents.toolbox import Toolbox

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

Outcome = Hypothesis | Failure


@dataclass(frozen=True)
class Work:
    """What every branch of a run shares."""

    chat: Chat
    question: str
    concepts: Sequence[ScoredConcept]
    toolbox: Toolbox
    reviewers: int
    finished: Callable[[Outcome], None]
    failed: Callable[[AgentsError], None]


class Branch(TypedDict, total=False):
    """One perspective on its way. Once it has an outcome it goes no further."""

    perspective: Perspective
    proposal: Proposal
    author: str
    evidence: list[Evidence]
    readings: list[Reading]
    outcomes: Annotated[list[Outcome], operator.add]


class Outcomes(TypedDict):
    outcomes: Annotated[list[Outcome], operator.add]


class Fan(Outcomes):
    perspectives: list[Perspective]


Step = Callable[[Branch], Awaitable[Branch]]


def build_graph(work: Work) -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The compiled graph: invoke it with `perspectives`, get `outcomes`, one for each."""
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import Send

    def fan_out(state: Fan) -> list[Send]:
        return [Send("branch", {"perspective": perspective}) for perspective in state["perspectives"]]

    graph = StateGraph(Fan, output_schema=Outcomes)
    graph.add_node("branch", _build_branch(work))
    graph.add_conditional_edges(START, fan_out, ["branch"])
    graph.add_edge("branch", END)
    return graph.compile()


def _build_branch(work: Work) -> "CompiledStateGraph[Any, Any, Any, Any]":
    from langgraph.graph import END, START, StateGraph

    branch = StateGraph(Branch, output_schema=Outcomes)
    steps = _steps(work)
    names = list(steps)
    for name, step in steps.items():
        branch.add_node(name, _ending(name, step, work))  # type: ignore[call-overload]  # its stubs want a Runnable
    branch.add_edge(START, names[0])
    for name, following in pairwise([*names, END]):
        branch.add_conditional_edges(name, _go_on(following), [following, END])
    return branch.compile()


def _steps(work: Work) -> dict[str, Step]:
    async def propose_step(state: Branch) -> Branch:
        tools = [describe(tool) for tool in work.toolbox.tools]
        answer = await propose(work.chat, work.question, work.concepts, state["perspective"], tools)
        return {"proposal": answer.value, "author": answer.model}

    async def gather_step(state: Branch) -> Branch:
        return {
            "evidence": await gather(work.chat, state["proposal"], work.toolbox, state["perspective"].key)
        }

    async def review_step(state: Branch) -> Branch:
        submission = Submission(work.question, state["proposal"], state["evidence"])
        return {"readings": await review(work.chat, submission, state["perspective"].key, work.reviewers)}

    async def score_step(state: Branch) -> Branch:
        hypothesis = _score(work, state)
        work.finished(hypothesis)
        return {"outcomes": [hypothesis]}

    return {"propose": propose_step, "gather": gather_step, "review": review_step, "score": score_step}


def _score(work: Work, state: Branch) -> Hypothesis:
    subject = Subject(
        work.question, work.concepts, state["perspective"], state["proposal"], state["evidence"]
    )
    checks = run_checks(subject)
    return Hypothesis(
        perspective=state["perspective"],
        model=state["author"],
        proposal=state["proposal"],
        evidence=state["evidence"],
        readings=state["readings"],
        checks=checks,
        score=make_score(state["readings"], checks),
    )


def _ending(name: str, step: Step, work: Work) -> Step:
    """The step, with its foreseen failures turned into the branch's outcome: the others go on."""

    async def run(state: Branch) -> Branch:
        try:
            return await step(state)
        except (StepFailed, BudgetSpent, EndpointError, ReplayMiss) as error:
            work.failed(error)
            failure = Failure(perspective=state["perspective"], step=name, reason=str(error))
            work.finished(failure)
            return {"outcomes": [failure]}

    return run


def _go_on(following: str) -> Callable[[Branch], str]:
    from langgraph.graph import END

    return lambda state: END if state.get("outcomes") else following
