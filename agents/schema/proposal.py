"""What a model writes when it proposes: filled in through the JSON schema. Nothing here decides a rank."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from agents.schema.base import Prose, ProseList
from tools.strict import Strict


class Representation(Strict):
    """The formalism that a hypothesis is written in."""

    objects: ProseList = Field(description="the mathematical or physical objects it speaks of")
    formalism: Prose = Field(description="the formalism that joins them, with its governing relation")
    data_formats: ProseList = Field(description="how the objects are stored or measured as data")
    information_preserved: Prose = Field(description="what the representation keeps and what it discards")
    symmetries: ProseList = Field(description="symmetries and invariances that it respects")
    figure_of_merit: Prose = Field(description="the one quantity, with unit, by which success is judged")


class Relation(StrEnum):
    """How the response answers when the cause grows."""

    RISES = "rises"
    FALLS = "falls"
    PEAKS = "peaks"
    DIPS = "dips"
    JUMPS = "jumps at a threshold"
    OSCILLATES = "oscillates"
    STAYS = "stays the same"


class Claim(Strict):
    """What is said to depend on what: the hypothesis, stripped to what can be compared and tested."""

    system: Prose = Field(description="one material or system that it is claimed for")
    cause: Prose = Field(description="one quantity that is varied, with its unit")
    response: Prose = Field(description="one quantity that is measured, with its unit")
    relation: Relation = Field(description="how the response answers when the cause grows")


class Proposal(Strict):
    """A falsifiable hypothesis, as proposed from one perspective."""

    claim: Claim
    statement: Prose = Field(description="the hypothesis in one or two sentences")
    mechanism: Prose = Field(description="why it should be so: the causal chain")
    prediction: Prose = Field(description="what would be observed, with quantity, direction and size or unit")
    falsifier: Prose = Field(description="the observation that would prove it wrong, with its threshold")
    representation: Representation
    steps: Annotated[list[Prose], Field(min_length=3, max_length=6)] = Field(
        description="steps from building the formalism to comparing with experiment and refining"
    )
    summary: Prose = Field(description="two or three sentences for a reader in a hurry")
