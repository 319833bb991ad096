"""The wiring, and only that: every perspective is a branch of its own, and all branches run at once.

    START ─▶ branch × k ─▶ merge ─▶ compete ─┬─▶ child × n ─▶ compete again ─┬─▶ overview ─▶ END
             (propose ─▶ gather ─▶ …)        └───────────────────────────────┘

How many model calls are in flight is bounded in `Chat`, not here, so that a slow review holds up no proposal.
"""

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from agents.errors import BudgetSpent, EndpointError, ReplayMiss, StepFailed
from agents.run.branch import BranchState, Outcomes, RunContext
from agents.run.branch_steps import BranchSteps
from agents.run.stages import Stages
from agents.schema import Failure, Perspective
from agents.steps.evolve import Brood

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph


class GraphState(Outcomes):
    """What the nodes hand on; what they find stands in `Stages.results`."""

    perspectives: list[Perspective]
    broods: list[Brood]


Node = Callable[[GraphState], Awaitable[dict[str, Any]]]
Step = Callable[[BranchState], Awaitable[BranchState]]


def build_graph(context: RunContext, stages: Stages) -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The compiled graph: invoke it with `perspectives`."""
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(GraphState, output_schema=Outcomes)
    branch = build_branch(context)
    graph.add_node("branch", branch)
    graph.add_node("child", branch)
    for name, stage in _nodes(stages).items():
        graph.add_node(name, stage)  # type: ignore[call-overload]  # its stubs want a Runnable
    graph.add_conditional_edges(START, _speak, ["branch"])
    graph.add_edge("branch", "merge")
    graph.add_edge("merge", "compete")
    graph.add_conditional_edges("compete", _descend, ["child", "overview"])
    graph.add_edge("child", "compete again")
    graph.add_edge("compete again", "overview")
    graph.add_edge("overview", END)
    return graph.compile()


def _nodes(stages: Stages) -> dict[str, Node]:
    async def merge(_state: GraphState) -> dict[str, Any]:
        await stages.merge()
        return {}

    async def compete(_state: GraphState) -> dict[str, Any]:
        await stages.compete()
        return {"broods": stages.breed()}

    async def compete_again(_state: GraphState) -> dict[str, Any]:
        await stages.compete()
        return {}

    async def overview(_state: GraphState) -> dict[str, Any]:
        await stages.overview()
        return {}

    return {"merge": merge, "compete": compete, "compete again": compete_again, "overview": overview}


def _speak(state: GraphState) -> list[Any]:
    from langgraph.types import Send

    return [Send("branch", {"perspective": perspective}) for perspective in state["perspectives"]]


def _descend(state: GraphState) -> list[Any] | str:
    from langgraph.types import Send

    children = [
        Send("child", {"perspective": brood.perspective, "brood": brood}) for brood in state["broods"]
    ]
    return children or "overview"


def build_branch(context: RunContext) -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The compiled graph of one branch: takes a `perspective`, and a `brood` if it is made of others."""
    from langgraph.graph import END, START, StateGraph

    branch = StateGraph(BranchState, output_schema=Outcomes)
    steps = _steps(context)
    names = list(steps)
    for name, step in steps.items():
        branch.add_node(name, _ending(name, step, context))  # type: ignore[call-overload]  # its stubs want a Runnable
    branch.add_edge(START, names[0])
    for name, following in pairwise([*names, END]):
        branch.add_conditional_edges(name, _go_on(following), [following, END])
    return branch.compile()


def _steps(context: RunContext) -> dict[str, Step]:
    steps = BranchSteps(context)
    testing = {"test": steps.test, "revise": steps.revise} if context.tester else {}
    return {
        "propose": steps.propose,
        **testing,
        "gather": steps.gather,
        "look up": steps.look_up,
        "review": steps.review,
        **({"want": steps.want} if context.second_look else {}),
        **({"mark": steps.mark} if context.second_look and context.rules > 1 else {}),
        "score": steps.score,
    }


def _ending(name: str, step: Step, context: RunContext) -> Step:
    """The step, with its foreseen failures turned into the branch's outcome: the others go on."""

    async def run(state: BranchState) -> BranchState:
        try:
            return await step(state)
        except (StepFailed, BudgetSpent, EndpointError, ReplayMiss) as error:
            context.failed(error)
            failure = Failure(perspective=state["perspective"], step=name, reason=str(error))
            context.finished(failure)
            return {"outcomes": [failure]}

    return run


def _go_on(following: str) -> Callable[[BranchState], str]:
    from langgraph.graph import END

    return lambda state: END if state.get("outcomes") else following
