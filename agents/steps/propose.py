"""One perspective proposes one hypothesis.

A capable model fills in the whole claim. A small one chooses from pairs of quantities that an instrument has,
and writes no numbers beside its prose: they are derived (`agents.experiments.claims`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, create_model

import prompts
from agents.checks.quantities import find_quantities
from agents.model import Answer, Chat
from agents.perspectives.choosing_voices import said_use
from agents.perspectives.far import SEEN
from agents.schema import (
    BareClaim,
    BareRepresentation,
    Claim,
    Distance,
    Measurable,
    Perspective,
    Proposal,
    ScalarQuantity,
    ScoredConcept,
    Strict,
)
from agents.steps.evolve import Brood

MOST_TOKENS = 1100  # a full proposal takes 500 to 800; past this a small model is in a loop
MOST_TYPED = 1900  # with one or two claims and a representation as fields
MOST_EXAMPLES = 3
MOST_OFFERED = 4  # to a small model


@dataclass(frozen=True)
class ClaimRequest:
    """How a claim is to be written."""

    typed: bool = False  # all fields
    measurable: Sequence[Measurable] = ()  # pairs of quantities that can be tested
    quantities: Sequence[ScalarQuantity] = ()  # where there are no such pairs
    dealt: Sequence[str] = ()  # perspectives that have pairs of their own; none: as runs once did

    def turned(self, key: str) -> "ClaimRequest":
        """Other pairs for each perspective: a small model likes the first best, and so do the tests."""
        pairs = self._deal(key) or (self.measurable if self.typed else self._turn(key)[:MOST_OFFERED])
        return ClaimRequest(typed=self.typed, measurable=pairs, quantities=self.quantities)

    def _deal(self, key: str) -> Sequence[Measurable]:
        if key not in self.dealt:
            return []
        return self.measurable[self.dealt.index(key) :: len(self.dealt)][:MOST_OFFERED]

    def _turn(self, key: str) -> Sequence[Measurable]:
        pairs, number = list(self.measurable), int("".join(filter(str.isdigit, key)) or 0)
        start = (number - 1) * MOST_OFFERED % max(len(pairs), 1)
        return pairs[start:] + pairs[:start]


async def propose(
    chat: Chat,
    question: str,
    concepts: Sequence[ScoredConcept],
    perspective: Perspective,
    tools: Sequence[str],
    *,
    brood: Brood | None = None,
    request: ClaimRequest | None = None,
) -> Answer[Proposal]:
    """With `brood`, a new hypothesis is made of others. Raises StepFailed, BudgetSpent or EndpointError."""
    request = request or ClaimRequest()
    prompt = prompts.load("propose").render(
        question=question,
        concepts=[concept.label for concept in concepts],
        role=perspective.role,
        discipline=perspective.discipline.label,
        broad=perspective.broad.label,
        narrow=perspective.narrow.label,
        far=perspective.distance is Distance.FAR,
        analogy=perspective.reason.partition(SEEN)[0],
        use=said_use(perspective),
        tools=list(tools),
        measurable=[_offer(pair, request) for pair in request.measurable],
        typed=request.typed,
        scalars=example_quantities(question, concepts, request.measurable),
        parents=brood.texts if brood else [],
        task=brood.task if brood else "",
    )
    step = "evolve" if brood else "propose"
    limit = MOST_TYPED if request.typed else MOST_TOKENS
    answer = await chat.ask(step, prompt, draft_type(request), who=perspective.key, max_tokens=limit)
    return Answer(read_draft(answer.value, request.measurable), answer.model)


def example_quantities(
    question: str, concepts: Sequence[ScoredConcept], measurable: Sequence[Measurable]
) -> list[str]:
    """Return scalar quantities that the question offers: an example of other physics would be copied."""
    named = find_quantities("; ".join([question, *(concept.label for concept in concepts)]))
    offered = [label for pair in measurable for label in (pair.response, pair.cause)]
    return list(dict.fromkeys([*(mention.name for mention in named), *offered]))[:MOST_EXAMPLES]


def draft_type(request: ClaimRequest) -> type[BaseModel]:
    """A proposal with only those fields of its claim that are wanted."""
    return Proposal if request.typed else _draft_type(tuple(pair.text for pair in request.measurable))


@lru_cache(maxsize=32)  # one a question: a service would fill its memory with classes
def _draft_type(pairs: tuple[str, ...]) -> type[BaseModel]:
    claim: type[BaseModel] = BareClaim
    if pairs:
        choice: Any = Literal[pairs]
        bare = _fields(BareClaim)
        kept = {name: bare[name] for name in ("system", "relation")}
        claim = create_model("ChosenClaim", __base__=Strict, measured=(choice, ...), **kept)
    rest = {name: field for name, field in _fields(Proposal).items() if name not in ("claim", "second")}
    rest["representation"] = (
        BareRepresentation,
        ...,
    )  # a small model writes no types: they follow from its claim
    return create_model("Draft", __base__=Strict, __doc__=Proposal.__doc__, claim=(claim, ...), **rest)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {name: (field.annotation, field) for name, field in model.model_fields.items()}


def read_draft(draft: BaseModel, measurable: Sequence[Measurable]) -> Proposal:
    """The proposal that a draft stands for: a chosen pair of quantities is its cause and response."""
    fields: dict[str, Any] = draft.model_dump(mode="json")
    chosen = fields["claim"].pop("measured", None)
    pair = next((pair for pair in measurable if pair.text == chosen), None)
    if pair:
        fields["claim"] |= quantities_of(pair)
    known = {pair.instrument for pair in measurable}
    proposal = Proposal.model_validate(fields)
    claims = [_checked(claim, known) for claim in proposal.claims]
    return proposal.model_copy(update=dict(zip(("claim", "second"), claims, strict=False)))


def quantities_of(pair: Measurable) -> dict[str, str]:
    """Return the fields of a claim about a pair that an instrument has."""
    return {
        "cause": pair.cause,
        "response": pair.response,
        "cause_unit": pair.cause_unit,
        "response_unit": pair.response_unit,
        "instrument": pair.instrument,
    }


def _checked(claim: Claim, known: set[str]) -> Claim:
    """No instrument that was not offered: which one tests the rest is found by its quantities."""
    return claim if claim.instrument in known else claim.model_copy(update={"instrument": None})


def _offer(pair: Measurable, request: ClaimRequest) -> str:
    if not request.typed:
        return pair.text
    units = f"{pair.cause} in {pair.cause_unit}, {pair.response} in {pair.response_unit}"
    return f"{pair.text}; {units} [{pair.instrument}]"
