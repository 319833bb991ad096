"""From whatever names a structure to a configuration: spec, file, text, pymatgen, or itself."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.defects.atoms import Atoms, from_pymatgen
from tools.defects.cif import parse_cif
from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput
from tools.defects.locate import find_configuration
from tools.defects.spec import EXAMPLE, looks_like_spec, parse_spec

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

LARGEST_FILE: Final = 4_000_000  # bytes; 20,000 atoms take under 2


def read_configuration(source: "str | Path | Structure | Configuration") -> Configuration:
    """Raises BadInput (or OutsideModel) with what is wrong."""
    if isinstance(source, Configuration):
        return source
    if isinstance(source, Path):
        return _from_text(_read(source))
    if isinstance(source, str):
        return _from_word(source)
    return find_configuration(from_pymatgen(source))


def _from_word(word: str) -> Configuration:
    if looks_like_spec(word):
        return parse_spec(word)
    if "\n" in word:
        return _from_text(word)
    return _from_text(_read(Path(word)))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadInput(f"{path} has over {LARGEST_FILE} bytes: too large for a structure")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}. Give a CIF or POSCAR file, or a spec like {EXAMPLE!r}") from error


def _from_text(text: str) -> Configuration:
    if re.search(r"^\s*data_|^_cell_length_a|^loop_", text, re.MULTILINE):
        return find_configuration(parse_cif(text))
    return find_configuration(_poscar(text))


def _poscar(text: str) -> Atoms:
    from pymatgen.io.vasp.inputs import Poscar

    try:
        poscar: Any = Poscar.from_str(text)
        return from_pymatgen(poscar.structure)
    except (ValueError, IndexError, KeyError) as error:
        raise BadInput(f"this is neither a CIF nor a POSCAR nor a spec like {EXAMPLE!r}: {error}") from error
