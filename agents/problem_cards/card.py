"""A hypothesis as a problem of learning from data: a card that rules fill from what the run knows.

It holds the five things that a physicist and a machine-learning person must settle between them before a
model is learned (`agents.problem_cards.sections`), and data that could test the claim. No model is asked.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from agents.experiments.claims import typed_claims
from agents.experiments.verdicts import effect_text, verdict_lines
from agents.problem_cards import sections
from agents.problem_cards.datasets import find_data, load_embed
from agents.schema import DataFound, Hypothesis, ProblemCard
from agents.tool_context import ToolContext
from agents.toolbox import Toolbox
from tools import ToolError
from tools.experiments import Relation, TypedClaim, Verdict

if TYPE_CHECKING:
    from retrieval.datasets import NeededQuantity
    from retrieval.datasets.search import Embed

_INVERSE = re.compile(
    r"\b(?:which|what|find|suggest|propose|design|discover|identify)\s+(?:\w+[\s-]){0,4}?(?:materials?|compounds?"
    r"|compositions?|alloys?|crystals?|structures?|molecules?|geometr\w+|designs?|dopants?)\b"
    r"|\binverse\b|\bdesign\b|\bmaximi[sz]\w*|\bminimi[sz]\w*|\boptimi[sz]\w*",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:all|every|any|class|famil\w+|compounds|alloys|materials|crystals|metals|oxides|semiconductors|glasses"
    r"|polymers|perovskites|superconductors|magnets|networks|liquids)\b",
    re.IGNORECASE,
)
LONGEST = 100  # characters of a quantity or a system


class CardMaker:
    """The tool behind `make_card`. No model may call it: it is in no registry."""

    name = "problem_card"
    version = "1"
    purpose = "a hypothesis as a problem of learning from data, and data that could test it"
    arguments: type[BaseModel] = sections.ToCard

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def run(self, arguments: BaseModel) -> ProblemCard:
        return fill_card(sections.ToCard.model_validate(arguments.model_dump()), load_embed(self._context))


async def make_card(
    hypothesis: Hypothesis, question: str, concepts: Sequence[str], toolbox: Toolbox, tool: CardMaker
) -> ProblemCard | None:
    """Return the card, recorded like a tool's result; None where the tool broke off.

    Raises ReplayMiss, or RunError if the result cannot be recorded.
    """
    answer = await toolbox.use_own(tool, describe(hypothesis, question, concepts))
    return ProblemCard.model_validate(answer.content) if answer.answered else None


def describe(hypothesis: Hypothesis, question: str, concepts: Sequence[str]) -> sections.ToCard:
    """Return what a card is made of."""
    tests = [test for test in hypothesis.standing_tests if test.verdict is not Verdict.OUTSIDE]
    result = tests[0].result if tests else None
    found = hypothesis.found_in_data
    return sections.ToCard(
        question=question,
        concepts=list(concepts),
        proposal=hypothesis.proposal,
        verdicts=verdict_lines(tests),
        instrument=result.experiment.instrument if result and result.experiment else None,
        effect=effect_text(result) if result else None,
        law=found.law if found else None,
    )


def fill_card(asked: sections.ToCard, embed: "Embed | None" = None) -> ProblemCard:
    """Return the card of a proposal; without `embed` its data are found by words and units."""
    from retrieval.errors import RetrievalError

    claims = [_brief(claim) for claim in typed_claims(asked.proposal)]
    try:
        data = _find(asked, claims, embed)
    except RetrievalError as error:
        raise ToolError(str(error)) from error
    first, inverse = claims[0], _INVERSE.search(asked.question) is not None
    explanatory = asked.law is not None or asked.instrument is not None or first.relation is Relation.SCALES
    generic = len({claim.system for claim in claims}) > 1 or _MANY.search(first.system) is not None
    return ProblemCard(
        direction="inverse" if inverse else "forward",
        explanatory=explanatory,
        generic=generic,
        sections=[
            sections.kind(asked, first, inverse=inverse, generic=generic),
            sections.data(data, first),
            sections.merit(asked, first),
            sections.intuition(asked, first),
            sections.transformation(asked.proposal),
        ],
        data=data,
    )


def _brief(claim: TypedClaim) -> TypedClaim:
    """The claim with names of a length that a line can hold: a model may write sentences in their place."""
    names = {name: getattr(claim, name) for name in ("system", "cause", "response")}
    return claim.model_copy(
        update={
            name: text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
            for name, text in names.items()
        }
    )


def _find(asked: sections.ToCard, claims: Sequence[TypedClaim], embed: "Embed | None") -> DataFound:
    first = claims[0]
    text = f"{first.system}: {first.response} against {first.cause}. {asked.proposal.statement}"
    return find_data(text, list(_quantities(claims)), first.system, concepts=asked.concepts, embed=embed)


def _quantities(claims: Sequence[TypedClaim]) -> "Iterator[NeededQuantity]":
    from retrieval.datasets import NeededQuantity

    seen = set()
    parts: tuple[tuple[Literal["cause", "response"], str, str], ...] = (
        ("cause", "cause", "cause_unit"),
        ("response", "response", "response_unit"),
    )
    for claim in claims:
        for role, name, unit in parts:
            quantity = NeededQuantity(name=getattr(claim, name), unit=getattr(claim, unit), role=role)
            if quantity not in seen:
                seen.add(quantity)
                yield quantity
