"""One file a kind of file. To read another kind, write a reader and add it to READERS."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from retrieval.library.document import Reading
from retrieval.library.readers import bibtex, pdf, plain, ris

__all__ = ["READERS", "Reader", "find_reader"]


class Reader(NamedTuple):
    """`read` takes a file and its name in the library. It raises ValueError, with the reason."""

    suffixes: tuple[str, ...]
    read: Callable[[Path, str], Reading]


READERS = (
    Reader((".pdf",), pdf.read),
    Reader((".bib", ".bibtex"), bibtex.read),
    Reader((".ris",), ris.read),
    Reader((".txt", ".text", ".md", ".markdown"), plain.read),
)


def find_reader(path: Path) -> Reader | None:
    return next((reader for reader in READERS if path.suffix.lower() in reader.suffixes), None)
