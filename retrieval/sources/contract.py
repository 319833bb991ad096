"""What a literature service must be able to do."""

from typing import ClassVar, Protocol

from retrieval.passage import Work
from retrieval.web import ServiceSite, Web


class Source(Protocol):
    """A service that searches titles and abstracts."""

    name: ClassVar[str]
    title: ClassVar[str]
    site: ClassVar[ServiceSite]

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        """Return at most `limit` works that fit any of the words, best first. Raises SourceUnavailable.

        `query` is plain words with single spaces between them, as `retrieval.sources.wording.keywords` gives.
        """
        ...
