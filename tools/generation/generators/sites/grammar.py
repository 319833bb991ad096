"""Which token may follow, and the residues that the tokens have built so far."""

from enum import Enum
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.sites.building import CA, OXYGEN, C, N, Pose, arms, join, stand
from tools.generation.generators.sites.tokens import (
    STEP,
    WIDTH,
    read_angle,
    read_axes,
    read_place,
    slots,
)
from tools.generation.generators.vocabulary import LAST
from tools.generation.sites.geometry import torsion
from tools.generation.sites.residues import ATOMS, ideals
from tools.generation.sites.site import REACH, Places, Residue

MOST: Final = 60  # residues
ACROSS: Final = 0.35  # Å that C of the residue before may be nearer: two bonds lie between
BEFORE_LAST: Final = 2  # tokens that a residue still needs
AROUND: Final = range(360 // WIDTH)
OVER: Final = range(180 // WIDTH)


class Care(Enum):
    """How near atoms may come (Å), and a Cα to any atom but its own and its neighbours'.

    A residue has to come within 5 Å of the ligand. STRICT also wants a Cα that stands by itself to be no
    farther from it than 95 % of those of the training sites are. Where STRICT leaves no choice, LOOSE is
    tried; where that leaves none, the residue is left out: its tokens are written and build nothing.
    """

    STRICT = (2.6, 3.2)
    LOOSE = (2.05, 2.6)
    LEFT_OUT = (0.0, 0.0)

    @property
    def apart(self) -> float:
        return self.value[0]

    @property
    def centre(self) -> float:
        return self.value[1]


class SiteState:
    """Residues around a ligand, token by token; places in Å from its centroid.

    `allows` refuses what is out of order and, while `checks` is set, what the care forbids.
    """

    def __init__(self, ligand: Places, *, checks: bool = True) -> None:
        self.checks, self.care = checks, Care.STRICT
        self.done: list[Pose] = []
        self.left_out = 0
        self._ligand = self._atoms = ligand
        self._name, self._left, self._numbers = "", "", dict[str, str]()
        self._pose: Pose | None = None
        self._gap = True  # no peptide bond leads to what was left out

    @property
    def residues(self) -> tuple[Residue, ...]:
        return tuple(pose.residue() for pose in self.done)

    def allows(self, token: str) -> bool:
        if not self._name:
            return bool(self.done) if token == LAST else token in ATOMS and len(self.done) < MOST
        if not self._is_next(token):
            return False
        return not self.checks or self.care is Care.LEFT_OUT or self._is_free(token)

    def push(self, token: str) -> None:
        if not self._name:
            self._name = "" if token == LAST else token
            return
        if self.care is not Care.LEFT_OUT:
            self._pose = self._after(token)
        if not self._left:
            self._left = slots(self._name, joined=token[0] == "w")
        self._numbers[token[0]], self._left = token, self._left[1:]
        if not self._left:
            self._finish()

    def _finish(self) -> None:
        self._gap = self.care is Care.LEFT_OUT
        if self._pose is not None and not self._gap:
            self.done.append(self._pose)
            self._atoms = np.concatenate([self._atoms, self._pose.places])
        self.left_out += self._gap
        self.care, self._name, self._numbers, self._pose = Care.STRICT, "", {}, None

    def _is_next(self, token: str) -> bool:
        if token in ATOMS or not token[1:].isdecimal():
            return False
        if self._left:
            return token[0] == self._left[0]
        return token[0] == "r" or (token[0] == "w" and not self._gap)

    def _after(self, token: str) -> Pose | None:
        """Return the residue as it stands with this token, None before it stands."""
        known = self._numbers | {token[0]: token}
        conformer = sum(int(one[1:]) for one in known.values()) + 7 * len(self.done)
        if token[0] == "g":
            at = read_place(known["r"], known["t"], known["p"])
            return stand(self._name, conformer, at, read_axes(at, known["b"], known["a"], known["g"]))
        if token[0] == "f":
            before = self.done[-1]
            psi = float(np.degrees(torsion(*before.places[[N, CA, C, OXYGEN]]))) + 180
            return join(self._name, conformer, before, (psi, read_angle(known["w"]), read_angle(token)))
        if self._pose is None:
            return None
        pose = self._pose.copy()
        if token[0] == "s":
            pose.set_psi(read_angle(token))
        if token[0] == "c":
            pose.set_chi(read_angle(token))
        return pose

    def _is_free(self, token: str) -> bool:
        """Whether there is room; a token that only leads to others is free where one of those is."""
        letter = token[0]
        if letter in "rtp":
            return bool(self._may_stand(self._centres(token)).any())
        if letter == "b":
            return True
        if letter in "aw":
            return self._leads_on(token)
        pose = self._after(token)
        if pose is None or not self._has_room(pose, token):
            return False
        return len(self._left) != BEFORE_LAST or self._can_end(pose)

    def _leads_on(self, token: str) -> bool:
        """Whether an angle leads to one that is free; to stay in the chain, little care is enough."""
        care, left, self._numbers[token[0]] = self.care, self._left, token
        self._left = (left or slots(self._name, joined=True))[1:]
        following = "g" if token[0] == "a" else "f"
        self.care = care if token[0] == "a" else Care.LOOSE
        free = any(self._is_free(f"{following}{k}") for k in AROUND)
        self.care, self._left = care, left
        del self._numbers[token[0]]
        return free

    def _can_end(self, pose: Pose) -> bool:
        """Whether the last token of the residue will have a choice."""
        before, left = self._pose, self._left
        self._pose, self._left = pose, left[1:]
        free = any(self._is_free(f"{self._left}{k}") for k in AROUND)
        self._pose, self._left = before, left
        return free

    def _centres(self, token: str) -> Places:
        """Where Cα may come to stand with this token, (n, 3)."""
        known = self._numbers | {token[0]: token}
        polar, azimuth = (int(known[x][1:]) if x in known else slice(None) for x in "tp")
        return directions()[polar, azimuth].reshape(-1, 3) * (int(known["r"][1:]) * STEP)

    def _may_stand(self, centres: Places) -> NDArray[np.bool_]:
        """Of each place (n, 3), whether a Cα may be there."""
        free = _distances(centres, self._atoms).min(1) >= self.care.centre
        if self.care is Care.STRICT:
            free &= _distances(centres, self._ligand).min(1) <= ideals()[self._name].reach
        return np.asarray(free)

    def _has_room(self, pose: Pose, token: str) -> bool:
        """Whether the atoms that this token puts in place are apart from all others."""
        old = self._pose.sure if self._pose else []
        new, apart = pose.sure[len(old) :], self.care.apart
        if pose.own_nearest(new) < apart or self._others_nearest(pose, new, behind=token[0] == "f") < apart:
            return False
        far = _distances(pose.places[pose.sure], self._ligand).min(1)
        reaches = bool(far.min() <= REACH)
        if reaches or len(self._left) == 1:
            return reaches
        return bool((far <= REACH + arms(self._name, tuple(pose.sure))).all())

    def _others_nearest(self, pose: Pose, new: list[int], *, behind: bool) -> float:
        """Least distance from atoms of others; those that a peptide bond brings together do not count."""
        if not (pose.joined and behind):
            return float(_distances(pose.places[new], self._atoms).min())
        before = self.done[-1].places
        others = np.concatenate([self._atoms[: -len(before)], before[4:]])
        outer = [place for place in new if place not in {N, CA}]
        far = _distances(pose.places[new], others).min()
        beside = _distances(pose.places[outer], before[[N, CA, OXYGEN]]).min()
        across = _distances(pose.places[outer], before[[C]]).min()
        return float(min(far, beside, across + ACROSS if across > Care.LOOSE.apart else across))


@cache
def directions() -> Places:
    """Return the unit vector of each pair of polar and azimuthal bins, (18, 36, 3)."""
    return np.array([[read_place("r2", f"t{t}", f"p{p}") for p in AROUND] for t in OVER])


def _distances(places: Places, others: Places) -> Places:
    """Å, (n, m)."""
    square = (places**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * places @ others.T
    return np.asarray(np.sqrt(np.maximum(square, 0.0)))
