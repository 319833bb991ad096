"""Files behind a path: itself, those of a folder, or the members of an archive, as lines of text."""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from tools.generation.errors import BadFile

LINE: Final = 1 << 24  # bytes of a line that are kept: a file without line breaks must not fill the memory
MAGIC: Final = b"\x1f\x8b"  # gzip
HIDDEN: Final = (".", "__MACOSX")


def open_members(path: Path) -> Iterator[tuple[str, Iterator[str]]]:
    """Names and lines. The lines of one must be read before the next is asked for. Raises BadFile."""
    try:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith(HIDDEN)):
                yield from open_members(file)
        elif zipfile.is_zipfile(path):
            yield from _zip(path)
        elif _is_tar(path):
            yield from _tar(path)
        else:
            with path.open("rb") as plain:
                yield path.name, _lines(plain)
    except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile, RuntimeError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from error


def _is_tar(path: Path) -> bool:
    """By its name first: a text may look like a tar header to a guess."""
    names = path.name.lower()
    return names.endswith((".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")) and tarfile.is_tarfile(path)


def _zip(path: Path) -> Iterator[tuple[str, Iterator[str]]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir() and not Path(member.filename).name.startswith(HIDDEN):
                with archive.open(member) as file:
                    yield member.filename, _lines(file)


def _tar(path: Path) -> Iterator[tuple[str, Iterator[str]]]:
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None and not Path(member.name).name.startswith(HIDDEN):
                yield member.name, _lines(file)


def _lines(file: IO[bytes]) -> Iterator[str]:
    """Bytes that are no UTF-8 become U+FFFD, which the funnel counts as binary."""
    start = file.read(2)
    whole: IO[bytes] = io.BufferedReader(_Rejoined(start, file))  # type: ignore[type-var] # it is a RawIOBase
    if start == MAGIC:
        whole = gzip.GzipFile(fileobj=whole)  # type: ignore[assignment] # it reads as IO[bytes] does
    try:
        yield from _decoded(whole)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(f"the file cannot be read: {error}") from error


def _decoded(whole: IO[bytes]) -> Iterator[str]:
    while line := whole.readline(LINE):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = whole.readline(LINE)
        yield line.decode("utf-8", errors="replace").replace("\r\n", "\n")


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # typeshed names its own buffer type
        taken = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
