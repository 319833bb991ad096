"""The user's library and the services, as the settings have them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from retrieval.sources import Found

    from physh import Router
    from retrieval import MiniLM
    from retrieval.library import Library

SURE = 0.3  # score from which a passage is taken to touch a concept
MOST_CONCEPTS = 5  # of one passage


def has_library(settings: Settings) -> bool:
    return settings.literature.library and settings.paths.library.is_dir()


def open_own_library(settings: Settings, embedder: "MiniLM", router: "Router") -> "Library":
    """Passages that are added are labelled with the PhySH concepts they touch. Raises LibraryError."""
    from retrieval.library import open_library

    return open_library(settings.paths.library, embedder, lambda text: _touched(router, text))


def _touched(router: "Router", text: str) -> tuple[str, ...]:
    from physh import PhyshError

    try:
        found = router.route(text, MOST_CONCEPTS).concepts
    except PhyshError:  # there is no word in it
        return ()
    return tuple(concept.uri for concept in found if concept.score >= SURE)


def open_sources(settings: Settings, names: Sequence[str]) -> "Callable[[str, int], Found] | None":
    """Asks the services named; None where none is. Raises RetrievalError for a wrong mail or key."""
    if not names:
        return None
    from retrieval.sources import SITES, search_all
    from retrieval.web import Web

    ours = settings.literature
    key = ours.semantic_scholar_key
    keys = {"semantic_scholar": key.get_secret_value()} if key else {}
    web = Web(settings.paths.cache, SITES, mail=ours.mail, keys=keys)
    return lambda query, limit: search_all(names, query, limit, web, datetime.now(UTC))
