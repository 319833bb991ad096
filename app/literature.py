"""The user's library and the services, as the settings have them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from retrieval import MiniLM
    from retrieval.library import Library
    from retrieval.sources import Found

Label = Callable[[str], tuple[str, ...]]


def has_library(settings: Settings) -> bool:
    return settings.literature.library and settings.paths.library.is_dir()


def open_shelves(settings: Settings, offline: "MiniLM", label: Label | None = None) -> "Library":
    """The library with the embeddings and the server that are set. Raises LibraryError."""
    from retrieval.embeddings_remote import RemoteEmbedder
    from retrieval.library import Server, open_library

    ours = settings.literature
    chosen = ours.embeddings
    embedder = RemoteEmbedder(chosen.name, chosen.base_url, chosen.key) if chosen.name else offline
    server = Server(ours.server_host, ours.server_port) if ours.server_host else None
    return open_library(settings.paths.library, embedder, label, server)


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
