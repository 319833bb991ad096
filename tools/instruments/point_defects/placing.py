"""From structural settings to a configuration of the defect model."""

import math
import random
from typing import TYPE_CHECKING, Final

from tools.instruments.contract import OutsideValidity, Settings

if TYPE_CHECKING:
    from tools.defects import Configuration
    from tools.defects.hosts import Host

ANIONS: Final = {"MoS2": "S", "WSe2": "Se", "hBN": "N", "GaSe": "Se", "InSe": "Se", "BP": "P"}
CATIONS: Final = {"MoS2": "Mo", "WSe2": "W", "hBN": "B", "GaSe": "Ga", "InSe": "In", "BP": "P"}
PUT_IN: Final = {
    ("MoS2", "S"): "Se", ("MoS2", "Mo"): "W", ("WSe2", "Se"): "S", ("WSe2", "W"): "Mo", ("hBN", "N"): "C",
    ("hBN", "B"): "C", ("GaSe", "Se"): "S", ("GaSe", "Ga"): "In", ("InSe", "Se"): "S", ("InSe", "In"): "Ga",
    ("BP", "P"): "N",
}  # fmt: skip
"""What is put in place of an element: the kinds that the model has learned."""
VACANCY: Final = "X"
ARMS: Final = {60.0: (0, 1), 120.0: (-1, 1), 180.0: (-1, 0)}
"""Second arm of a triple by the angle to the first, (1, 0), on axes at 60°."""
COMPACT: Final = ((0, 0), (1, 0), (0, 1), (1, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
"""Sites of a group in the order in which it grows: pair, triangle, rhombus, …, on axes at 60°."""
TRIES: Final = 40

Cell = tuple[int, int]


def pair(settings: Settings) -> "Configuration":
    """Return the two defects whose distance, then direction, is nearest to what is asked for.

    Both stand alike in their cells, so that cells are as far apart as defects, whatever the plane.
    """
    host = _host(settings)
    first, second = _bases(host, settings)
    wanted, turned = float(settings["distance"]), float(settings["direction"])
    n, m = host.supercell

    def misfit(cell: Cell) -> tuple[float, float, Cell]:
        x, y = cell[0] * host.plane[0] + cell[1] * host.plane[1]
        fold = abs((math.degrees(math.atan2(y, x)) + 30) % 60 - 30)
        return round(abs(math.hypot(x, y) - wanted), 1), round(abs(fold - turned), 3), cell

    cells = [(i, j) for i in range(-(n // 2), n // 2 + 1) for j in range(-(m // 2), m // 2 + 1)]
    possible = [cell for cell in cells if first != second or cell != (0, 0)]
    return _place(host, settings, [(0, 0, first), (*min(possible, key=misfit), second)])


def triple(settings: Settings) -> "Configuration":
    """Return three defects: one, and two at the ends of arms that open by the nearest angle."""
    angle = min(ARMS, key=lambda one: abs(one - float(settings["angle"])))
    return _grown(settings, [(0, 0), (1, 0), ARMS[angle]], round(float(settings["spacing"])))


def group(settings: Settings, seed: int) -> "Configuration":
    """Return a row, a compact group or scattered defects. Raises OutsideValidity where they do not fit."""
    number, arrangement = round(float(settings["number"])), settings["arrangement"]
    if arrangement == "scattered":
        return scattered(settings, number, seed)
    cells = COMPACT if arrangement == "compact" else tuple((k, 0) for k in range(number))
    return _grown(settings, list(cells[:number]), round(float(settings["spacing"])))


def spread(settings: Settings, seed: int) -> "Configuration":
    """Return defects at random on the share of the sites that is asked for."""
    host = _host(settings)
    sites = host.supercell[0] * host.supercell[1] * len(host.sites)
    return scattered(settings, max(round(float(settings["share"]) * sites), 1), seed)


def scattered(settings: Settings, number: int, seed: int) -> "Configuration":
    """Return defects at random, as crowded as the model has seen at most.

    Raises OutsideValidity where no such arrangement is found, or there are fewer sites.
    """
    from tools.defects.applicability import refusal

    host, rng = _host(settings), random.Random(seed)  # noqa: S311 - an arrangement, no secret
    bases = _bases(host, settings)
    n, m = host.supercell
    sites = [(i, j, basis) for i in range(n) for j in range(m) for basis in dict.fromkeys(bases)]
    if number > len(sites):
        raise OutsideValidity(f"{number} defects are more than the {len(sites)} sites of their element")
    reason = None
    for _ in range(TRIES):
        configuration = _place(host, settings, rng.sample(sites, number))
        reason = refusal(configuration)
        if reason is None:
            return configuration
    raise OutsideValidity(str(reason))


def single(settings: Settings) -> "Configuration":
    """Return one defect of the kind alone, to compare with."""
    host = _host(settings)
    return _place(host, settings, [(0, 0, _bases(host, settings)[0])])


def _grown(settings: Settings, cells: list[Cell], spacing: int) -> "Configuration":
    """Return defects on cells given on axes at 60°, which the cells at 120° have as (i + j, j)."""
    host = _host(settings)
    first, second = _bases(host, settings)
    turned = [(i + j, j) if host.gamma == 120 else (i, j) for i, j in cells]  # noqa: PLR2004 - degrees
    bases = [first if k % 2 == 0 else second for k in range(len(cells))]
    return _place(
        host, settings, [(spacing * i, spacing * j, b) for (i, j), b in zip(turned, bases, strict=True)]
    )


def _place(host: "Host", settings: Settings, sites: list[tuple[int, int, int]]) -> "Configuration":
    from tools.defects import BadInput, Configuration, Defect

    label, (n, m) = str(settings["host"]), host.supercell
    element = _element(settings)
    after = VACANCY if str(settings["kind"]).endswith("vacancy") else PUT_IN[label, element]
    placed = sorted(Defect(i % n, j % m, basis, after) for i, j, basis in sites)
    try:
        return Configuration(host, n, m, tuple(placed))
    except BadInput as error:
        raise OutsideValidity(f"they do not fit into the {n}×{m} supercell: {error}") from error


def _bases(host: "Host", settings: Settings) -> tuple[int, int]:
    """Return the sites of the cell for the first and second defect: of one plane, or of both.

    Raises OutsideValidity where there is one plane only.
    """
    places = [basis for basis, element in enumerate(host.elements) if element == _element(settings)]
    if settings["plane"] == "same":
        return places[0], places[0]
    opposite = [b for b in places if abs(host.sites[b].z - host.sites[places[0]].z) > 1]
    if not opposite:
        raise OutsideValidity(f"{host.label} has {_element(settings)} in one plane only")
    return places[0], opposite[0]


def _element(settings: Settings) -> str:
    table = ANIONS if str(settings["kind"]).startswith("anion") else CATIONS
    return table[str(settings["host"])]


def _host(settings: Settings) -> "Host":
    from tools.defects.hosts import find_host

    host = find_host(str(settings["host"]))
    if host is None:  # the choice holds labels of hosts alone
        raise OutsideValidity(f"no host is called {settings['host']}")
    return host
