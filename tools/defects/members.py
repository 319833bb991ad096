"""Structures by the thousand: whatever an argument names, found one after the other.

A file, a folder with all below it, a TAR or zip archive, a list of specs, a spec, or standard input.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput
from tools.defects.sources import decode, read_text
from tools.defects.spec import EXAMPLE, looks_like_spec, parse_spec
from tools.structures import looks_like_poscar
from tools.structures.archives import (
    ARCHIVES,
    HEAD,
    LARGEST_FILE,
    BadArchive,
    looks_packed,
    unpacked_name,
)
from tools.structures.archives import (
    count_members as count_files,
)
from tools.structures.archives import (
    read_members as read_files,
)

LONGEST_LINE: Final = 100_000  # bytes of a spec
LOOKED_AT: Final = 5  # lines that tell a list of specs
BOM: Final = b"\xef\xbb\xbf"
NOTHING: Final = "holds no structure: no *.cif, *.vasp, *.poscar, *.xyz, POSCAR* or CONTCAR*"
ENDINGS: Final = (".cif", ".mcif", ".vasp", ".poscar", ".xyz", ".extxyz")


@dataclass(frozen=True)
class StructureEntry:
    """A structure by its name, and how it is read, or why it cannot be; it is read where it is needed."""

    id: str
    source: Callable[[], Configuration] | BadInput

    @cached_property
    def found(self) -> Configuration | BadInput:
        if isinstance(self.source, BadInput):
            return self.source
        try:
            return self.source()
        except BadInput as error:
            return error


def read_members(argument: str, stdin: BinaryIO) -> Iterator[StructureEntry]:
    """Yield them in a fixed order; what cannot be read stops nobody."""
    if argument == "-":
        return _from_text_stream("standard input", stdin)
    if not argument.strip():
        return iter(
            [StructureEntry(argument, BadInput(f"an empty name: give a file, or a spec like {EXAMPLE!r}"))]
        )
    path = Path(argument)
    if looks_like_spec(argument):
        return iter([_member(argument, partial(parse_spec, argument))])
    if _is(path, os.path.isdir):
        return _from_folder(path)
    if _is(path, os.path.exists):
        return _from_file(path, argument)
    reason = f"no such file or folder, and no spec: write it like {EXAMPLE!r}"
    return iter([_member(argument, BadInput(reason))])


def count_members(argument: str) -> int | None:
    """How many structures `read_members` will come upon; None where only reading tells."""
    path = Path(argument)
    if argument == "-":
        return None
    if looks_like_spec(argument) or not _is(path, os.path.exists):
        return 1
    if _is(path, os.path.isdir):
        return sum(1 for _ in _walk(path))
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        return count_files(path, looks_like_structure) if looks_packed(head) else None
    except (BadArchive, OSError):
        return None


def looks_like_structure(name: str) -> bool:
    """By the name, as VASP and CIF tools give them; hidden files are no structures."""
    base = unpacked_name(PurePosixPath(name.replace("\\", "/")).name)
    named = base.lower().endswith(ENDINGS) or base.startswith(("POSCAR", "CONTCAR"))
    return named and not base.startswith(".")


def _is(path: Path, test: Callable[[Path], bool]) -> bool:
    try:
        return test(path)
    except ValueError:  # a NUL in the name
        return False


def _from_folder(folder: Path) -> Iterator[StructureEntry]:
    found = False
    for path in _walk(folder):
        found = True
        yield from _from_file(path, str(path))
    if not found:
        yield _member(str(folder), BadInput(NOTHING))


def _walk(folder: Path) -> Iterator[Path]:
    """Structure files and archives, folder after folder; links to folders are not followed."""
    for here, below, names in os.walk(folder):
        below.sort()
        for name in sorted(names):
            path = Path(here, name)
            if (looks_like_structure(name) or name.endswith(ARCHIVES)) and path.is_file():
                yield path


def _from_file(path: Path, name: str) -> Iterator[StructureEntry]:
    try:
        with path.open("rb") as file:
            head = file.peek(HEAD)[:HEAD]
            if not looks_packed(head):
                yield from _from_text_stream(name, file)
                return
    except OSError as error:
        yield _member(name, BadInput(f"cannot be read: {error.strerror}"))
        return
    yield from _from_packed(path, name)


def _from_packed(path: Path, name: str) -> Iterator[StructureEntry]:
    found = False
    try:
        for inside, content in read_files(path, looks_like_structure):
            found = True
            place = f"{name}:{inside}" if inside else name
            if isinstance(content, BadArchive):
                yield _member(place, BadInput(str(content)))
            else:
                yield _member(place, partial(_parse, content))
    except BadArchive as error:
        yield _member(name, BadInput(str(error)))
        return
    if not found:
        yield _member(name, BadInput(NOTHING))


def _from_text_stream(name: str, stream: BinaryIO) -> Iterator[StructureEntry]:
    """A structure, or a spec a line. A line that begins with # is a comment.

    A spec among the first lines makes it a list: a heading or a slip before it is a line that cannot be read.
    Numbers below the first line make it a POSCAR, whose comment may look like a spec.
    """
    lines = iter(partial(stream.readline, LONGEST_LINE), b"")
    head = list(islice(lines, LOOKED_AT))
    if not looks_like_poscar(b"".join(head).removeprefix(BOM).decode(errors="replace")):
        head += _to_the_first_spec(head, lines)
        if head and any(looks_like_spec(_words(line)) for line in head):
            for spec in filter(None, map(_words, chain(head, lines))):
                yield _member(spec, partial(parse_spec, spec))
            return
    content = b"".join([*head, stream.read(LARGEST_FILE + 1)])
    yield _member(name, partial(_parse, content))


def _to_the_first_spec(head: list[bytes], lines: Iterator[bytes]) -> Iterator[bytes]:
    """Further lines, as few as tell what they belong to."""
    said = sum(bool(_words(line)) for line in head)
    if any(looks_like_spec(_words(line)) for line in head):
        return
    while said < LOOKED_AT and (line := next(lines, b"")):
        yield line
        said += bool(_words(line))
        if looks_like_spec(_words(line)):
            return


def _words(line: bytes) -> str:
    """Nothing of a comment."""
    said = line.removeprefix(BOM).decode(errors="replace").strip()
    return "" if said.startswith("#") else said


def _parse(content: bytes) -> Configuration:
    return read_text(decode(content))


def _member(name: str, source: Callable[[], Configuration] | BadInput) -> StructureEntry:
    """A file's name may hold bytes that are no text."""
    return StructureEntry(name.encode("utf-8", "backslashreplace").decode(), source)
