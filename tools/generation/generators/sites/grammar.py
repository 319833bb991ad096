"""Which token may follow, and the residues that the tokens have built so far."""

from typing import Final

import numpy as np

from tools.generation.generators.sites.building import CA, OXYGEN, C, N, Pose, join, longest, stand
from tools.generation.generators.sites.tokens import read_angle, read_axes, read_place, slots
from tools.generation.generators.vocabulary import LAST
from tools.generation.sites.residues import ATOMS
from tools.generation.sites.site import REACH, Places, Residue

APART: Final = 2.6  # Å between atoms that are not bonded
AT_LEAST: Final = 2.05  # Å, where nothing else fits
NEAREST_CENTRE: Final = 3.2  # Å of a Cα from any atom but its own and its neighbours'
MOST: Final = 60  # residues


class SiteState:
    """Residues around a ligand, token by token.

    `allows` refuses what is out of order; while `checks` is set also what stands nearer to another atom than
    `apart`, and while `strict`, a residue that ends without an atom within 5 Å of the ligand.
    """

    def __init__(self, ligand: Places, *, checks: bool = True) -> None:
        self._ligand, self.checks, self.strict = ligand, checks, True
        self._atoms = ligand
        self.done: list[Pose] = []
        self._name, self._left, self._numbers = "", "", dict[str, str]()
        self._pose: Pose | None = None
        self._trial: tuple[str, Pose | None] | None = None

    @property
    def residues(self) -> tuple[Residue, ...]:
        return tuple(pose.residue() for pose in self.done)

    def allows(self, token: str) -> bool:
        if not self._name:
            return token in ATOMS and len(self.done) < MOST if token != LAST else bool(self.done)
        letter = token[0]
        if token in ATOMS or not token[1:].isdecimal() or not self._fits(letter):
            return False
        pose, new = self._after(token)
        self._trial = (token, pose)
        return not self.checks or self._is_free(letter, token, pose, new)

    def push(self, token: str) -> None:
        if not self._name:
            self._name, self._left, self._numbers = token if token != LAST else "", "", {}
            return
        trial = self._trial if self._trial and self._trial[0] == token else (token, self._after(token)[0])
        if not self._left:
            self._left = slots(self._name, joined=token[0] == "w")
        self._pose, self._numbers[token[0]] = trial[1], token
        self._left, self._trial = self._left[1:], None
        if not self._left and self._pose is not None:
            self.done.append(self._pose)
            self._atoms = np.concatenate([self._atoms, self._pose.places])
            self._name, self._pose = "", None

    def _fits(self, letter: str) -> bool:
        if self._left:
            return letter == self._left[0]
        return letter == "r" or (letter == "w" and bool(self.done))

    def _after(self, token: str) -> tuple[Pose | None, list[int]]:
        """The residue as it stands with this token, and which of its atoms that puts in place."""
        known, letter = self._numbers | {token[0]: token}, token[0]
        conformer = sum(int(one[1:]) for one in known.values()) + 7 * len(self.done)
        if letter == "g":
            at = read_place(known["r"], known["t"], known["p"])
            pose = stand(self._name, conformer, at, read_axes(at, known["b"], known["a"], known["g"]))
            return pose, pose.sure
        if letter == "f":
            before = self.done[-1]
            angles = (self._psi(), read_angle(known["w"]), read_angle(known["f"]))
            pose = join(self._name, conformer, before, angles)
            return pose, pose.sure
        if self._pose is None:
            return None, []
        pose = self._pose.copy()
        new = pose.set_psi(read_angle(token)) if letter == "s" else pose.set_chi(read_angle(token))
        return pose, new

    def _psi(self) -> float:
        """Of the residue before, as its O shows it, in degrees."""
        from tools.generation.sites.geometry import torsion

        return float(np.degrees(torsion(*self.done[-1].places[[N, CA, C, OXYGEN]]))) + 180

    def _is_free(self, letter: str, token: str, pose: Pose | None, new: list[int]) -> bool:
        if letter == "p":
            at = read_place(self._numbers["r"], self._numbers["t"], token)
            return self._may_stand(at)
        if pose is None:
            return True
        apart = APART if self.strict else AT_LEAST
        if self._is_near(pose, new, apart, behind=letter == "f"):
            return False
        if letter == "f" and self.strict and _nearest(pose.places[[CA]], self._ligand) > self._reach():
            return False
        last = len(self._left) == 1
        return not (last and self.strict) or _nearest(pose.places, self._ligand) <= REACH

    def _may_stand(self, at: Places) -> bool:
        far = _nearest(at[None], self._atoms)
        if not self.strict:
            return far >= APART
        return far >= NEAREST_CENTRE and _nearest(at[None], self._ligand) <= self._reach()

    def _reach(self) -> float:
        return REACH + longest(self._name)

    def _is_near(self, pose: Pose, new: list[int], apart: float, *, behind: bool) -> bool:
        """Whether new atoms come too near; those that a peptide bond brings together do not count."""
        if pose.own_nearest(new) < apart:
            return True
        if not (pose.joined and behind):
            return _nearest(pose.places[new], self._atoms) < apart
        before = self.done[-1].places
        others = np.concatenate([self._atoms[: -len(before)], before[4:]])
        if _nearest(pose.places[new], others) < apart:
            return True
        outer = [place for place in new if place not in {N, CA}]
        return _nearest(pose.places[outer], before[[N, CA, OXYGEN]]) < apart


def _nearest(places: Places, others: Places) -> float:
    """Å."""
    square = ((places[:, None] - others[None]) ** 2).sum(-1)
    return float(np.sqrt(square.min()))
