"""A binding site as tokens: the ligand's atoms, then residues by where they stand and how they are turned.

    :P r14 t8 p30  :O r15 t7 p31  …  |  LYS r16 t4 p9 b12 a3 g20 s31 c6 c17 c18 c29  SER w17 f29 s14 c6  …

Directions and lengths are seen from the centroid of the ligand. An atom of the ligand is an element (`:C`)
with its distance (r, half Ångströms) and direction (t and p: polar and azimuthal angle). A residue is its
name and either the same of its Cα with the turn of its frame against the local directions out, south and
east (b: the angle between out and Cβ; a and g: the turns before and after), or, behind a peptide bond,
omega (w) and phi (f). Then come psi (s) and its chis (c). Numbers behind the letters of angles count bins
of 10°.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, pi
from typing import Final

import numpy as np

from tools.generation.generators.sites.building import CA, OXYGEN, C, N, chi_count
from tools.generation.generators.vocabulary import MARKS, Vocabulary
from tools.generation.sites.geometry import frame_of, torsion
from tools.generation.sites.residues import ATOMS, CHIS
from tools.generation.sites.site import Places, Residue, Site

STEP: Final = 0.5  # Å
WIDTH: Final = 10  # degrees
FARTHEST: Final = 50  # steps
BAR: Final = "|"
ELEMENTS: Final = ("B", "Br", "C", "Cl", "Co", "F", "Fe", "I", "Mg", "N", "O", "P", "S", "Se", "X", "Zn")
OTHER: Final = "X"
HALVES: Final = "tb"  # angles from 0 to 180°; all others go around
ROUND: Final = "pagwfsc"
STANDING: Final = "rtpbag"
JOINED: Final = "wf"


def build_vocabulary() -> Vocabulary:
    """Return every token that there is, the same for all training sets."""
    angles = [f"{letter}{k}" for letter in HALVES for k in range(180 // WIDTH)]
    turns = [f"{letter}{k}" for letter in ROUND for k in range(360 // WIDTH)]
    far = [f"r{k}" for k in range(FARTHEST + 1)]
    return Vocabulary((*MARKS, BAR, *(f":{e}" for e in ELEMENTS), *sorted(ATOMS), *far, *angles, *turns))


@dataclass(frozen=True)
class SiteSentence:
    """A site taken apart once, to be written in any orientation; places in Å from the ligand's centroid."""

    elements: tuple[str, ...]
    places: Places
    rest: tuple[tuple[str, ...], ...]
    """Of each residue, the tokens that no rotation changes: behind its place, or all but the name."""
    names: tuple[str, ...]
    standing: tuple[bool, ...]
    centres: Places
    """Places of Cα, (n, 3), of the residues that stand by themselves; `axes` (n, 3, 3) are theirs."""
    axes: Places

    def prompt(self, rotation: Places) -> list[str]:
        """Return the tokens of the ligand, turned."""
        return ligand_tokens(self.elements, self.places @ rotation.T)

    def residues(self, rotation: Places) -> list[str]:
        """Return the tokens of the residues, turned."""
        if not self.names:
            return []
        centres, axes = self.centres @ rotation.T, rotation @ self.axes
        where = iter(zip(_where(centres), _turn(centres, axes), strict=True))
        found: list[str] = []
        for name, alone, rest in zip(self.names, self.standing, self.rest, strict=True):
            found.append(name)
            if alone:
                place, turn = next(where)
                found += [*place, *turn]
            found += rest
        return found


def take_apart(site: Site) -> SiteSentence:
    """Return the residues that are complete; one behind an incomplete one stands by itself."""
    whole: list[tuple[Residue, Residue | None]] = []
    before: Residue | None = None
    for residue in site.residues:
        if residue.names == ATOMS[residue.name]:
            whole.append((residue, before if residue.joined else None))
        before = residue if residue.names == ATOMS[residue.name] else None
    alone = [one.places for one, earlier in whole if earlier is None]
    return SiteSentence(
        elements=site.elements,
        places=site.places,
        rest=tuple(tuple(_torsions(one, earlier)) for one, earlier in whole),
        names=tuple(one.name for one, _ in whole),
        standing=tuple(earlier is None for _, earlier in whole),
        centres=np.array([places[CA] for places in alone]).reshape(-1, 3),
        axes=np.array([frame_of(*places[[N, CA, C]]) for places in alone]).reshape(-1, 3, 3),
    )


def ligand_tokens(elements: Sequence[str], places: Places) -> list[str]:
    """Return the prompt; places in Å from the centroid."""
    known = (element if element in ELEMENTS else OTHER for element in elements)
    rows = zip(known, _where(places), strict=True)
    return [*(token for element, place in rows for token in (f":{element}", *place)), BAR]


def slots(name: str, *, joined: bool) -> str:
    """Return the letters of the tokens behind a residue's name."""
    return (JOINED if joined else STANDING) + "s" + "c" * chi_count(name)


def read_angle(token: str) -> float:
    """Return the middle of a bin, in degrees."""
    return (int(token[1:]) + 0.5) * WIDTH


def read_place(r: str, t: str, p: str) -> Places:
    """Return a place in Å."""
    polar, azimuth = np.radians(read_angle(t)), np.radians(read_angle(p))
    out = [np.sin(polar) * np.cos(azimuth), np.sin(polar) * np.sin(azimuth), np.cos(polar)]
    return np.array(out) * int(r[1:]) * STEP


def read_axes(at: Places, b: str, a: str, g: str) -> Places:
    """Return the axes of a residue's frame, as columns."""
    lean, first, last = (np.radians(read_angle(token)) for token in (b, a, g))
    return np.asarray(_local(at) @ _about_z(first) @ _about_y(lean) @ _about_z(last))


def _torsions(residue: Residue, before: Residue | None) -> Iterator[str]:
    places = residue.places
    if before is not None:
        yield _angle("w", torsion(*before.places[[CA, C]], *places[[N, CA]]))
        yield _angle("f", torsion(before.places[C], *places[[N, CA, C]]))
    yield _angle("s", torsion(*places[[N, CA, C, OXYGEN]]) + np.pi)
    for four in CHIS.get(residue.name, ())[: chi_count(residue.name)]:
        yield _angle("c", torsion(*(places[residue.names.index(atom)] for atom in four)))


def _where(places: Places) -> list[tuple[str, ...]]:
    """Three tokens for each place of (n, 3)."""
    far = np.linalg.norm(places, axis=1)
    polar = np.arccos(np.clip(places[:, 2] / np.maximum(far, 1e-9), -1, 1))
    steps = np.minimum(FARTHEST, np.round(far / STEP).astype(int))
    azimuth = np.arctan2(places[:, 1], places[:, 0])
    return [(f"r{steps[k]}", _angle("t", polar[k]), _angle("p", azimuth[k])) for k in range(len(places))]


def _turn(centres: Places, axes: Places) -> list[tuple[str, ...]]:
    """Three tokens for each frame of (n, 3, 3)."""
    turn = np.einsum("nij,nik->njk", np.array([_local(at) for at in centres]), axes)
    lean = np.arccos(np.clip(turn[:, 2, 2], -1, 1))
    first = np.arctan2(turn[:, 1, 2], turn[:, 0, 2])
    last = np.arctan2(turn[:, 2, 1], -turn[:, 2, 0])
    return [(_angle("b", lean[k]), _angle("a", first[k]), _angle("g", last[k])) for k in range(len(centres))]


def _angle(letter: str, value: float) -> str:
    degrees = value * 180 / pi
    if letter in HALVES:
        return f"{letter}{min(180 // WIDTH - 1, int(degrees // WIDTH))}"
    return f"{letter}{int(degrees % 360 // WIDTH) % (360 // WIDTH)}"


def _local(at: Places) -> Places:
    """South, east and out at a point, as columns."""
    x, y, z = (at / max(float(np.linalg.norm(at)), 1e-9)).tolist()
    flat = hypot(x, y)
    c, s = (x / flat, y / flat) if flat > 1e-9 else (1.0, 0.0)  # noqa: PLR2004 - at a pole
    return np.array([[z * c, -s, x], [z * s, c, y], [-flat, 0.0, z]])


def _about_z(by: float) -> Places:
    c, s = np.cos(by), np.sin(by)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _about_y(by: float) -> Places:
    c, s = np.cos(by), np.sin(by)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
