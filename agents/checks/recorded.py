"""The checks as a tool of ours: what it said is kept with the run, and a replay needs no rule of today."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from agents.checks.aids import Aids
from agents.checks.marking import mark_text
from agents.checks.text import read_proposal
from agents.prompt_injection import clear
from agents.schema import Check, ConceptRef, Perspective, Proposal, Strict
from agents.tool_context import ToolContext
from agents.toolbox import Toolbox
from tools import ToolError

if TYPE_CHECKING:
    from physh.atlas import Atlas

RELATED = 12


class ToMark(Strict):
    """A proposal, and the framework that it was asked for."""

    question: str
    framework: ConceptRef
    proposal: Proposal


class Marked(Strict):
    checks: list[Check] = Field(description="rules over the text; one that can tell nothing is absent")


class TextChecks:
    """The tool behind `check_proposal`. No model may call it: it is in no registry."""

    name = "checks"
    version = "3"
    purpose = "what rules say of a hypothesis's text"
    arguments: type[BaseModel] = ToMark

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def run(self, arguments: BaseModel) -> Marked:
        asked = ToMark.model_validate(arguments)
        text = read_proposal(asked.question, clear(asked.proposal))
        return Marked(checks=mark_text(text, self._aids(asked.framework)))

    @cached_property
    def _atlas(self) -> "Atlas":
        """The run's own, so that it is read once and says the same as when perspectives were chosen."""
        if self._context.router is not None:
            return self._context.router.atlas
        from physh import atlas

        return atlas.load()

    def _aids(self, framework: ConceptRef) -> Aids:
        context, known = self._context, self._atlas
        rarity = known.rarity
        try:
            embed = context.load_embedder().encode
        except ToolError:
            return Aids(rarity=rarity)
        if context.ontology is None:
            return Aids(embed=embed, rarity=rarity)
        concepts = context.ontology.concepts
        near = [uri for uri, _, _ in known.neighbours(framework.uri, RELATED) if uri in concepts]
        related = [concepts[uri].label for uri in near]
        return Aids(embed=embed, rarity=rarity, framework=framework.label, related=related)


async def check_proposal(
    question: str, proposal: Proposal, perspective: Perspective, toolbox: Toolbox, tool: TextChecks
) -> Sequence[Check]:
    """Return what rules found; nothing where the tool broke off.

    Raises ReplayMiss, or RunError if the result cannot be recorded.
    """
    asked = ToMark(question=question, framework=perspective.narrow, proposal=proposal)
    answer = await toolbox.use_own(tool, asked)
    return Marked.model_validate(answer.content).checks if answer.answered else []
