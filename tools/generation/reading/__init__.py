"""A file, a folder, an archive or a stream of many strings becomes samples, one at a time.

Understood: one string after the other in one file (one a line for SMILES and SELFIES), CSV and JSON Lines
with a named column, gzip, bzip2 and xz of any of them, folders, tar and zip archives of files, and "-" for
standard input.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from tools.generation.errors import BadFile
from tools.generation.reading.forms import SUFFIXES, split
from tools.generation.reading.tables import TABLES, read_table
from tools.generation.schema import Sample, SampleForm
from tools.structures import read_lines
from tools.structures.archives import BROKEN, BadArchive, Skipped, open_members, unpacked_name

HIDDEN: Final = (".", "__MACOSX")


def read_samples(
    source: Path | TextIO, form: SampleForm | None = None, column: str | None = None
) -> Iterator[Sample]:
    """`form` may be left out where the file's name tells it. Raises BadFile, also on the way."""
    if isinstance(source, Path) and str(source) == "-":
        return read_samples(sys.stdin, form, column)
    if isinstance(source, Path):
        return _from_path(source, form, column)
    if form is None:
        raise BadFile(f"say how the strings of a stream are written: {', '.join(SampleForm)}")
    return _samples(split(source, form), form)


def _from_path(path: Path, form: SampleForm | None, column: str | None) -> Iterator[Sample]:
    if not path.exists():
        raise BadFile(f"{path} does not exist: give a file, a folder, an archive or - for standard input")
    empty = True
    for name, lines in _files(path):
        yield from _from_lines(name, lines, form, column)
        empty = False
    if empty:
        raise BadFile(f"{path} holds no file")


def _files(path: Path) -> Iterator[tuple[str, Iterator[str]]]:
    """Names and lines of the files behind a path. Raises BadFile."""
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file() and _is_shown(p.name)):
            yield from _files(file)
        return
    try:
        for name, stream in open_members(path, _is_shown):
            if isinstance(stream, Skipped):
                continue
            if isinstance(stream, BadArchive):
                raise BadFile(f"{path}: {name}: {stream}")
            yield unpacked_name(name or path.name), _lines(stream, path)
    except (BadArchive, OSError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from error


def _lines(stream: BinaryIO, path: Path) -> Iterator[str]:
    try:
        yield from read_lines(stream)
    except (BadArchive, *BROKEN) as error:
        raise BadFile(f"{path} cannot be read: {error}") from error


def _is_shown(name: str) -> bool:
    return not Path(name).name.startswith(HIDDEN)


def _from_lines(
    name: str, lines: Iterable[str], form: SampleForm | None, column: str | None
) -> Iterator[Sample]:
    suffix = Path(name).suffix.lower()
    if suffix in TABLES:
        yield from read_table(name, lines, form, column)
        return
    known = form or _form_of(name, suffix)
    yield from _samples(split(lines, known), known)


def _form_of(name: str, suffix: str) -> SampleForm:
    if Path(name).name.upper().startswith(("POSCAR", "CONTCAR")):
        return SampleForm.POSCAR
    if suffix not in SUFFIXES:
        raise BadFile(
            f"{name}: the name does not tell how its strings are written: end it in .cif, .smi, .xyz or "
            f".pdb, or say which form it is ({', '.join(SampleForm)})"
        )
    return SUFFIXES[suffix]


def _samples(texts: Iterable[str], form: SampleForm) -> Iterator[Sample]:
    return (Sample(form=form, text=text) for text in texts)
