"""The user's library and the services, as the settings have them."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from retrieval import MiniLM
    from retrieval.library import DumpReader, Hit, Library
    from retrieval.sources import ServiceResults

SHIPPED = "shipped"  # among the sources: papers whose facts come with the program
PROJECT = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
Label = Callable[[str], tuple[str, ...]]


def has_library(settings: Settings) -> bool:
    return settings.literature.library and settings.paths.library.is_dir()


def project_library(settings: Settings, project: str | None) -> Path | None:
    """Return where the library of a project lies, beside the operator's own; None for no project.

    Raises ValueError for what cannot be a project's name, so that none names another folder.
    """
    if project is None:
        return None
    if not PROJECT.fullmatch(project):
        raise ValueError(f"{project[:80]!r} is no project's name")
    library = settings.paths.library
    return library.with_name(f"{library.name}-of-projects") / project


def open_shelves(
    settings: Settings,
    offline: "MiniLM",
    label: Label | None = None,
    dumps: "DumpReader | None" = None,
) -> "Library":
    """The library with the embeddings and the server that are set. Raises LibraryError."""
    from retrieval.embeddings_remote import RemoteEmbedder
    from retrieval.library import Server, open_library

    ours = settings.literature
    chosen = ours.embeddings
    embedder = RemoteEmbedder(chosen.name, chosen.base_url, chosen.key) if chosen.name else offline
    server = Server(ours.server_host, ours.server_port) if ours.server_host else None
    return open_library(settings.paths.library, embedder, label, server, dumps)


class ClosedShelves:
    """Stands for a library that cannot be opened: that it was not searched is told with every search."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def search(self, _query: str, _limit: int, _concepts: Collection[str] | None = None, /) -> "list[Hit]":
        """Raises LibraryError."""
        from retrieval.errors import LibraryError

        raise LibraryError(self._reason)


@contextmanager
def holding_shelves(
    settings: Settings, offline: "MiniLM", notice: Callable[[str], None]
) -> "Iterator[Library | ClosedShelves]":
    """The library, closed at the end. One that cannot be opened ends no run: it is told and goes unread."""
    from retrieval.errors import LibraryError

    with ExitStack() as stack:
        shelves: Library | ClosedShelves
        try:
            shelves = stack.enter_context(open_shelves(settings, offline))
        except LibraryError as error:
            shelves = ClosedShelves(str(error))
            notice(f"the library is not searched: {error}")
        yield shelves


def open_sources(
    settings: Settings, names: Sequence[str], offline: Callable[[], "MiniLM"]
) -> "Callable[[str, int], ServiceResults] | None":
    """Asks the papers that ship and the services named; None where none is.

    Raises RetrievalError for a wrong mail or key.
    """
    services = [name for name in names if name != SHIPPED]
    asked = [_open_services(settings, services)] if services else []
    if SHIPPED in names:
        asked.append(_open_shipped(offline))
    if len(asked) < 2:  # noqa: PLR2004 - nothing to join
        return asked[0] if asked else None
    from retrieval.sources import join

    return lambda query, limit: join([search(query, limit) for search in asked])


def _open_shipped(offline: Callable[[], "MiniLM"]) -> "Callable[[str, int], ServiceResults]":
    from retrieval.papers import load_papers, search_papers

    return lambda query, limit: search_papers(load_papers(), offline(), query, limit, datetime.now(UTC))


def _open_services(settings: Settings, names: Sequence[str]) -> "Callable[[str, int], ServiceResults]":
    from retrieval.sources import SITES, search_all
    from retrieval.web import Web

    ours = settings.literature
    given = {"semantic_scholar": ours.semantic_scholar_key, "openalex": ours.openalex_key}
    keys = {name: key.get_secret_value() for name, key in given.items() if key}
    web = Web(settings.paths.cache, SITES, mail=ours.mail, keys=keys)
    return lambda query, limit: search_all(names, query, limit, web, datetime.now(UTC))
