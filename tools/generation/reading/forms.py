"""How strings of one form are told apart in lines of text, and how a form is known by a file's name."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat, takewhile
from typing import Final

from tools.generation.judging.examine import longest
from tools.generation.schema import SampleForm

SUFFIXES: Final = {
    ".cif": SampleForm.CIF,
    ".mcif": SampleForm.CIF,
    ".vasp": SampleForm.POSCAR,
    ".poscar": SampleForm.POSCAR,
    ".smi": SampleForm.SMILES,
    ".smiles": SampleForm.SMILES,
    ".selfies": SampleForm.SELFIES,
    ".xyz": SampleForm.XYZ,
    ".extxyz": SampleForm.XYZ,
    ".slices": SampleForm.SLICES,
    ".site": SampleForm.SITE,
    ".pdb": SampleForm.PDB,
    ".ent": SampleForm.PDB,
    ".mmcif": SampleForm.MMCIF,
}
ONE_A_LINE: Final = {SampleForm.SMILES, SampleForm.SELFIES}
NAMED: Final = 2  # words of a molecule with its name
SHORT: Final = 3  # letters: below that, what looks like a SMILES may be the first word of a sentence
CELL: Final = 6  # words on the first line of a text crystal
HEADERS: Final = {"smiles", "selfies", "canonical_smiles", "isomeric_smiles"}
SMILES: Final = re.compile(r"(?:Br|Cl|[BCNOPSFI]|[bcnops]|\[[^\]\s]+\]|[-=#$/\\:.()%0-9@+~*])+")
STRUCTURAL: Final = ("_cell", "_atom_", "_symmetry", "_space_group", "_chemical_formula")
Begins = Callable[[str, int], bool]  # asked with each line and its number in the string so far


def split(lines: Iterable[str], form: SampleForm) -> Iterator[str]:
    """The strings, whole. A CIF starts with data_, an XYZ with its count, a text crystal with its cell.

    A file holds one POSCAR, PDB or mmCIF. No more of a string is kept than is judged: its length tells if
    it was too long. Where a line is a string, a blank one between others is an empty string, and what
    stands above the first (a heading, comments) is none.
    """
    most = longest(form)
    if form in ONE_A_LINE:
        alone = _joined if form is SampleForm.SELFIES else _without_name
        return (alone(line)[: most + 1] for line in _to_the_last(_below_heading(lines)))
    if form is SampleForm.SLICES:
        return (line.strip()[: most + 1] for line in _to_the_last(lines))
    if form is SampleForm.CIF:
        return _data_blocks(lines, most)
    begins: dict[SampleForm, Begins] = {
        SampleForm.XYZ: _is_count,
        SampleForm.TEXT: _is_cell,
        SampleForm.SITE: _new_ligand(),
    }
    return _blocks(lines, begins.get(form, _never), most)


def _below_heading(lines: Iterable[str]) -> Iterator[str]:
    """Without comments above the first string, and without the names of columns."""
    stream = iter(lines)
    for line in stream:
        if line.startswith("#"):
            continue
        words = line.split()
        first = [] if words and words[0].lower() in HEADERS else [line]
        yield from chain(first, stream)
        return


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


def _joined(line: str) -> str:
    """A SELFIES of a line, whose symbols some tools part by blanks, without the name behind it."""
    words = line.split()
    symbols = list(takewhile(lambda word: word.startswith("["), words))
    return "".join(symbols) if symbols and len(words) - len(symbols) < NAMED else _without_name(line)


def _without_name(line: str) -> str:
    """The string of a line that may have columns behind it, or its number before it.

    A sentence stays one, for its first word may be iodine.
    """
    if "\t" in line.strip():
        line = line.strip().split("\t", maxsplit=1)[0]
    words = line.split()
    if len(words) < NAMED:
        return line.strip()
    if words[0].isdecimal() and len(words) == NAMED:
        return words[1]
    if len(words) == NAMED or (len(words[0]) >= SHORT and SMILES.fullmatch(words[0])):
        return words[0]
    return line.strip()


def _blocks(lines: Iterable[str], begins: Begins, most: int) -> Iterator[str]:
    kept: list[str] = []
    size = rows = 0
    for line in lines:
        if begins(line, rows) and rows:
            yield from _whole(kept)
            kept, size, rows = [], 0, 0
        rows += 1
        if size <= most:
            kept.append(line[: most + 1])
            size += len(line)
    yield from _whole(kept)


def _whole(lines: list[str]) -> Iterator[str]:
    text = "".join(lines)
    if text.strip():
        yield text


def _data_blocks(lines: Iterable[str], most: int) -> Iterator[str]:
    """CIFs: what stands before the first data block belongs to it, and a block of remarks is none."""
    inside = seen = False

    def begins(line: str, _row: int) -> bool:
        nonlocal inside, seen
        inside ^= line.startswith(";")
        starts = not inside and line[:5].lower() == "data_"
        first, seen = starts and not seen, seen or starts
        return starts and not first

    remarks: str | None = None
    found = False
    for block in _blocks(lines, begins, most):
        if _is_remark(block):
            remarks = block
        else:
            found = True
            yield block
    if remarks is not None and not found:
        yield remarks


def _is_remark(block: str) -> bool:
    """Whether a block has tags, but none of a structure: journals and programs put their own first."""
    tags = re.findall(r"^[ \t]*(_\S+)", block, re.MULTILINE)
    return bool(tags) and not any(tag.lower().startswith(STRUCTURAL) for tag in tags)


def _is_count(line: str, row: int) -> bool:
    """A number alone on a line, unless the comment stands there."""
    return row != 1 and line.strip().isdecimal()


def _is_cell(line: str, _row: int) -> bool:
    return len(line.split()) == CELL


def _new_ligand() -> Begins:
    """A site begins with its ligand, whose lines have number 0."""
    inside = False

    def begins(line: str, _row: int) -> bool:
        nonlocal inside
        before, inside = inside, line.split(maxsplit=1)[:1] == ["0"]
        return inside and not before

    return begins


def _never(_line: str, _row: int) -> bool:
    return False
