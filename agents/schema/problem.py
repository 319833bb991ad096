"""What data could test a hypothesis, and what must be settled before a model is learned from them."""

from typing import Literal

from pydantic import Field

from tools.strict import Strict

Role = Literal["cause", "response", "asked for"]


class HeldQuantity(Strict):
    """A quantity of the claim, as a database calls and measures it."""

    asked: str
    role: Role
    name: str
    unit: str | None = Field(description='"1": a plain number; null: no number')


class DataOption(Strict):
    """A database or data set that could test the claim, from the registry that ships."""

    id: str
    title: str
    url: str = Field(pattern=r"^https?://[^\s<>\"`|]+$")
    holds: str
    origin: Literal["computed", "measured", "both"]
    held: list[HeldQuantity] = Field(description="quantities of the claim that its entry lists")
    lacks: list[str] = Field(description="those that it does not list")
    size: str | None = Field(default=None, description="as its source told it")
    access: str | None = None
    licence: str | None = Field(default=None, description="null: not known, look there")
    doi: str | None = None
    optimade: list[str] = Field(default_factory=list, description="its names as an OPTIMADE provider")
    likeness: float | None = Field(default=None, description="cosine of the meanings; null: not compared")


class StructureWish(Strict):
    """The structures of a claim's system, as databases that speak OPTIMADE are asked for them."""

    filter: str | None = Field(description="null: the system names no formula and no element")
    options: list[str] = Field(default_factory=list, description="for `hypofind data structures`")
    providers: list[str] = Field(default_factory=list, description="who could be asked, the best first")
    gap: str | None = Field(default=None, description="why there is no filter")


class DataFound(Strict):
    """Data that could test something."""

    options: list[DataOption] = Field(description="best first")
    structures: StructureWish
    searched: str = Field(description="among how many entries, and how")


class Statement(Strict):
    """One thing that is known, and from where."""

    text: str
    source: str = Field(description='"claim", "question", "author", "test", "registry", "representation"')


class Section(Strict):
    """One of five things that a physicist and a machine-learning person settle between them."""

    name: Literal["kind of model", "data set", "figure of merit", "physics intuition", "data transformation"]
    known: list[Statement]
    open: list[str] = Field(description="what is not settled; empty: nothing that a rule can see")


class ProblemCard(Strict):
    """A hypothesis as a problem of learning from data. Rules made it of what the run knows, no model."""

    direction: Literal["forward", "inverse"] = Field(
        description="forward: from system and cause to response; inverse: the question asks for the system"
    )
    explanatory: bool = Field(description="whether a formula or a tested instrument stands behind the claim")
    generic: bool = Field(description="whether it is claimed for more than one system")
    sections: list[Section] = Field(min_length=5, max_length=5)
    data: DataFound

    @property
    def gaps(self) -> int:
        return sum(len(section.open) for section in self.sections)
