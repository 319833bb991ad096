"""What a descriptor is: atoms in, numbers out, with its representation and the paper it is from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.errors import DescriptorError
from tools.structures.atoms import Atoms

if TYPE_CHECKING:
    from tools.representation.schema import Transform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SMALLEST_DISTANCE = 0.1  # Å: nearer atoms are one atom written twice


@dataclass(frozen=True)
class Descriptor:
    """`compute` takes r (N, 3) and a (3, 3, rows) in Å and Z (N), by name, and returns one array.

    `specification` is its text in the language: what it is invariant under, keeps and loses. `labels` name
    the numbers of the result where they have names. `most_atoms` bounds time and memory to seconds and 1 GB.
    """

    name: str
    title: str
    specification: str
    compute: Callable[..., NDArray[Any]]
    source: str
    most_atoms: int
    extra: str | None = None
    labels: Callable[[], tuple[str, ...]] | None = None

    @cached_property
    def transform(self) -> "Transform":
        from tools.representation.reading import read_text

        return read_text(self.specification).transform

    def describe(self, atoms: Atoms) -> NDArray[Any]:
        """Return the descriptor of a crystal. Raises DescriptorError for what is too large or overlaps."""
        from tools.structures.elements import SYMBOLS

        count = len(atoms.symbols)
        if count > self.most_atoms:
            raise DescriptorError(
                f"{count} atoms: {self.name} takes at most {self.most_atoms}: give the primitive cell",
            )
        places = atoms.fractional @ atoms.lattice
        refuse_overlaps(places, atoms.lattice)
        numbers = np.array([SYMBOLS[symbol] for symbol in atoms.symbols])
        return np.asarray(self.compute(r=places, Z=numbers, a=atoms.lattice))


def refuse_overlaps(places: Floats, lattice: Floats) -> None:
    """Raise DescriptorError where two atoms, or an atom and another's image, stand on one place."""
    from scipy.spatial import cKDTree

    fractional = np.linalg.solve(lattice.T, places.T).T % 1.0
    size = min(1.0 / np.linalg.norm(np.linalg.inv(lattice), axis=0).max(), 1.0)
    near = [s for s in np.ndindex(3, 3, 3) if s != (1, 1, 1)]
    edge = SMALLEST_DISTANCE / max(size, SMALLEST_DISTANCE) / 2
    images = [fractional] + [
        shifted[(np.abs(shifted - 0.5) < 0.5 + edge).all(axis=1)]
        for s in near
        for shifted in [fractional + np.array(s) - 1]
    ]
    tree = cKDTree(np.vstack(images) @ lattice)
    pairs = tree.query_pairs(SMALLEST_DISTANCE)
    if pairs:
        first = min(min(pair) for pair in pairs)
        raise DescriptorError(
            f"atom {first + 1} stands within {SMALLEST_DISTANCE} Å of another: remove the double",
        )
