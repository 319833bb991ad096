"""Structures from outside as our tools take them: atoms in a cell, and files that our readers read."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.datasets import FoundStructure
    from tools.structures import Atoms


def as_atoms(found: "FoundStructure") -> "Atoms":
    """The structure as our tools take it. Raises BadStructure, for a flat cell perhaps."""
    import numpy as np

    from tools.structures import Atoms, to_fractional

    lattice = np.array(found.lattice, dtype=float)
    return Atoms(found.symbols, to_fractional(np.array(found.positions, dtype=float), lattice), lattice)


def write_xyz(found: "FoundStructure") -> str:
    """Return the structure as extended XYZ, which says who told of it; our readers take it back."""
    lattice = " ".join(f"{number:.10g}" for row in found.lattice for number in row)
    told = {"provider": found.provider, "id": found.id, "licence": found.licence or "not known"}
    comment = " ".join(f'{name}="{_plain(value)}"' for name, value in told.items())
    lines = [
        str(len(found.symbols)),
        f'Lattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="T T T" {comment}',
    ]
    for symbol, place in zip(found.symbols, found.positions, strict=True):
        lines.append(f"{symbol:2} " + " ".join(f"{number:.10g}" for number in place))
    return "\n".join(lines) + "\n"


def name_files(structures: "Sequence[FoundStructure]") -> "Iterator[tuple[str, FoundStructure]]":
    """Yield a file name for each, safe on every system, no two alike."""
    taken: set[str] = set()
    for number, found in enumerate(structures, 1):
        stem = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{found.provider}-{found.id}").strip("._")[:80] or "structure"
        name = stem if stem.lower() not in taken else f"{stem}-{number}"
        taken.add(name.lower())
        yield f"{name}.xyz", found


def _plain(text: str) -> str:
    return "".join(char for char in text if char not in '"\\' and char.isprintable())
