"""Structures by the thousand: whatever an argument names, read one after the other.

A file, a folder with all below it, a TAR or zip archive, a list of specs, a spec, or standard input.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from tools.defects.archives import count_files, looks_like_archive, looks_like_structure, read_archive
from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput
from tools.defects.sources import LARGEST_FILE, decode, read_text
from tools.defects.spec import EXAMPLE, looks_like_spec, parse_spec

HEAD: Final = 262  # bytes: a TAR says so there
LONGEST_LINE: Final = 100_000  # bytes of a spec
MOST_COMMENTS: Final = 1_000  # lines before the first spec
LOOKED_AT: Final = 5  # lines that tell a list of specs
BOM: Final = b"\xef\xbb\xbf"
ARCHIVES: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
NOTHING: Final = "holds no structure: no *.cif, *.vasp, *.poscar, POSCAR* or CONTCAR*"


@dataclass(frozen=True)
class Member:
    """A structure by its name: its configuration, or why there is none."""

    id: str
    found: Configuration | BadInput


def read_members(argument: str, stdin: BinaryIO) -> Iterator[Member]:
    """One by one, in a fixed order; what cannot be read stops nobody."""
    if argument == "-":
        return _from_text_stream("standard input", stdin)
    if not argument.strip():
        return iter([Member(argument, BadInput(f"an empty name: give a file, or a spec like {EXAMPLE!r}"))])
    path = Path(argument)
    if looks_like_spec(argument):
        return iter([_attempt(argument, partial(parse_spec, argument))])
    if _is(path, os.path.isdir):
        return _from_folder(path)
    if _is(path, os.path.exists):
        return _from_file(path, argument)
    reason = f"no such file or folder, and no spec: write it like {EXAMPLE!r}"
    return iter([Member(_printable(argument), BadInput(reason))])


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
        return count_files(path) if looks_like_archive(head) else None
    except (BadInput, OSError):
        return None


def _is(path: Path, test: Callable[[Path], bool]) -> bool:
    try:
        return test(path)
    except ValueError:  # a NUL in the name
        return False


def _from_folder(folder: Path) -> Iterator[Member]:
    found = False
    for path in _walk(folder):
        found = True
        yield from _from_file(path, str(path))
    if not found:
        yield Member(_printable(str(folder)), BadInput(NOTHING))


def _walk(folder: Path) -> Iterator[Path]:
    """Structure files and archives, folder after folder; links to folders are not followed."""
    for here, below, names in os.walk(folder):
        below.sort()
        for name in sorted(names):
            path = Path(here, name)
            if (looks_like_structure(name) or name.endswith(ARCHIVES)) and path.is_file():
                yield path


def _from_file(path: Path, name: str) -> Iterator[Member]:
    try:
        with path.open("rb") as file:
            head = file.peek(HEAD)[:HEAD]
            if not looks_like_archive(head):
                yield from _from_text_stream(name, file)
                return
    except OSError as error:
        yield Member(_printable(name), BadInput(f"cannot be read: {error.strerror}"))
        return
    yield from _from_archive(path, name)


def _from_archive(path: Path, name: str) -> Iterator[Member]:
    found = False
    try:
        for inside, content in read_archive(path):
            found = True
            place = f"{name}:{inside}"
            if isinstance(content, BadInput):
                yield Member(_printable(place), content)
            else:
                yield _attempt(place, partial(_parse, content))
    except BadInput as error:
        yield Member(_printable(name), error)
        return
    if not found:
        yield Member(_printable(name), BadInput(NOTHING))


def _from_text_stream(name: str, stream: BinaryIO) -> Iterator[Member]:
    """A structure, or a spec a line. A line that begins with # is a comment.

    A spec among the first lines makes it a list: a heading or a slip before it is a line that cannot be read.
    """
    lines = iter(partial(stream.readline, LONGEST_LINE), b"")
    head = list(_first_lines(lines))
    if head and looks_like_spec(_words(head[-1])):
        for spec in filter(None, map(_words, chain(head, lines))):
            yield _attempt(spec, partial(parse_spec, spec))
        return
    content = b"".join([*head, stream.read(LARGEST_FILE + 1)])
    yield _attempt(name, partial(_parse, content))


def _first_lines(lines: Iterator[bytes]) -> Iterator[bytes]:
    """As few as tell what they belong to: whoever writes them one by one is answered one by one."""
    said = 0
    for line in islice(lines, MOST_COMMENTS):
        yield line
        said += bool(_words(line))
        if said >= LOOKED_AT or looks_like_spec(_words(line)):
            return


def _words(line: bytes) -> str:
    """Nothing of a comment."""
    said = line.removeprefix(BOM).decode(errors="replace").strip()
    return "" if said.startswith("#") else said


def _parse(content: bytes) -> Configuration:
    return read_text(decode(content))


def _attempt(name: str, read: Callable[[], Configuration]) -> Member:
    try:
        return Member(_printable(name), read())
    except BadInput as error:
        return Member(_printable(name), error)


def _printable(name: str) -> str:
    """A file's name may hold bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()
