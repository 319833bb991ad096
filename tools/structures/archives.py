"""Files behind a path: itself, unpacked if it is packed, or the members of a TAR or zip archive.

Nothing is unpacked to disk. An archive is foreign: what it announces is checked before it is read, and how
much comes out is counted.
"""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from tools.errors import ToolError

LARGEST_FILE: Final = 4_000_000  # bytes of a structure; 20,000 atoms take under 2
MOST_FILES: Final = 100_000
MOST_BYTES: Final = 2_000_000_000  # unpacked
MOST_RATIO: Final = 500  # unpacked to packed; 2DMD's archives reach 33
SMALL: Final = 20_000_000  # bytes: below that, a ratio tells nothing
CHUNK: Final = 1 << 16
HEAD: Final = 262  # bytes: a TAR says so there
BROKEN: Final = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
    RuntimeError, NotImplementedError,
)  # fmt: skip
GZIP, BZIP2, XZ, ZIP, EMPTY_ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x03\x04", b"PK\x05\x06"
PACKED: Final = (GZIP, BZIP2, XZ)
SUFFIXES: Final = (".gz", ".bz2", ".xz")
TARS: Final = (".tar", ".tgz", ".tbz2", ".txz", *(f".tar{suffix}" for suffix in SUFFIXES))
ARCHIVES: Final = (*TARS, ".zip")

Wanted = Callable[[str], bool]


class BadArchive(ToolError):
    """An archive, a packed file or a member that is broken or refused."""


class Skipped(BadArchive):
    """A member that is no plain file."""


def unpacked_name(name: str) -> str:
    """Return the name of a file without what compression adds to it."""
    return next((name[: -len(s)] for s in SUFFIXES if name.lower().endswith(s)), name)


def looks_packed(head: bytes) -> bool:
    """By the first bytes of a file, at least HEAD where it has them."""
    return head.startswith((*PACKED, ZIP, EMPTY_ZIP)) or _is_tar_header(head)


def is_archive(path: Path) -> bool:
    """Whether a file has members. Raises BadArchive."""
    with _plain_errors(path), path.open("rb") as file:
        head = file.read(HEAD)
        return head.startswith((ZIP, EMPTY_ZIP)) or _holds_tar(path, file)


def open_members(
    path: Path, wanted: Wanted, largest: int = MOST_BYTES
) -> Iterator[tuple[str, BinaryIO | BadArchive]]:
    """Yield (name, stream or refusal) of each wanted member; a file that is no archive has the name "".

    A stream must be read before the next is asked for, and may raise any of BROKEN.
    Raises BadArchive where the whole is refused.
    """
    with _plain_errors(path):
        if not is_archive(path):
            with path.open("rb") as file:
                yield "", unpacked(file, path.stat().st_size, path.name)
        elif _is_zip(path):
            yield from _zip_files(path, wanted, largest)
        else:
            yield from _tar_files(path, wanted, largest)


def read_members(path: Path, wanted: Wanted) -> Iterator[tuple[str, bytes | BadArchive]]:
    """Yield (name, content or refusal) of each wanted member, up to LARGEST_FILE bytes. Raises BadArchive."""
    with _plain_errors(path):
        for name, stream in open_members(path, wanted, LARGEST_FILE):
            if isinstance(stream, BadArchive):
                yield name, stream
                continue
            try:
                content = stream.read(LARGEST_FILE + 1)
            except BROKEN as error:
                if not _is_zip(path):  # what follows in a stream cannot be read either
                    raise
                yield name, BadArchive(f"cannot be unpacked: {_in_one_line(error)}")
                continue
            big = len(content) > LARGEST_FILE
            yield (
                name,
                BadArchive(f"over {LARGEST_FILE:,} bytes: too large for a structure") if big else content,
            )


def count_members(path: Path, wanted: Wanted) -> int:
    """Return how many wanted files there are. Raises BadArchive."""
    with _plain_errors(path):
        if not is_archive(path):
            return 1
        if not _is_zip(path):
            return sum(1 for _ in _tar_headers(path, wanted))
        with zipfile.ZipFile(path) as archive:
            return sum(wanted(name) for name in archive.namelist())


def unpacked(stream: BinaryIO, size: int, name: str) -> BinaryIO:
    """Return a stream of what a gzip, bzip2 or xz file of `size` bytes holds, bounded; others as they are."""
    buffered = (
        stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    )
    opened = _decompressed(buffered, buffered.peek(len(XZ))[: len(XZ)])
    if opened is None:
        return buffered
    return io.BufferedReader(Bounded(opened, size, name))


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BadArchive:
        raise
    except BROKEN as error:
        raise BadArchive(
            f"{path.name}: the archive is cut short or broken, or one packed file: {_in_one_line(error)}"
        ) from error


def _in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in {ZIP, EMPTY_ZIP}


def _is_tar_header(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _holds_tar(path: Path, file: BinaryIO) -> bool:
    file.seek(0)
    named = path.name.lower().endswith(TARS)
    return named or _is_tar_header(unpacked(file, path.stat().st_size, path.name).read(HEAD))


def _refusal(name: str, size: int, largest: int, *, regular: bool) -> BadArchive | None:
    if not regular:
        return Skipped("a link or device: only plain files are read from an archive")
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:2]:
        return BadArchive("its name leads out of the archive: not read")
    if size > largest:
        return BadArchive(f"{size:,} bytes: too large for a structure (at most {largest:,})")
    return None


def _zip_files(path: Path, wanted: Wanted, largest: int) -> Iterator[tuple[str, BinaryIO | BadArchive]]:
    total = 0
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MOST_FILES:
            raise BadArchive(f"{path.name}: over {MOST_FILES:,} files: split the archive")
        for info in archive.infolist():
            if info.is_dir() or not wanted(info.filename):
                continue
            link = stat.S_ISLNK(info.external_attr >> 16)
            refused = _refusal(info.filename, info.file_size, largest, regular=not link)
            total += info.file_size
            if total > MOST_BYTES:
                raise BadArchive(f"{path.name}: over {MOST_BYTES:,} bytes come out: split the archive")
            yield info.filename, refused or _unzip(archive, info)


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO | BadArchive:
    if info.file_size > max(MOST_RATIO * info.compress_size, CHUNK):
        return BadArchive(f"packed over {MOST_RATIO}-fold, as a zip bomb is: not unpacked")
    try:
        return unpacked(cast(BinaryIO, archive.open(info)), info.file_size, info.filename)
    except BROKEN as error:
        return BadArchive(f"cannot be unpacked: {_in_one_line(error)}")


def _tar_files(path: Path, wanted: Wanted, largest: int) -> Iterator[tuple[str, BinaryIO | BadArchive]]:
    for archive, member in _tar_headers(path, wanted):
        refused = _refusal(
            member.name, member.size, largest, regular=member.isreg() and not member.issparse()
        )
        if refused is not None:
            yield member.name, refused
        elif (file := archive.extractfile(member)) is not None:
            yield member.name, unpacked(cast(BinaryIO, file), member.size, member.name)


def _tar_headers(path: Path, wanted: Wanted) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """Yield wanted members, each to be read before the next is asked for."""
    size = path.stat().st_size
    with path.open("rb") as packed:
        opened = _decompressed(packed, packed.peek(len(XZ))[: len(XZ)]) or packed
        stream = Bounded(opened, size, path.name)
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r:") as archive:
            for count, member in enumerate(iter(archive.next, None)):
                if count >= MOST_FILES:
                    raise BadArchive(f"{path.name}: over {MOST_FILES:,} files: split the archive")
                if not member.isdir() and wanted(member.name):
                    yield archive, member
                archive.members.clear()  # type: ignore[attr-defined]  # or it keeps every header; untyped
        if not stream.at_padding:
            raise BadArchive(f"{path.name}: the archive is cut short")


def _decompressed(packed: BinaryIO, head: bytes) -> BinaryIO | None:
    """Return a stream of what comes out, or None if nothing is packed."""
    if head.startswith(GZIP):
        return cast(BinaryIO, gzip.open(packed))
    if head.startswith(BZIP2):
        return cast(BinaryIO, bz2.open(packed))
    return cast(BinaryIO, lzma.open(packed)) if head.startswith(XZ) else None


class Bounded(io.RawIOBase):
    """What comes out of `size` packed bytes, forward only, and only as much as structures take."""

    def __init__(self, stream: BinaryIO, size: int, name: str) -> None:
        super().__init__()
        self._stream, self._size, self._file = stream, size, name
        self._most = min(MOST_BYTES, max(SMALL, MOST_RATIO * size))
        self._at = 0
        self._last = b""  # the byte before the place where we stand
        self._again = False  # whether that byte is to be read again
        self.at_padding = False
        """Whether a block of zeros was read last, as at the end of every TAR."""

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at - self._again

    def seek(self, place: int, whence: int = 0) -> int:
        """Go forward, or back by one byte, which is how far tarfile goes."""
        if whence:
            raise io.UnsupportedOperation("only from the start")
        if place == self._at - 1:
            self._again = True
        while place > self._at:
            if not self._take(min(CHUNK, place - self._at)):
                break
        return self.tell()

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LARGEST_FILE:  # a header may announce itself as large as it likes
            raise BadArchive(f"{self._file}: a header of {size:,} bytes: this is no archive of structures")
        again, self._again = self._last if self._again else b"", False
        content = again + self._take(size - len(again))
        self.at_padding = bool(content) and not content.strip(b"\0")
        return content

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names its own buffer type
        content = self._take(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def _take(self, size: int) -> bytes:
        self._again = False
        content = self._stream.read(size)
        self._at += len(content)
        self._last = content[-1:] or self._last
        if self._at > self._most:
            raise BadArchive(
                f"{self._file}: over {self._most:,} bytes come out of {self._size:,}, "
                "as of a zip bomb: split the archive if it is none"
            )
        return content
