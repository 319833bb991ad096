"""What a model writes when it proposes: filled in through the JSON schema. Nothing here decides a rank."""

from typing import Annotated

from pydantic import Field

from agents.schema.base import Optional, Prose, ProseList, is_empty
from tools.experiments import CauseRange, Falsifier, Relation, ValueWithUnit
from tools.representation import Transform
from tools.strict import Strict


class BareRepresentation(Strict):
    """The formalism that a hypothesis is written in, in prose."""

    objects: ProseList = Field(description="the mathematical or physical objects it speaks of")
    formalism: Prose = Field(description="the formalism that joins them, with its governing relation")
    data_formats: ProseList = Field(description="how the objects are stored or measured as data")
    information_preserved: Prose = Field(description="what the representation keeps and what it discards")
    symmetries: ProseList = Field(description="symmetries and invariances that it respects")
    figure_of_merit: Prose = Field(description="the one quantity, with unit, by which success is judged")


class Representation(BareRepresentation):
    """The same, with what a machine checks of it. A field is null where it was not written."""

    typed: Optional[Transform] = Field(
        default=None,
        description="inputs and outputs with types and units, symmetries, what is lost; else null",
    )


class FixedQuantity(Strict):
    """One thing that is held fixed."""

    quantity: Prose = Field(description="the quantity or setting")
    value: Prose = Field(description="its value with unit, or its name")


class BareClaim(Strict):
    """What is said to depend on what: the hypothesis, stripped to what can be compared and tested."""

    system: Prose = Field(description="one material or system that it is claimed for")
    cause: Prose = Field(description="one quantity that is varied, with its unit")
    response: Prose = Field(description="one quantity that is measured, with its unit")
    relation: Relation = Field(description="how the response answers when the cause grows")


class Claim(BareClaim):
    """The same with what a computation needs. A field is null where the claim does not say it."""

    cause_unit: Optional[str] = Field(default=None, description="unit of the cause alone")
    response_unit: Optional[str] = Field(default=None, description="unit of the response alone")
    cause_range: Optional[CauseRange] = Field(
        default=None, description="from where to where the cause is varied"
    )
    held: Annotated[list[FixedQuantity], Field(max_length=4, exclude_if=is_empty)] = Field(
        default_factory=list, description="what is held fixed"
    )
    smallest_effect: Optional[ValueWithUnit] = Field(
        default=None, description="a smaller change of the response does not count"
    )
    exponent: Optional[float] = Field(default=None, description="of a power law, else null")
    position: Optional[CauseRange] = Field(
        default=None, description="where on the cause the extremum or threshold lies, else null"
    )
    falsifier: Optional[Falsifier] = Field(default=None, description="the number that would refute it")
    instrument: Optional[str] = Field(
        default=None, description="name of the instrument that was chosen for it, else null"
    )


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
    second: Optional[Claim] = Field(
        default=None, description="a second claim, where the question has two halves; else null"
    )

    @property
    def claims(self) -> list[Claim]:
        """The one or two that it makes."""
        return [self.claim, *([self.second] if self.second else [])]
