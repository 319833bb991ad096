"""From where a defect should be to a site: shells, distances, planes, directions; rows, triangles, rhombi."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from tools.defects.configuration import VACANCY, Configuration, Defect, describe
from tools.defects.errors import BadInput
from tools.defects.geometry import Direction, direction_table, shell_ranks
from tools.defects.graph import pair_table
from tools.defects.hosts import Host

NEAR: Final = 0.15  # Å that a wanted distance may be off
FLAT: Final = 0.05  # Å across the layer within one plane
LISTED: Final = 8  # distances in an error
Plane = Literal["same", "opposite"]
Figure = Literal["row", "triangle", "rhombus"]
Site = tuple[int, int, int]
Kind = tuple[str, str]


@dataclass(frozen=True)
class Aim:
    """Where a defect should be, seen from one that stands already; without a wish, on the first free site."""

    kind: Kind
    of: int = 0
    """The number of the other, from 0."""
    shell: int | None = None
    """The how-many-th distance at which its element has sites in the wanted plane."""
    distance: float | None = None
    """Å"""
    plane: Plane | None = None
    direction: Direction | None = None


def aim(host: Host, shape: tuple[int, int], standing: Sequence[Defect], wish: Aim) -> Defect:
    """Return the defect on the site that fits, the first in order of sites if several do. Raises BadInput."""
    before, after = wish.kind
    taken = {(one.i, one.j, one.basis) for one in standing}
    if wish.shell is None and wish.distance is None:
        site = next((site for site in _sites(host, shape, before) if site not in taken), None)
        if site is None:
            raise BadInput(f"{describe(wish.kind)}: no free site of {before} is left")
        return Defect(*site, after)
    if not 0 <= wish.of < len(standing):
        raise BadInput(f"{describe(wish.kind)} is seen from defect {wish.of}, which does not stand before it")
    origin = standing[wish.of]
    fitting = [site for site in _sites(host, shape, before) if _fits(host, shape, origin, site, wish)]
    free = [site for site in fitting if site not in taken]
    if not free:
        raise BadInput(_why_none(host, shape, origin, wish, is_taken=bool(fitting)))
    return Defect(*free[0], after)


def draw_figure(
    host: Host,
    shape: tuple[int, int],
    kind: Kind,
    figure: Figure,
    *,
    number: int = 3,
    centre: str | None = None,
) -> tuple[Defect, ...]:
    """Return defects on neighbouring sites of one plane: a row along zigzag, a triangle or a rhombus.

    A triangle lies around a site of element `centre`, or around a "hollow". Raises BadInput.
    """
    before, after = kind
    if before not in host.elements:
        raise BadInput(
            f"{host.label} has no {before}: its sites hold {', '.join(sorted(set(host.elements)))}"
        )
    if figure == "row" and not 2 <= number <= shape[0]:  # noqa: PLR2004 a row has two ends
        raise BadInput(f"a row of {number}: {shape[0]} cells hold 2 to {shape[0]}")
    if figure != "row" and host.is_anisotropic:
        raise BadInput(f"{host.label} has no {figure} of equal sides in one plane: ask for a row")
    basis = host.elements.index(before)
    cells = {
        "row": [(k, 0) for k in range(number)],
        "triangle": _triangle(host, basis, centre),
        "rhombus": [(0, 0), (1, 0), (1, 1), (2, 1)],
    }[figure]
    return tuple(Defect(i % shape[0], j % shape[1], basis, after) for i, j in cells)


def _triangle(host: Host, basis: int, centre: str | None) -> list[tuple[int, int]]:
    """Of the two triangles of neighbours, the one around the wanted centre."""
    both = [[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (0, 1)]]
    if centre is None:
        return both[0]
    around = [_centre(host, basis, corners) for corners in both]
    if centre not in around:
        raise BadInput(f"no triangle of {host.elements[basis]} lies around {centre}: {' or '.join(around)}")
    return both[around.index(centre)]


def _centre(host: Host, basis: int, corners: list[tuple[int, int]]) -> str:
    """The element above or below the middle of a triangle, else "hollow"."""
    middle = np.mean([np.array(cell) + host.basis[basis, :2] for cell in corners], axis=0)
    for element, place in zip(host.elements, host.basis[:, :2], strict=True):
        apart = middle - place
        if np.abs(apart - np.rint(apart)).max() < 0.1:  # noqa: PLR2004 of a cell: a third lies between sites
            return element
    return "hollow"


def _sites(host: Host, shape: tuple[int, int], element: str) -> Iterator[Site]:
    bases = [b for b, e in enumerate(host.elements) if e == element]
    if not bases:
        raise BadInput(
            f"{host.label} has no {element}: its sites hold {', '.join(sorted(set(host.elements)))}"
        )
    return ((i, j, b) for b in bases for i in range(shape[0]) for j in range(shape[1]))


def _fits(host: Host, shape: tuple[int, int], origin: Defect, site: Site, wish: Aim) -> bool:
    place = _place(shape, origin, site)
    distance, across = pair_table(host, *shape).values[place][:2]
    if distance < FLAT or (wish.plane and (across < FLAT) != (wish.plane == "same")):
        return False
    if (
        wish.direction
        and (0, "zigzag", "armchair")[int(direction_table(host, *shape)[place])] != wish.direction
    ):
        return False
    if wish.distance is not None and abs(distance - wish.distance) > NEAR:
        return False
    return wish.shell is None or int(shell_ranks(host, *shape)[place]) == wish.shell


def _place(shape: tuple[int, int], origin: Defect, site: Site) -> tuple[int, int, int, int]:
    return origin.basis, site[2], (site[0] - origin.i) % shape[0], (site[1] - origin.j) % shape[1]


def _why_none(host: Host, shape: tuple[int, int], origin: Defect, wish: Aim, *, is_taken: bool) -> str:
    if is_taken:
        return f"{describe(wish.kind)}: every site there holds a defect already"
    free = Aim(wish.kind, plane=wish.plane, direction=wish.direction)
    sites = [site for site in _sites(host, shape, wish.kind[0]) if _fits(host, shape, origin, site, free)]
    known = sorted(
        {round(float(pair_table(host, *shape).values[_place(shape, origin, s)][0]), 2) for s in sites}
    )
    listed = ", ".join(f"{distance:g}" for distance in known[:LISTED])
    wanted = f"shell {wish.shell}" if wish.shell is not None else f"{wish.distance:g} Å"
    return f"{describe(wish.kind)}: no site at {wanted}; such sites lie at {listed or 'no distance'} Å"


def arrange(
    host: Host,
    shape: tuple[int, int],
    figure: tuple[Figure, Kind, int, str | None] | None,
    wishes: Sequence[Aim],
) -> Configuration:
    """Return a figure (shape, kind, number, centre), then one defect after the other. Raises BadInput."""
    standing: list[Defect] = []
    if figure is not None:
        shown, kind, number, centre = figure
        standing += draw_figure(host, shape, kind, shown, number=number, centre=centre)
    for wish in wishes:
        standing.append(aim(host, shape, standing, wish))
    return Configuration(host, *shape, tuple(sorted(standing)))


def kind_of(words: str) -> Kind:
    """Return ("S", "X") for "vacancy S", ("Mo", "W") for "W on Mo"."""
    first, *_, last = words.split()
    return (last, VACANCY) if first.lower() == "vacancy" else (last, first)
