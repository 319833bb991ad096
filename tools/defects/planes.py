"""The plane of a layer, in whichever cell a file writes it: axes, bases and centred cells."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.hosts import Host
from tools.defects.spec import LARGEST
from tools.structures import Atoms

STRAIN: Final = 0.02  # how far a lattice constant may be from the host's
ANGLE: Final = 1.0  # degrees
ACUTE: Final = 60.0  # degrees
VACUUM: Final = 6.0  # Å: a wider gap between heights is no part of a host
REACH: Final = 4  # multiples of the shortest vectors that another basis is sought among
SAME: Final = 0.2  # Å, within which a translation maps an atom on its like
AXES: Final = ((0, 1, 2), (1, 2, 0), (2, 0, 1))

Floats = NDArray[np.float64]
Shape = tuple[int, int]


@dataclass(frozen=True)
class Slab:
    """Fractions along a and b, height over the plane in Å; lengths and angle of the plane's lattice."""

    symbols: NDArray[np.str_]
    uv: Floats
    z: Floats
    lengths: tuple[float, float]
    gamma: float
    period: float
    """Height of the cell, Å."""

    @property
    def vacuum(self) -> float:
        """Å of the period that no atom reaches into."""
        return self.period - float(np.ptp(unwrapped(self)))

    @property
    def plane(self) -> Floats:
        """The lattice vectors of the plane as rows, Å."""
        (a, b), gamma = self.lengths, np.radians(self.gamma)
        return np.array([[a, 0.0], [b * np.cos(gamma), b * np.sin(gamma)]])


def slabs(atoms: Atoms) -> Iterator[Slab]:
    """Yield the plane of a and b, and those of the other axes if a vacuum lies across them."""
    for k, axes in enumerate(AXES):
        slab = _slab(atoms.symbols, atoms.fractional[:, axes], atoms.lattice[list(axes)])
        if k == 0 or slab.vacuum >= VACUUM:
            yield slab


def supercells(host: Host, slab: Slab) -> Iterator[tuple[Shape, Slab]]:
    """Yield supercells of the host that the lattice fits, with a and b as they are, then exchanged."""
    swapped = replace(slab, uv=slab.uv[:, ::-1], lengths=slab.lengths[::-1])
    for candidate in (slab, swapped) if host.is_anisotropic else (slab,):
        shape, strain = _nearest(host, candidate)
        if strain <= STRAIN and abs(slab.gamma - host.gamma) <= ANGLE and max(shape) <= LARGEST:
            yield shape, candidate


def rebased(host: Host, slab: Slab) -> Iterator[tuple[Shape, Slab]]:
    """Yield the same lattice on another basis that is a supercell of the host, the most compact one first."""
    area, one = abs(np.linalg.det(slab.plane)), abs(np.linalg.det(host.plane))
    short = _reduced(slab.plane)
    steps = [np.array(s) for s in product(range(-REACH, REACH + 1), repeat=2)]
    steps.sort(key=lambda step: float(np.linalg.norm(step @ short @ slab.plane)))
    for first in steps:
        for second in steps:
            turn = np.array([first, second]) @ short
            if round(float(np.linalg.det(turn))) != 1:
                continue
            other = _turned(slab, turn)
            shape, strain = _nearest(host, other)
            whole = shape[0] * shape[1] == round(area / one) and max(shape) <= LARGEST
            if whole and strain <= STRAIN and abs(other.gamma - host.gamma) <= ANGLE:
                yield shape, other
                return


def primitive(slab: Slab) -> Slab | None:
    """Return the slab in its smallest cell, as of a centred one; None if no translation maps it on itself."""
    shifts = list(_translations(slab))
    if not shifts:
        return None
    size = len(shifts) + 1
    vectors = [np.array(v, float) for v in ((1, 0), (0, 1), *shifts)]
    pairs = (np.array([v, w]) for v in vectors for w in vectors)
    turn = next((p for p in pairs if abs(float(np.linalg.det(p)) * size - 1) < 1e-3), None)  # noqa: PLR2004 rounding
    if turn is None:
        return None
    smaller = _turned(slab, turn)
    apart = smaller.uv[:, None] - smaller.uv[None]
    plane = (apart - np.rint(apart)) @ smaller.plane
    near = np.hypot(np.linalg.norm(plane, axis=-1), smaller.z[:, None] - smaller.z[None]) < SAME
    first = near.argmax(1) == np.arange(len(smaller.z))
    return replace(smaller, symbols=smaller.symbols[first], uv=smaller.uv[first], z=smaller.z[first])


def unwrapped(slab: Slab) -> Floats:
    """Return heights in one piece, also where the slab crosses the cell's boundary."""
    z = slab.z % slab.period
    order = np.sort(z)
    gaps = np.diff(order)
    inside = gaps.max(initial=0.0)
    return np.where(z > order[gaps.argmax()], z - slab.period, z) if inside > VACUUM else z


def explain_misfit(slab: Slab, alike: list[Host]) -> str:
    """Return why the lattice is no supercell of the hosts, with the strain where only that is too large."""
    a, b = slab.lengths
    known = ", ".join(f"{h.label} {h.a:.3f}×{h.b:.3f} Å {h.gamma:.0f}°" for h in alike)
    found = f"a lattice of {a:.3f}×{b:.3f} Å, {slab.gamma:.1f}°"
    said = f"{found} is no n×m supercell (n and m up to {LARGEST}) of {known}"
    host = min(alike, key=lambda h: _nearest(h, slab)[1])
    shape, strain = _nearest(host, slab)
    if slab.vacuum < VACUUM:
        return f"{said}; no axis has {VACUUM:.0f} Å of vacuum along it"
    if abs(slab.gamma - host.gamma) <= ANGLE and strain < 3 * STRAIN:
        return (
            f"{said}: strained by {strain:.1%} against {shape[0]}×{shape[1]}, at most {STRAIN:.0%} is taken"
        )
    return said


@dataclass(frozen=True)
class _Plane:
    """What a lattice alone says of its slab."""

    across: Floats
    """(2,) the in-plane part of a (perhaps tilted) c, in fractions of a and b."""
    turn: Floats
    """(2, 2) from fractions of a and b to those of the plane's lattice."""
    lengths: tuple[float, float]
    gamma: float
    period: float


@lru_cache(maxsize=256)
def _plane(lattice: tuple[float, ...]) -> _Plane:
    """Files of one source have the same few lattices."""
    a, b, c = np.array(lattice).reshape(3, 3)
    plane = np.stack([a, b])
    across = np.asarray(np.linalg.solve(plane @ plane.T, plane @ c), dtype=np.float64)
    a, b, turn = _obtuse(a, b)
    normal = np.cross(a, b)
    normal /= np.linalg.norm(normal)
    lengths = (float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return _Plane(across, turn, lengths, _angle(a, b), abs(float(c @ normal)))


def _slab(symbols: tuple[str, ...], fractional: Floats, lattice: Floats) -> Slab:
    plane = _plane(tuple(lattice.ravel().tolist()))
    uv = (fractional[:, :2] + np.outer(fractional[:, 2], plane.across)) @ plane.turn
    heights = fractional[:, 2] * plane.period
    return Slab(np.array(symbols), uv, heights, plane.lengths, plane.gamma, plane.period)


def _angle(a: Floats, b: Floats) -> float:
    return float(np.degrees(np.arccos(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b))))


def _obtuse(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Some programs span a hexagonal plane by vectors at 60° and hosts by those at 120°: the same lattice."""
    if abs(_angle(a, b) - ACUTE) > ANGLE:
        return a, b, np.eye(2)
    times = np.linalg.norm(b) / np.linalg.norm(a)
    if times >= 1:
        k = round(times)
        return a, b - k * a, np.array([[1.0, 0.0], [k, 1.0]])
    k = round(1 / times)
    return a - k * b, b, np.array([[1.0, k], [0.0, 1.0]])


def _nearest(host: Host, slab: Slab) -> tuple[Shape, float]:
    """Return the supercell that is nearest in lengths, and the larger strain against it."""
    pairs = list(zip(slab.lengths, (host.a, host.b), strict=True))
    n, m = (max(1, round(have / one)) for have, one in pairs)
    return (n, m), max(abs(have / (k * one) - 1) for (have, one), k in zip(pairs, (n, m), strict=True))


def _reduced(plane: Floats) -> NDArray[np.int64]:
    """Return the basis of shortest vectors (Lagrange), as integer combinations (rows) of the given one."""
    turn = np.eye(2, dtype=np.int64)
    while True:
        a, b = turn @ plane
        if a @ a > b @ b:
            turn = np.array([turn[1], -turn[0]])
            continue
        times = round(float(a @ b) / float(a @ a))
        if not times:
            return turn
        turn = np.array([turn[0], turn[1] - times * turn[0]])


def _turned(slab: Slab, turn: Floats | NDArray[np.int64]) -> Slab:
    """Return the slab on the basis whose vectors are the rows of `turn` in the present one."""
    a, b = turn @ slab.plane
    lengths = (float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return replace(slab, uv=slab.uv @ np.linalg.inv(turn), lengths=lengths, gamma=_angle(a, b))


def _translations(slab: Slab) -> Iterator[Floats]:
    """Yield the translations within the cell, in fractions, that map the slab on itself."""
    elements, counts = np.unique(slab.symbols, return_counts=True)
    rare = np.flatnonzero(slab.symbols == elements[counts.argmin()])
    for k in rare[1:]:
        shift = (slab.uv[k] - slab.uv[rare[0]]) % 1.0
        if abs(slab.z[k] - slab.z[rare[0]]) < SAME and _maps(slab, shift):
            yield shift


def _maps(slab: Slab, shift: Floats) -> bool:
    for element in np.unique(slab.symbols):
        own = slab.symbols == element
        apart = (slab.uv[own] + shift)[:, None] - slab.uv[own][None]
        plane = np.linalg.norm((apart - np.rint(apart)) @ slab.plane, axis=-1)
        heights = slab.z[own][:, None] - slab.z[own][None]
        if (np.hypot(plane, heights).min(1) > SAME).any():
            return False
    return True
