"""A binding site as numbers: what every reader gives and every measure takes."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

REACH: Final = 5.0  # Å: a residue with an atom this near to the ligand belongs to its site
MOST_ATOMS: Final = 2_000  # of one site, its ligand included
DEGENERATE: Final = 1e-9  # Å³, below which a third moment says nothing about a direction

Places: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Residue:
    """`names` of heavy atoms and their `places` (n, 3) in Å; `joined` to the one before by a peptide bond."""

    name: str
    names: tuple[str, ...]
    places: Places
    joined: bool = False

    def place(self, atom: str) -> Places | None:
        """Return the place of an atom, None where it is missing."""
        return self.places[self.names.index(atom)] if atom in self.names else None


@dataclass(frozen=True)
class Site:
    """The ligand's component code, elements and places (n, 3) in Å; residues in the order of their chains."""

    ligand: str
    elements: tuple[str, ...]
    places: Places
    residues: tuple[Residue, ...]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names of the residues, in order."""
        return tuple(residue.name for residue in self.residues)

    @property
    def size(self) -> int:
        """Atoms, those of the ligand included."""
        return len(self.elements) + sum(len(residue.names) for residue in self.residues)

    def moved(self, origin: Places, axes: Places) -> "Site":
        """Return the site seen from `origin` along `axes` (3, 3), rows of a rotation."""
        turned = tuple(
            replace(residue, places=(residue.places - origin) @ axes.T) for residue in self.residues
        )
        return replace(self, places=(self.places - origin) @ axes.T, residues=turned)


def to_ligand_frame(site: Site) -> Site:
    """Return the site in the frame of its ligand.

    The origin is the centroid of the ligand's heavy atoms, the axes are the principal axes of their places,
    the longest first; the first two point to where the third moment is positive, the third completes a
    right-handed frame. A symmetric ligand has no unique frame: what is compared is superposed first.
    """
    origin = site.places.mean(0)
    centred = site.places - origin
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1].T
    axes[((centred @ axes.T) ** 3).sum(0) < -DEGENERATE] *= -1
    axes[2] = np.cross(axes[0], axes[1])
    return site.moved(origin, axes)
