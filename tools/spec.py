"""What a tool is. One folder with a `ToolSpec`, named in `tools/registry.py`, and it stands at every door.

Agents' offers, evidence digests, checks, REST, MCP, the command line, `doctor`, the page and the tables in
the documentation iterate over the tools. Another's package joins by an entry point (`tools.registry`).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from tools.views import Block, plain_blocks, plain_sentences

Arguments = TypeVar("Arguments", bound=BaseModel)
Result = TypeVar("Result", bound=BaseModel)
SURE = 3  # of the routed concepts: the score of those behind says little


class Tool(Protocol):
    """The part of a tool that runs: typed arguments in, a typed result with units out."""

    @property
    def name(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def arguments(self) -> type[BaseModel]: ...
    @property
    def version(self) -> str: ...

    def run(self, arguments: Any, /) -> BaseModel:  # noqa: ANN401 - an object of `arguments`
        """Raises ToolError, never returns a guess."""


class Labelled(Protocol):
    """A concept with its name."""

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Scene:
    """What decides which tools fit a run."""

    question: str
    concepts: Sequence[Labelled]
    literature: bool = False  # the run searches a library or sources

    @property
    def text(self) -> str:
        """The question, with the names of the concepts that it surely touches."""
        return "; ".join([self.question, *(concept.label for concept in self.concepts[:SURE])])


class ToolSpec(ABC, Generic[Arguments, Result]):
    """A tool and all that a door needs of it. Light to import: `run` and `view` import the science."""

    name: str
    """Unique and stable: it stands in runs, addresses and commands."""
    title: str
    """As a person calls it, without an article: "defect model"."""
    purpose: str
    """What it computes, with units; models and people read it to choose a tool."""
    when: str
    """When it is offered, in words."""
    arguments: type[Arguments]
    result: type[Result]
    example: str = ""
    """Arguments as JSON that work and take seconds: `hypofind run NAME` shows them."""
    extra: str | None = None
    """The optional dependency group of this project that it needs."""
    cheap: bool = False
    """Whether it answers in an instant: it then waits for no other tool."""
    for_small_models: bool = True
    """Whether a small model is offered it: such a one chooses nearly at random among tools that only help."""
    for_judges: bool = True
    """Whether judges see what it says. What a search finds is text, and no result."""
    mcp_name: str | None = None
    """The name that assistants know it by, where that is another."""
    cli: str | None = None
    """Its own Typer app, as "package.module:app"; `hypofind run` serves every tool."""

    @property
    @abstractmethod
    def version(self) -> str:
        """Changes when an answer could."""

    @abstractmethod
    def fits(self, scene: Scene) -> bool:
        """Return whether agents that answer this question may call it."""

    @abstractmethod
    def run(self, arguments: Arguments) -> Result:
        """Raises ToolError, never returns a guess."""

    def covers(self, text: str) -> bool:  # noqa: ARG002 - for those that override it
        """Return whether a hypothesis with this text ought to carry a result of this tool."""
        return False

    def digest(self, result: Result) -> str | None:  # noqa: ARG002 - as above
        """Return one line of numbers and names for those who judge; None: the JSON without its sentences."""
        return None

    def tell(self, arguments: Arguments) -> tuple[str, ...]:
        """Return what was asked, in sentences. Raises nothing."""
        return plain_sentences(arguments.model_dump(mode="json"))

    def view(self, arguments: Arguments, result: Result) -> tuple[Block, ...]:  # noqa: ARG002 - as above
        """Return what a person sees, without pictures whose packages are missing. Raises nothing."""
        return plain_blocks(result.model_dump(mode="json"))


AnyTool: TypeAlias = ToolSpec[Any, Any]
