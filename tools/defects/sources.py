"""From whatever names a structure to a configuration: spec, file, text, pymatgen, or itself."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from warnings import catch_warnings

from tools.defects.atoms import MOST_ATOMS, Atoms, from_pymatgen
from tools.defects.cif import parse_cif
from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput, in_one_line
from tools.defects.extra import needing_extra
from tools.defects.locate import find_configuration
from tools.defects.spec import EXAMPLE, looks_like_spec, parse_spec

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

LARGEST_FILE: Final = 4_000_000  # bytes; 20,000 atoms take under 2
PACKED: Final = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x03\x04")
MOST_LINES: Final = 2 * MOST_ATOMS + 1_000  # of a POSCAR, which may list velocities too


def read_configuration(source: "str | Path | Structure | Configuration") -> Configuration:
    """Raises BadInput (or OutsideModel) with what is wrong."""
    if isinstance(source, Configuration):
        return source
    if isinstance(source, Path):
        return read_text(_read(source))
    if isinstance(source, str):
        return _from_word(source)
    return find_configuration(from_pymatgen(source))


def _from_word(word: str) -> Configuration:
    if looks_like_spec(word):
        return parse_spec(word)
    if "\n" in word:
        return read_text(word)
    return read_text(_read(Path(word)))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)  # a pipe or a device has no size to ask for
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(
            f"{str(path)[:200]!r}: {why}. Give a CIF or POSCAR file, or a spec like {EXAMPLE!r}"
        ) from error
    return decode(content)


def decode(content: bytes) -> str:
    """The text of a structure file. Raises BadInput for what is too large, or no text."""
    if len(content) > LARGEST_FILE:
        raise BadInput(f"over {LARGEST_FILE:,} bytes: too large for a structure")
    if not content.strip():
        raise BadInput("the file is empty")
    if content.startswith(PACKED):
        raise BadInput("compressed or an archive: unpack it, or give the path of a TAR or zip file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"no text (byte {error.start + 1} is not UTF-8): give a CIF or POSCAR file") from error
    if "\0" in text:
        raise BadInput("no text but binary data: give a CIF or POSCAR file")
    return text


def read_text(text: str) -> Configuration:
    """From the text of a CIF or POSCAR."""
    if re.search(r"^\s*data_|^_cell_length_a|^loop_", text, re.MULTILINE):
        return find_configuration(parse_cif(text))
    return find_configuration(_poscar(text))


def _check_counts(text: str) -> None:
    """A line of a few digits can promise more atoms than memory holds."""
    for line in text.split("\n", 7)[5:7]:
        words = line.split()
        if words and all(word.isdigit() for word in words):
            count = sum(int(word[:9]) for word in words)
            if count > MOST_ATOMS or max(map(len, words)) > 9:  # noqa: PLR2004 - digits that are read
                raise BadInput(f"over {MOST_ATOMS} atoms: write large cells as a spec")


def _poscar(text: str) -> Atoms:
    with needing_extra():
        from pymatgen.io.vasp.inputs import Poscar

    if text.count("\n") > MOST_LINES:
        raise BadInput(
            f"over {MOST_LINES} lines: at most {MOST_ATOMS} atoms are read; write large cells as a spec"
        )
    _check_counts(text)
    try:
        with catch_warnings(action="ignore"):
            poscar: Any = Poscar.from_str(text)
        return from_pymatgen(poscar.structure)
    except BadInput:
        raise
    except Exception as error:  # pymatgen raises whatever its parts do
        why = in_one_line(error)
        raise BadInput(f"this is neither a CIF nor a POSCAR nor a spec like {EXAMPLE!r}: {why}") from error
