"""What a run's tools work with, handed in from above: where they look things up and are computed.

A replay needs none of it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from agents.experiments.laboratory import Laboratory
from retrieval.passage import Passage, Search, Work
from tools import ToolError

if TYPE_CHECKING:
    from physh import Ontology, Router, TextEmbedder
    from tools.runner import RunsTools


class PassageHit(Protocol):
    """A passage of the library, and how well it fits a query."""

    @property
    def passage(self) -> Passage: ...


class PassageSearch(Protocol):
    """The user's own documents."""

    def search(
        self, query: str, limit: int, concepts: Collection[str] | None = None, /
    ) -> Sequence[PassageHit]:
        """Raises RetrievalError. With `concepts`, only passages that touch one of these URIs."""
        ...


class LiteratureAnswer(Protocol):
    """Works, without doubles, and the searches that gave them."""

    @property
    def works(self) -> Sequence[Work]: ...
    @property
    def searches(self) -> Sequence[Search]: ...


@dataclass(frozen=True)
class ToolContext:
    """Fields are None when the resource is not configured."""

    ontology: "Ontology | None" = None
    router: "Router | None" = None
    embedder: "Callable[[], TextEmbedder] | None" = None
    library: PassageSearch | None = None
    sources: Callable[[str, int], LiteratureAnswer] | None = (
        None  # query and limit to what all chosen sources have
    )
    laboratory: Laboratory | None = None
    runner: "RunsTools | None" = None  # where tools are computed; None: in threads of this process

    def load_embedder(self) -> "TextEmbedder":
        """Raises ToolError if there is none."""
        if self.embedder is None:
            raise ToolError("the embedding model is not loaded here")
        return self.embedder()
