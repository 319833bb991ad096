"""How strings of one form are told apart in lines of text, and how a form is known by a file's name."""

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Final

from tools.generation.judging.examine import LONGEST_OTHER
from tools.generation.schema import Form

SUFFIXES: Final = {
    ".cif": Form.CIF,
    ".vasp": Form.POSCAR,
    ".poscar": Form.POSCAR,
    ".smi": Form.SMILES,
    ".smiles": Form.SMILES,
    ".selfies": Form.SELFIES,
    ".xyz": Form.XYZ,
    ".slices": Form.SLICES,
}
ONE_A_LINE: Final = {Form.SMILES, Form.SELFIES}
NAMED: Final = 2  # words of a molecule with its name
CELL: Final = 6  # words on the first line of a text crystal
Begins = Callable[[str, int], bool]  # asked with each line and its number in the string so far


def split(lines: Iterable[str], form: Form) -> Iterator[str]:
    """The strings, whole. A CIF starts with data_, an XYZ with its count, a text crystal with its cell.

    A file holds one POSCAR. No more of a string is kept than is judged: its length tells if it was too long.
    Where a line is a string, a blank one between others is an empty string.
    """
    if form in ONE_A_LINE:
        return (_without_name(line)[: LONGEST_OTHER + 1] for line in _to_the_last(lines))
    if form is Form.SLICES:
        return (line.strip()[: LONGEST_OTHER + 1] for line in _to_the_last(lines))
    begins: dict[Form, Begins] = {Form.CIF: _data_blocks(), Form.XYZ: _is_count, Form.TEXT: _is_cell}
    return _blocks(lines, begins.get(form, _never))


def _to_the_last(lines: Iterable[str]) -> Iterator[str]:
    """Without the blank lines that a file ends with."""
    blank = 0
    for line in lines:
        if not line.strip():
            blank += 1
            continue
        yield from repeat("", blank)
        yield line
        blank = 0


def _without_name(line: str) -> str:
    """A molecule may have a name behind it; a sentence stays one, for its first word may be iodine."""
    words = line.split()
    return words[0] if 0 < len(words) <= NAMED else line.strip()


def _blocks(lines: Iterable[str], begins: Begins) -> Iterator[str]:
    kept: list[str] = []
    size = rows = 0
    for line in lines:
        if begins(line, rows) and rows:
            yield from _whole(kept)
            kept, size, rows = [], 0, 0
        rows += 1
        if size <= LONGEST_OTHER:
            kept.append(line[: LONGEST_OTHER + 1])
            size += len(line)
    yield from _whole(kept)


def _whole(lines: list[str]) -> Iterator[str]:
    text = "".join(lines)
    if text.strip():
        yield text


def _data_blocks() -> Begins:
    """A data block begins with data_ outside a text field; what stands before the first belongs to it."""
    inside = seen = False

    def begins(line: str, _row: int) -> bool:
        nonlocal inside, seen
        inside ^= line.startswith(";")
        starts = not inside and line[:5].lower() == "data_"
        first, seen = starts and not seen, seen or starts
        return starts and not first

    return begins


def _is_count(line: str, row: int) -> bool:
    """A number alone on a line, unless the comment stands there."""
    return row != 1 and line.strip().isdecimal()


def _is_cell(line: str, _row: int) -> bool:
    return len(line.split()) == CELL


def _never(_line: str, _row: int) -> bool:
    return False
