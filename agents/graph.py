"""The wiring, and only that: every perspective is a branch of its own, and all branches run at once.

    START ─▶ branch × k ─▶ merge ─▶ compete ─┬─▶ child × n ─▶ compete again ─┬─▶ overview ─▶ END
             (propose ─▶ gather ─▶ …)        └───────────────────────────────┘

How many model calls are in flight is bounded in `Chat`, not here, so that a slow review holds up no proposal.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from agents.branch import Desk, Outcomes, build_branch
from agents.evolve import Brood
from agents.schema import Perspective
from agents.stages import Stages

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph


class Walk(Outcomes):
    """What the nodes hand on; what they find stands in `Stages.results`."""

    perspectives: list[Perspective]
    broods: list[Brood]


Node = Callable[[Walk], Awaitable[dict[str, Any]]]


def build_graph(desk: Desk, stages: Stages) -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The compiled graph: invoke it with `perspectives`."""
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(Walk, output_schema=Outcomes)
    branch = build_branch(desk)
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
    async def merge(_state: Walk) -> dict[str, Any]:
        await stages.merge()
        return {}

    async def compete(_state: Walk) -> dict[str, Any]:
        await stages.compete()
        return {"broods": stages.breed()}

    async def compete_again(_state: Walk) -> dict[str, Any]:
        await stages.compete()
        return {}

    async def overview(_state: Walk) -> dict[str, Any]:
        await stages.overview()
        return {}

    return {"merge": merge, "compete": compete, "compete again": compete_again, "overview": overview}


def _speak(state: Walk) -> list[Any]:
    from langgraph.types import Send

    return [Send("branch", {"perspective": perspective}) for perspective in state["perspectives"]]


def _descend(state: Walk) -> list[Any] | str:
    from langgraph.types import Send

    children = [
        Send("child", {"perspective": brood.perspective, "brood": brood}) for brood in state["broods"]
    ]
    return children or "overview"
