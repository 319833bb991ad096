"""From whatever names a structure to a configuration: spec, file, text, pymatgen, or itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.locate import find_configuration
from tools.defects.spec import EXAMPLE, looks_like_spec, parse_spec
from tools.structures import Atoms, BadStructure, StructureFault, decode_text, plain, read_structure
from tools.structures.archives import LARGEST_FILE, looks_packed

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

MOST_ATOMS: Final = 20_000
HINTS: Final = {
    StructureFault.TOO_MANY_ATOMS: "; write large cells as a spec",
    StructureFault.UNKNOWN_FORM: f", nor a spec like {EXAMPLE!r}",
}


def read_configuration(source: "str | Path | Structure | Configuration") -> Configuration:
    """Raises BadInput (or OutsideModel) with what is wrong."""
    if isinstance(source, Configuration):
        return source
    if isinstance(source, Path):
        return read_text(_read(source))
    if isinstance(source, str):
        return _from_word(source)
    return find_configuration(from_pymatgen(source))


def read_text(text: str) -> Configuration:
    """From the text of a CIF, POSCAR or extended XYZ."""
    with bad_input():
        atoms = read_structure(plain(text), MOST_ATOMS)
    return find_configuration(atoms)


def from_pymatgen(structure: "Structure") -> Atoms:
    """Raises OutsideModel for a disordered structure, and BadInput for numbers that are none."""
    if not structure.is_ordered:
        raise OutsideModel("a site is partially occupied: give an ordered structure")
    symbols = tuple(str(site.specie.symbol) for site in structure)
    with bad_input():
        return Atoms(
            symbols, np.array(structure.frac_coords, float), np.array(structure.lattice.matrix, float)
        )


def decode(content: bytes) -> str:
    """The text of a structure file. Raises BadInput for what is too large, or no text."""
    if len(content) > LARGEST_FILE:
        raise BadInput(f"over {LARGEST_FILE:,} bytes: too large for a structure")
    if not content.strip():
        raise BadInput("the file is empty")
    if looks_packed(content[:262]):
        raise BadInput("compressed or an archive: unpack it, or give the path of the file")
    text = decode_text(content)
    if "\0" in text:
        raise BadInput("no text but binary data: give a CIF or POSCAR file")
    return text


@contextmanager
def bad_input() -> Iterator[None]:
    """Turn what a reader of structures raises into this tool's errors."""
    try:
        yield
    except BadStructure as error:
        if error.fault is StructureFault.PARTIAL_OCCUPANCY:
            raise OutsideModel(str(error)) from error
        raise BadInput(f"{error}{HINTS.get(error.fault, '')}") from error


def _from_word(word: str) -> Configuration:
    if looks_like_spec(word):
        return parse_spec(word)
    if "\n" in word or "\r" in word:
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
