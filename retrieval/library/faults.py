"""What the library's files do wrong, in one line: who reads it learns what to free or to build again."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import LibraryDamaged, LibraryError, LibraryNotStored, LibraryUnreachable

READ_ONLY = re.compile(r"read-?only|permission denied|code: 8\)|os error (13|30)\b", re.IGNORECASE)
FULL = re.compile(
    r"disk is full|no space left|quota|file too large|code: (13|778)\)|ioerr_write|os error (27|28|122)\b",
    re.IGNORECASE,
)
REBUILD = "remove this folder and add your files again"


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raises LibraryError for what sqlite3, chromadb and the operating system raise inside."""
    try:
        yield
    except LibraryError:
        raise
    except (sqlite3.Error, OSError) as error:
        raise explain(folder, error) from error
    except BaseException as error:
        # chromadb raises its own tree, its client httpx's, and its Rust core a panic that is no Exception
        origin = type(error).__module__
        if origin.startswith("httpx"):
            raise LibraryUnreachable(
                f"the chromadb server of the library in {folder} does not answer: start it, or set none"
            ) from error
        if not origin.startswith(("chromadb", "pyo3")):
            raise
        raise explain(folder, error) from error


def explain(folder: Path, error: BaseException) -> LibraryError:
    named = getattr(error, "sqlite_errorname", "")  # says more than "disk I/O error"
    reason = " ".join(f"{error} {named}".split())[:150]
    if READ_ONLY.search(reason):
        return LibraryNotStored(
            f"the library in {folder} cannot be written: allow it, or choose another folder for the library"
        )
    if FULL.search(reason):
        return LibraryNotStored(
            f"the disk with the library in {folder} is full: free some, or choose another folder for it; "
            "what was added before is kept"
        )
    return damaged(folder, reason)


def damaged(folder: Path, reason: str) -> LibraryDamaged:
    return LibraryDamaged(f"the library in {folder} is damaged ({reason}): {REBUILD}")
