"""The user's own papers, notes and bibliographies, searched by meaning and by words."""

from retrieval.library.chunks import passage_key
from retrieval.library.files import Added, FileOutcome, FileStatus
from retrieval.library.library import DumpReader, HeldWork, Library, open_library
from retrieval.library.vectors import Server
from retrieval.ranking import Embedder, Hit, rerank

__all__ = [
    "Added",
    "DumpReader",
    "Embedder",
    "FileOutcome",
    "FileStatus",
    "HeldWork",
    "Hit",
    "Library",
    "Server",
    "open_library",
    "passage_key",
    "rerank",
]
