"""Where a run's tools look things up, handed in from above. A replay runs no tool and needs none of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from retrieval.passage import Passage, Work

if TYPE_CHECKING:
    from physh import Embedder, Ontology, Router


class Hit(Protocol):
    """A passage of the library, and how well it fits a query."""

    @property
    def passage(self) -> Passage: ...


class Library(Protocol):
    """The user's own documents."""

    def search(self, query: str, limit: int, concepts: Collection[str] | None = None, /) -> Sequence[Hit]:
        """Raises RetrievalError. With `concepts`, only passages that touch one of these URIs."""
        ...


class Asked(Protocol):
    """How one source was asked, and whether it answered."""

    @property
    def source(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def found(self) -> int: ...
    @property
    def error(self) -> str | None: ...


class Found(Protocol):
    """Works, without doubles, and the searches that gave them."""

    @property
    def works(self) -> Sequence[Work]: ...
    @property
    def searches(self) -> Sequence[Asked]: ...


@dataclass(frozen=True)
class Places:
    """What is None is not there."""

    ontology: "Ontology | None" = None
    router: "Router | None" = None
    embedder: "Callable[[], Embedder] | None" = None
    library: Library | None = None
    sources: Callable[[str, int], Found] | None = None  # query and limit to what all chosen sources have
