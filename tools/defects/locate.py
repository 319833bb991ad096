"""Finds the host, the supercell and the defects of a structure, by comparing it with pristine ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.atoms import Atoms
from tools.defects.configuration import VACANCY, Configuration, Defect
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.hosts import Host, hosts
from tools.defects.spec import LARGEST

STRAIN: Final = 0.02  # how far a lattice constant may be from the host's
ANGLE: Final = 1.0  # degrees
ACUTE: Final = 60.0  # degrees
TOLERANCE: Final = 0.5  # Å between an atom and its site
MOST_CHANGED: Final = 0.5  # of all sites; beyond that it is another crystal
ANCHORS: Final = 12  # atoms tried as origin
VACUUM: Final = 6.0  # Å: a wider gap between heights is no part of a host

Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class Match:
    """Which site each atom stands on, and how far from it (Å)."""

    cells: NDArray[np.int64]
    basis: NDArray[np.int64]
    distance: Floats


def find_configuration(atoms: Atoms) -> Configuration:
    """Raises OutsideModel for another crystal, an interstitial or a supercell that does not fit."""
    slab = _slab(atoms)
    alike = [host for host in hosts() if np.isin(slab.symbols, host.elements).mean() > 1 - MOST_CHANGED]
    if not alike:
        known = ", ".join(host.label for host in hosts())
        raise OutsideModel(
            f"{', '.join(sorted(set(atoms.symbols)))}: not the elements of a known host ({known})"
        )
    fits = [(host, shape, turned) for host in alike for shape, turned in _shapes(host, slab)]
    if not fits:
        raise OutsideModel(_no_lattice(slab, alike))
    failures: list[BadInput] = []
    for host, shape, turned in fits:
        try:
            return _compare(host, shape, turned)
        except BadInput as error:
            failures.append(error)
    raise failures[0]


def _slab(atoms: Atoms) -> Slab:
    a, b, c = atoms.lattice
    uv = atoms.fractional[:, :2] + np.outer(atoms.fractional[:, 2], _in_plane(c, atoms.lattice[:2]))
    a, b, uv = _obtuse(a, b, uv)
    normal = np.cross(a, b)
    normal /= np.linalg.norm(normal)
    lengths = (float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    gamma = _angle(a, b)
    period = abs(float(c @ normal))
    return Slab(np.array(atoms.symbols), uv, atoms.fractional[:, 2] * period, lengths, gamma, period)


def _angle(a: Floats, b: Floats) -> float:
    return float(np.degrees(np.arccos(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b))))


def _obtuse(a: Floats, b: Floats, uv: Floats) -> tuple[Floats, Floats, Floats]:
    """Some programs span a hexagonal plane by vectors at 60° and hosts by those at 120°: the same lattice."""
    if abs(_angle(a, b) - ACUTE) > ANGLE:
        return a, b, uv
    times = np.linalg.norm(b) / np.linalg.norm(a)
    if times >= 1:
        k = round(times)
        return a, b - k * a, uv @ np.array([[1, 0], [k, 1]])
    k = round(1 / times)
    return a - k * b, b, uv @ np.array([[1, k], [0, 1]])


def _in_plane(vector: Floats, plane: Floats) -> Floats:
    """The in-plane part of a (perhaps tilted) c, in fractions of a and b."""
    return np.asarray(np.linalg.solve(plane @ plane.T, plane @ vector), dtype=np.float64)


def _shapes(host: Host, slab: Slab) -> Iterator[tuple[tuple[int, int], Slab]]:
    """Supercells of the host that the lattice fits, with a and b as they are, then exchanged."""
    swapped = replace(slab, uv=slab.uv[:, ::-1], lengths=slab.lengths[::-1])
    for candidate in (slab, swapped) if host.is_anisotropic else (slab,):
        shape = tuple(
            max(1, round(have / one)) for have, one in zip(candidate.lengths, (host.a, host.b), strict=True)
        )
        strains = (
            abs(have / (k * one) - 1)
            for have, k, one in zip(candidate.lengths, shape, (host.a, host.b), strict=True)
        )
        if max(strains) <= STRAIN and abs(slab.gamma - host.gamma) <= ANGLE and max(shape) <= LARGEST:
            yield (shape[0], shape[1]), candidate


def _no_lattice(slab: Slab, alike: list[Host]) -> str:
    a, b = slab.lengths
    known = ", ".join(f"{h.label} {h.a:.3f}×{h.b:.3f} Å {h.gamma:.0f}°" for h in alike)
    found = f"a lattice of {a:.3f}×{b:.3f} Å, {slab.gamma:.1f}°"
    hint = "" if slab.period - np.ptp(_unwrapped(slab)) >= VACUUM else "; the vacuum has to lie along c"
    return f"{found} is no n×m supercell (n and m up to {LARGEST}) of {known}{hint}"


def _compare(host: Host, shape: tuple[int, int], slab: Slab) -> Configuration:
    gap = slab.period - np.ptp(_unwrapped(slab))
    if gap < VACUUM:
        raise OutsideModel(
            f"layers {max(gap, 0):.1f} Å apart: the model knows single ones, with {VACUUM:.0f} Å of vacuum"
        )
    best = next(_exact(host, shape, slab), None) or _aligned(host, shape, slab)
    _check_sites(host, best, slab)
    return _difference(host, shape, best, slab)


def _exact(host: Host, shape: tuple[int, int], slab: Slab) -> Iterator[Match]:
    """The common case: the file's origin is the host's."""
    match = _sites(host, shape, slab.uv, slab.z)
    if match.distance.max() < TOLERANCE / 10 and _agreement(host, match, slab) > 1 - MOST_CHANGED:
        yield match


def _aligned(host: Host, shape: tuple[int, int], slab: Slab) -> Match:
    """The origin, and which way round, under which most atoms stand on a site of their element."""
    z = _unwrapped(slab)
    best, score = None, -1.0
    for sign in (1, -1):
        for t in _origins(host, shape, slab, sign * slab.uv, sign * z):
            match = _sites(host, shape, sign * slab.uv - t[:2], sign * z - t[2])
            agreement = _agreement(host, match, slab)
            if agreement > score:
                best, score = match, agreement
    if best is None or score < 1 - MOST_CHANGED:
        fit = f"the lattice would fit {host.label} {shape[0]}×{shape[1]}"
        raise OutsideModel(f"{fit}, but the atoms do not stand on its sites")
    return best


def _unwrapped(slab: Slab) -> Floats:
    """Heights in one piece, also where the slab crosses the cell's boundary."""
    z = slab.z % slab.period
    order = np.sort(z)
    gaps = np.diff(order)
    inside = gaps.max(initial=0.0)
    return np.where(z > order[gaps.argmax()], z - slab.period, z) if inside > VACUUM else z


def _origins(host: Host, shape: tuple[int, int], slab: Slab, uv: Floats, z: Floats) -> Iterator[Floats]:
    for k in np.linspace(0, len(z) - 1, min(ANCHORS, len(z))).astype(int):
        for site in host.sites:
            if site.element == slab.symbols[k]:
                yield np.array([uv[k, 0] - site.x / shape[0], uv[k, 1] - site.y / shape[1], z[k] - site.z])


def _sites(host: Host, shape: tuple[int, int], uv: Floats, z: Floats) -> Match:
    """The nearest site of each atom."""
    offset = uv[:, None] * shape - host.basis[None, :, :2]
    cells = np.rint(offset)
    plane = (offset - cells) @ host.plane
    distance = np.sqrt((plane**2).sum(-1) + (z[:, None] - host.basis[None, :, 2]) ** 2)
    basis = distance.argmin(1)
    rows = np.arange(len(z))
    return Match(cells[rows, basis].astype(np.int64) % shape, basis, distance[rows, basis])


def _agreement(host: Host, match: Match, slab: Slab) -> float:
    same = np.array(host.elements)[match.basis] == slab.symbols
    return float((same & (match.distance < TOLERANCE)).mean())


def _check_sites(host: Host, match: Match, slab: Slab) -> None:
    far = int(match.distance.argmax())
    if match.distance[far] >= TOLERANCE:
        place = (
            f"atom {far + 1} ({slab.symbols[far]}) is {match.distance[far]:.2f} Å from the nearest site of"
        )
        raise OutsideModel(
            f"{place} {host.label}: interstitials and rebuilt structures are outside the model"
        )
    _, first, counts = np.unique(
        np.c_[match.cells, match.basis], axis=0, return_index=True, return_counts=True
    )
    if (counts > 1).any():
        atom = int(first[counts > 1][0])
        raise BadInput(f"atom {atom + 1} ({slab.symbols[atom]}) shares its site with another: atoms overlap")


def _difference(host: Host, shape: tuple[int, int], match: Match, slab: Slab) -> Configuration:
    now = np.full((*shape, len(host.sites)), VACANCY, dtype="<U3")
    now[match.cells[:, 0], match.cells[:, 1], match.basis] = slab.symbols
    changed = np.argwhere(now != np.array(host.elements))
    if len(changed) > MOST_CHANGED * now.size:
        raise OutsideModel(
            f"{len(changed)} of {now.size} sites differ from {host.label}: this is another crystal"
        )
    defects = tuple(Defect(int(i), int(j), int(b), str(now[i, j, b])) for i, j, b in changed)
    return Configuration(host, *shape, defects)
