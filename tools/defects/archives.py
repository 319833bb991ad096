"""Structure files inside TAR and zip archives, read one after the other and never unpacked to disk.

An archive is foreign: what it announces is checked before it is read, and how much comes out is counted.
"""

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from tools.defects.errors import BadInput, in_one_line
from tools.defects.sources import LARGEST_FILE

MOST_FILES: Final = 100_000
MOST_BYTES: Final = 2_000_000_000  # unpacked
MOST_RATIO: Final = 500  # unpacked to packed; 2DMD's archives reach 33
SMALL: Final = 20_000_000  # bytes: below that, a ratio tells nothing
CHUNK: Final = 1 << 16
BROKEN: Final = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
    RuntimeError, NotImplementedError,
)  # fmt: skip
GZIP, BZIP2, XZ, ZIP, EMPTY_ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x03\x04", b"PK\x05\x06"

Found = tuple[str, bytes | BadInput]


def looks_like_archive(head: bytes) -> bool:
    """By the first bytes of a file, at least 262 where it has them."""
    return head.startswith((GZIP, BZIP2, XZ, ZIP, EMPTY_ZIP)) or head[257:262] == b"ustar"


def looks_like_structure(name: str) -> bool:
    """By the name, as VASP and CIF tools give them; hidden files are no structures."""
    base = PurePosixPath(name.replace("\\", "/")).name
    named = base.lower().endswith((".cif", ".vasp", ".poscar")) or base.startswith(("POSCAR", "CONTCAR"))
    return named and not base.startswith(".")


def read_archive(path: Path) -> Iterator[Found]:
    """(name, content or why not) of each structure file. Raises BadInput where the whole is refused."""
    with _plain_errors(path):
        yield from _zip_files(path) if _is_zip(path) else _tar_files(path)


def count_files(path: Path) -> int:
    """How many structure files it holds. Raises BadInput."""
    with _plain_errors(path):
        if not _is_zip(path):
            return sum(1 for _ in _tar_headers(path))
        with zipfile.ZipFile(path) as archive:
            return sum(looks_like_structure(name) for name in archive.namelist())


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BadInput:
        raise
    except BROKEN as error:
        raise BadInput(
            f"{path.name}: the archive is cut short or broken, or one packed file: {in_one_line(error)}"
        ) from error


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _refusal(name: str, size: int, *, regular: bool) -> BadInput | None:
    if not regular:
        return BadInput("a link or device: only plain files are read from an archive")
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:2]:
        return BadInput("its name leads out of the archive: not read")
    if size > LARGEST_FILE:
        return BadInput(f"{size:,} bytes: too large for a structure (at most {LARGEST_FILE:,})")
    return None


def _zip_files(path: Path) -> Iterator[Found]:
    total = 0
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MOST_FILES:
            raise BadInput(f"{path.name}: over {MOST_FILES:,} files: split the archive")
        for info in archive.infolist():
            if info.is_dir() or not looks_like_structure(info.filename):
                continue
            link = stat.S_ISLNK(info.external_attr >> 16)
            content = _refusal(info.filename, info.file_size, regular=not link) or _unzip(archive, info)
            total += len(content) if isinstance(content, bytes) else 0
            if total > MOST_BYTES:
                raise BadInput(f"{path.name}: over {MOST_BYTES:,} bytes come out: split the archive")
            yield info.filename, content


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | BadInput:
    if info.file_size > max(MOST_RATIO * info.compress_size, CHUNK):
        return BadInput(f"packed over {MOST_RATIO}-fold, as a zip bomb is: not unpacked")
    try:
        with archive.open(info) as file:
            return file.read(LARGEST_FILE + 1)
    except BROKEN as error:
        return BadInput(f"cannot be unpacked: {in_one_line(error)}")


def _tar_files(path: Path) -> Iterator[Found]:
    for archive, member in _tar_headers(path):
        refused = _refusal(member.name, member.size, regular=member.isreg() and not member.issparse())
        if refused is not None:
            yield member.name, refused
        elif (file := archive.extractfile(member)) is not None:
            yield member.name, file.read()


def _tar_headers(path: Path) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """Structure files, each to be read before the next is asked for."""
    with path.open("rb") as packed, _unpacked(packed) as unpacked:
        stream = Bounded(unpacked, path)
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r:") as archive:
            for count, member in enumerate(iter(archive.next, None)):
                if count >= MOST_FILES:
                    raise BadInput(f"{path.name}: over {MOST_FILES:,} files: split the archive")
                if looks_like_structure(member.name) and not member.isdir():
                    yield archive, member
                archive.members.clear()  # type: ignore[attr-defined]  # or it keeps every header; untyped
        if not stream.at_padding:
            raise BadInput(f"{path.name}: the archive is cut short")


def _unpacked(packed: BinaryIO) -> BinaryIO:
    head = packed.read(len(XZ))
    packed.seek(0)
    if head.startswith(GZIP):
        return cast(BinaryIO, gzip.open(packed))
    if head.startswith(BZIP2):
        return cast(BinaryIO, bz2.open(packed))
    return cast(BinaryIO, lzma.open(packed)) if head.startswith(XZ) else packed


class Bounded:
    """What comes out of an archive, forward only, and only as much as an archive of structures holds."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self._most = min(MOST_BYTES, max(SMALL, MOST_RATIO * path.stat().st_size))
        self._at = 0
        self._last = b""  # the byte before the place where we stand
        self._again = False  # whether that byte is to be read again
        self.at_padding = False
        """Whether a block of zeros was read last, as at the end of every TAR."""

    def tell(self) -> int:
        return self._at - self._again

    def seek(self, place: int) -> int:
        """Forward, or back by one byte, which is how far tarfile goes."""
        if place == self._at - 1:
            self._again = True
        while place > self._at:
            if not self._take(min(CHUNK, place - self._at)):
                break
        return self.tell()

    def read(self, size: int) -> bytes:
        if size > LARGEST_FILE:  # a header may announce itself as large as it likes
            raise BadInput(f"{self._path.name}: a header of {size:,} bytes: this is no archive of structures")
        again, self._again = self._last if self._again else b"", False
        content = again + self._take(size - len(again))
        self.at_padding = bool(content) and not content.strip(b"\0")
        return content

    def _take(self, size: int) -> bytes:
        self._again = False
        content = self._stream.read(size)
        self._at += len(content)
        self._last = content[-1:] or self._last
        if self._at > self._most:
            raise BadInput(
                f"{self._path.name}: over {self._most:,} bytes come out of {self._path.stat().st_size:,}, "
                "as of a zip bomb: split the archive if it is none"
            )
        return content
