"""Finds the host, the supercell and the defects of a structure, by comparing it with pristine ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import VACANCY, Configuration, Defect
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.hosts import Host, hosts
from tools.defects.planes import (
    VACUUM,
    Shape,
    Slab,
    explain_misfit,
    primitive,
    rebased,
    slabs,
    supercells,
    unwrapped,
)
from tools.defects.spec import LARGEST
from tools.structures import Atoms

TOLERANCE: Final = 0.5  # Å between an atom and its site
MOST_CHANGED: Final = 0.5  # of all sites; beyond that it is another crystal
MOST_FULL: Final = 1.25  # atoms to sites; beyond that there is another layer
ANCHORS: Final = 12  # atoms tried as origin
MOST_PAIRED: Final = 2_000  # atoms whose pairs are compared

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SiteAssignment:
    """Which site each atom stands on, and the way from there to the atom (x, y, z in Å)."""

    cells: NDArray[np.int64]
    basis: NDArray[np.int64]
    way: Floats
    distance: Floats


def find_configuration(atoms: Atoms) -> Configuration:
    """Raises OutsideModel for another crystal, an interstitial or a supercell that does not fit."""
    counts = atoms.counts()
    common = (1 - MOST_CHANGED) * len(atoms.symbols)
    alike = [host for host in hosts() if sum(counts[e] for e in set(host.elements)) > common]
    if not alike:
        known = ", ".join(host.label for host in hosts())
        raise OutsideModel(f"{', '.join(sorted(counts))}: not the elements of a known host ({known})")
    failures: list[BadInput] = []
    for host, shape, slab in _fits(atoms, alike):
        try:
            return _compare(host, shape, slab)
        except BadInput as error:
            failures.append(error)
    if failures:
        raise failures[0]
    flat = max(slabs(atoms), key=lambda slab: slab.vacuum >= VACUUM)
    raise OutsideModel(explain_misfit(flat, alike))


def _fits(atoms: Atoms, alike: list[Host]) -> Iterator[tuple[Host, Shape, Slab]]:
    """Yield hosts and supercells that the lattice fits: as it is, else uncentred, else on another basis."""
    for choose in (_as_written, _uncentred, _on_another_basis):
        for slab in slabs(atoms):
            fits = list(choose(slab, alike))
            yield from fits
            if fits:
                return


def _as_written(slab: Slab, alike: list[Host]) -> Iterator[tuple[Host, Shape, Slab]]:
    return ((host, *fit) for host in alike for fit in supercells(host, slab))


def _uncentred(slab: Slab, alike: list[Host]) -> Iterator[tuple[Host, Shape, Slab]]:
    """Yield fits of a centred cell's half, as of a CIF with symmetry, unless it is smaller than trained."""
    smaller = primitive(slab) if len(slab.z) < MOST_PAIRED else None
    for host, shape, turned in _on_another_basis(smaller, alike) if smaller is not None else ():
        if min(shape) >= min(host.supercell):
            yield host, shape, turned


def _on_another_basis(slab: Slab, alike: list[Host]) -> Iterator[tuple[Host, Shape, Slab]]:
    return ((host, *fit) for host in alike for fit in rebased(host, slab))


def _compare(host: Host, shape: Shape, slab: Slab) -> Configuration:
    if slab.vacuum < VACUUM:
        raise OutsideModel(
            f"layers {max(slab.vacuum, 0):.1f} Å apart: the model knows single ones, "
            f"with {VACUUM:.0f} Å of vacuum"
        )
    sites = shape[0] * shape[1] * len(host.sites)
    if len(slab.z) > MOST_FULL * sites:
        raise OutsideModel(
            f"{len(slab.z)} atoms, where one layer of {host.label} {shape[0]}×{shape[1]} has {sites}: "
            "the model knows single layers"
        )
    best = next(_exact(host, shape, slab), None) or _aligned(host, shape, slab)
    _check_sites(host, best, slab)
    return _difference(host, shape, best, slab)


def _exact(host: Host, shape: Shape, slab: Slab) -> Iterator[SiteAssignment]:
    """The common case: the file's origin is the host's."""
    match = _sites(host, shape, slab.uv, slab.z)
    if match.distance.max() < TOLERANCE / 10 and _agreement(host, match, slab) > 1 - MOST_CHANGED:
        yield match


def _aligned(host: Host, shape: Shape, slab: Slab) -> SiteAssignment:
    """The origin, and which way round, under which most atoms stand on a site of their element."""
    z = unwrapped(slab)
    best, score, uv, heights = None, -1.0, slab.uv, z
    for sign in (1, -1):
        for t in _origins(host, shape, slab, sign * slab.uv, sign * z):
            moved, lifted = sign * slab.uv - t[:2], sign * z - t[2]
            match = _sites(host, shape, moved, lifted)
            agreement = _agreement(host, match, slab)
            if agreement > score:
                best, score, uv, heights = match, agreement, moved, lifted
    if best is None or score < 1 - MOST_CHANGED:
        fit = f"the lattice would fit {host.label} {shape[0]}×{shape[1]}"
        raise OutsideModel(f"{fit}, but the atoms do not stand on its sites")
    return _centred(host, shape, best, uv, heights)


def _centred(host: Host, shape: Shape, match: SiteAssignment, uv: Floats, z: Floats) -> SiteAssignment:
    """Without the displacement of the atom that was the origin: most atoms then stand about their sites."""
    way = np.median(match.way, axis=0)
    moved = uv - np.linalg.solve((host.plane * np.array(shape)[:, None]).T, way[:2])
    return _sites(host, shape, moved, z - way[2])


def _origins(host: Host, shape: Shape, slab: Slab, uv: Floats, z: Floats) -> Iterator[Floats]:
    for k in np.linspace(0, len(z) - 1, min(ANCHORS, len(z))).astype(int):
        for site in host.sites:
            if site.element == slab.symbols[k]:
                yield np.array([uv[k, 0] - site.x / shape[0], uv[k, 1] - site.y / shape[1], z[k] - site.z])


def _sites(host: Host, shape: Shape, uv: Floats, z: Floats) -> SiteAssignment:
    """The nearest site of each atom."""
    offset = uv[:, None] * shape - host.basis[None, :, :2]
    cells = np.rint(offset)
    plane = (offset - cells) @ host.plane
    heights = z[:, None] - host.basis[None, :, 2]
    distance = np.sqrt((plane**2).sum(-1) + heights**2)
    basis = distance.argmin(1)
    rows = np.arange(len(z))
    way = np.concatenate([plane[rows, basis], heights[rows, basis][:, None]], axis=1)
    return SiteAssignment(cells[rows, basis].astype(np.int64) % shape, basis, way, distance[rows, basis])


def _agreement(host: Host, match: SiteAssignment, slab: Slab) -> float:
    same = np.array(host.elements)[match.basis] == slab.symbols
    return float((same & (match.distance < TOLERANCE)).mean())


def _check_sites(host: Host, match: SiteAssignment, slab: Slab) -> None:
    far = int(match.distance.argmax())
    if match.distance[far] >= TOLERANCE:
        place = (
            f"atom {far + 1} ({slab.symbols[far]}) is {match.distance[far]:.2f} Å from the nearest site of"
        )
        raise OutsideModel(
            f"{place} {host.label}: interstitials and rebuilt structures are outside the model"
        )
    sites = (match.cells[:, 0] * LARGEST + match.cells[:, 1]) * len(host.sites) + match.basis
    _, first, counts = np.unique(sites, return_index=True, return_counts=True)
    if (counts > 1).any():
        atom = int(first[counts > 1][0])
        raise BadInput(f"atom {atom + 1} ({slab.symbols[atom]}) shares its site with another: atoms overlap")


def _difference(host: Host, shape: Shape, match: SiteAssignment, slab: Slab) -> Configuration:
    now = np.full((*shape, len(host.sites)), VACANCY, dtype="<U3")
    now[match.cells[:, 0], match.cells[:, 1], match.basis] = slab.symbols
    changed = np.argwhere(now != np.array(host.elements))
    if len(changed) > MOST_CHANGED * now.size:
        raise OutsideModel(
            f"{len(changed)} of {now.size} sites differ from {host.label}: this is another crystal"
        )
    defects = tuple(Defect(int(i), int(j), int(b), str(now[i, j, b])) for i, j, b in changed)
    return Configuration(host, *shape, defects)
