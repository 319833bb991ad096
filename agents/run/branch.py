"""What every branch of a run shares, and the state that one branch carries from step to step."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypedDict

from agents.checks.recorded import TextChecks
from agents.errors import AgentsError
from agents.experiments.laboratory import SweepRequest
from agents.experiments.tester import Tester
from agents.literature import Surveyor
from agents.model import Chat
from agents.problem_cards.card import CardMaker
from agents.run.events import Outcome
from agents.schema import (
    ClaimTest,
    DraftClaim,
    Evidence,
    FoundInData,
    Literature,
    Perspective,
    Proposal,
    Reading,
    ScoredConcept,
)
from agents.steps.evolve import Brood
from agents.steps.propose import ClaimRequest
from agents.toolbox import Toolbox


@dataclass(frozen=True)
class RunContext:
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
    claim_request: ClaimRequest | None = None  # none: a claim without numbers
    swept: Mapping[str, SweepRequest] = field(default_factory=dict)  # perspectives that are filled from data
    checks: TextChecks | None = None  # none: those of runs before checks were recorded
    cards: CardMaker | None = None  # none: as in runs before there were problem cards
    rules: int = 1  # version of what reviewers and judges are shown
    second_look: bool = True  # reviewers may ask for tools and mark again
    claims_first: int = 0  # version of how authors draft claims and tests choose among them; 0: they do not
    short_reviews: bool = False

    @property
    def typed(self) -> bool:
        return self.claim_request is not None and self.claim_request.typed


class BranchState(TypedDict, total=False):
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
