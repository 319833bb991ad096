"""Lattices with periodic boundaries: the bonds between neighbours, and which cross the boundary along x."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS: Final[dict[str, tuple[tuple[int, ...], ...]]] = {
    "chain": ((1,),),
    "square": ((1, 0), (0, 1)),
    "triangular": ((1, 0), (0, 1), (1, -1)),
    "cubic": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
"""To the neighbours of a site, half of them: the other half is told by the neighbours."""


@dataclass(frozen=True)
class Lattice:
    """Sites that are present, and the bonds between them."""

    sides: tuple[int, ...]
    present: "NDArray[np.bool_]"
    first: "NDArray[np.intp]"
    second: "NDArray[np.intp]"
    crosses: "NDArray[np.bool_]"
    """Bonds that cross the boundary along x: where they are reversed, a wall must stand."""

    @property
    def sites(self) -> int:
        return int(self.present.sum())


def build(kind: str, size: int, dilution: float, rng: "np.random.Generator") -> Lattice:
    """Return a lattice of `size` sites a side, of which a random share `dilution` is missing.

    A chain has `size`² sites, so that all lattices of two dimensions and less are of equal weight.
    """
    import numpy as np

    dimension = len(STEPS[kind][0])
    sides = (size * size,) if dimension == 1 else (size,) * dimension
    sites = np.prod(sides)
    index = np.arange(sites).reshape(sides)
    present = np.ones(sites, dtype=bool)
    present[rng.choice(sites, round(dilution * sites), replace=False)] = False
    column = np.indices(sides)[0].ravel()
    firsts, seconds, crossing = [], [], []
    for step in STEPS[kind]:
        neighbour = np.roll(index, [-by for by in step], axis=tuple(range(dimension))).ravel()
        kept = present & present[neighbour]
        firsts.append(np.flatnonzero(kept))
        seconds.append(neighbour[kept])
        crossing.append(((column + step[0] >= sides[0]) | (column + step[0] < 0))[kept])
    return Lattice(sides, present, np.concatenate(firsts), np.concatenate(seconds), np.concatenate(crossing))
