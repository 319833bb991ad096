"""One file a kind of file. To read another kind, write a reader and add it to READERS."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from retrieval.library.document import FileReading
from retrieval.library.readers import bibtex, pdf, plain, ris

__all__ = ["READERS", "FileReader", "find_reader"]


class FileReader(NamedTuple):
    """`read` takes a file and its name in the library. It raises ValueError, with the reason."""

    suffixes: tuple[str, ...]
    read: Callable[[Path, str], FileReading]


READERS = (
    FileReader((".pdf",), pdf.read),
    FileReader((".bib", ".bibtex"), bibtex.read),
    FileReader((".ris",), ris.read),
    FileReader((".txt", ".text", ".md", ".markdown"), plain.read),
)


def find_reader(path: Path) -> FileReader | None:
    return next((reader for reader in READERS if path.suffix.lower() in reader.suffixes), None)
