"""Residues placed one after the other by numbers: a place and a turn, or the torsions of a peptide bond.

Lengths and angles of bonds come from residues of the training sites (`Ideal.conformers`); what numbers decide
is where a residue stands, how it is turned, and every torsion.
"""

from dataclasses import dataclass, field
from functools import cache
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.sites.geometry import angle, frame_of, put, torsion, turned
from tools.generation.sites.residues import ATOMS, CHIS, beyond, ideals, peptide
from tools.generation.sites.site import Places, Residue

FIXED: Final = "PRO"  # its chis belong to the ring of the conformer
N, CA, C, OXYGEN = range(4)  # places in ATOMS
BONDS_APART: Final = 4  # between two atoms of a residue that may clash


@cache
def chi_count(name: str) -> int:
    """Return how many chis are written for a residue."""
    return 0 if name == FIXED else len(CHIS.get(name, ()))


@cache
def arms(name: str, sure: tuple[int, ...]) -> Places:
    """Return how far (Å) from each atom that is in place those may be that are not."""
    some = ideals()[name].conformers
    later = [k for k in range(len(ATOMS[name])) if k not in sure]
    apart = np.linalg.norm(some[:, sure][:, :, None] - some[:, later][:, None], axis=-1)
    return np.asarray(apart.max((0, 2), initial=0.0))


@cache
def far_pairs(name: str) -> NDArray[np.bool_]:
    """Return which pairs of a residue's atoms have four bonds between them or more, (atoms, atoms)."""
    atoms = ATOMS[name]
    near = np.eye(len(atoms), dtype=int)
    for a, b in ideals()[name].bonds:
        near[atoms.index(a), atoms.index(b)] = near[atoms.index(b), atoms.index(a)] = 1
    return np.asarray(np.linalg.matrix_power(near, BONDS_APART - 1) == 0)


@dataclass
class Pose:
    """A residue of which the atoms `sure` are in place; all its `places` are in the order of ATOMS."""

    name: str
    places: Places
    joined: bool
    chis: int = 0
    sure: list[int] = field(default_factory=list)

    def residue(self) -> Residue:
        return Residue(self.name, ATOMS[self.name], self.places, self.joined)

    def copy(self) -> "Pose":
        return Pose(self.name, self.places.copy(), self.joined, self.chis, list(self.sure))

    def own_nearest(self, new: list[int]) -> float:
        """Return the least distance (Å) of new atoms from atoms of the residue that are in place."""
        places, sure = self.places, self.sure
        apart = np.linalg.norm(places[new][:, None] - places[sure][None], axis=-1)
        return float(apart[far_pairs(self.name)[np.ix_(new, sure)]].min(initial=np.inf))

    def set_psi(self, psi: float) -> list[int]:
        """Put O opposite to the next residue's N (degrees); returns what was put in place."""
        places = self.places
        now = torsion(places[N], places[CA], places[C], places[OXYGEN])
        by = radians(psi + 180) - now
        places[OXYGEN] = turned(places[[OXYGEN]], places[CA], places[C], by)[0]
        self.sure.append(OXYGEN)
        return [OXYGEN]

    def set_chi(self, chi: float) -> list[int]:
        """Turn the next chi to its value (degrees); returns what is in place from now on."""
        names = ATOMS[self.name]
        a, b, c, d = (names.index(atom) for atom in CHIS[self.name][self.chis])
        places, moving = self.places, list(beyond(self.name, self.chis))
        by = radians(chi) - torsion(places[a], places[b], places[c], places[d])
        places[moving] = turned(places[moving], places[b], places[c], by)
        self.chis += 1
        later = beyond(self.name, self.chis) if self.chis < chi_count(self.name) else ()
        new = [place for place in moving if place not in later]
        self.sure += new
        return new


def _first_placed(name: str) -> list[int]:
    """What a frame puts in place: the backbone without O, Cβ, and the ring of proline."""
    side = range(4, len(ATOMS[name]) if name == FIXED else min(5, len(ATOMS[name])))
    return [N, CA, C, *side]


def stand(name: str, conformer: int, at: Places, axes: Places) -> Pose:
    """Place a residue with its Cα at a point (Å) and its frame along axes, as columns."""
    some = ideals()[name].conformers
    places = some[conformer % len(some)] @ axes.T + at
    return Pose(name, places, joined=False, sure=_first_placed(name))


def join(name: str, conformer: int, before: Pose, torsions: tuple[float, float, float]) -> Pose:
    """Place a residue behind another by a peptide bond; `torsions` are psi, omega and phi in degrees."""
    psi, omega, phi = torsions
    some = ideals()[name].conformers
    own, bond = some[conformer % len(some)], peptide()
    start = before.places
    n = put((start[N], start[CA], start[C]), bond["length"], radians(bond["after_c"]), radians(psi))
    near = float(np.linalg.norm(own[N] - own[CA]))
    ca = put((start[CA], start[C], n), near, radians(bond["after_n"]), radians(omega))
    far = float(np.linalg.norm(own[C] - own[CA]))
    c = put((start[C], n, ca), far, angle(*own[[N, CA, C]]), radians(phi))
    places = own @ frame_of(n, ca, c).T + ca
    return Pose(name, places, joined=True, sure=_first_placed(name))
