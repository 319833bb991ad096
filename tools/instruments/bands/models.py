"""What each model measures: a response from settings and seed, with its standard uncertainty (0: exact)."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tools.instruments.bands import hamiltonians
from tools.instruments.bands.hamiltonians import BOND
from tools.instruments.contract import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Reading = Callable[[Settings, int], tuple[float, float]]
HBAR: Final = 6.582119569e-16
"""eV s (CODATA 2022)."""
FINEST: Final = 24
"""Fluxes are fractions with at most this denominator."""
LINE, PLANE, SPARSE = 600, 240, 36
BROADENING: Final = 0.02
"""Of densities of states, in units of the hopping."""


def number(settings: Settings, name: str) -> float:
    return float(settings[name])


def exact(function: Callable[[Settings], float]) -> Reading:
    return lambda settings, _: (function(settings), 0.0)


def _bands(h: "NDArray[np.complex128]") -> "NDArray[np.float64]":
    import numpy as np

    return np.linalg.eigvalsh(h).astype(np.float64)


def _dimers(settings: Settings) -> "NDArray[np.complex128]":
    k = hamiltonians.grid(LINE, 1)
    names = ("hopping_inside", "hopping_between", "staggered_potential")
    return hamiltonians.dimer_chain(k, *(number(settings, name) for name in names))


def _open_dimers(settings: Settings) -> float:
    """Return the energy next to zero of an open chain, above zero: small where there are edge states."""
    import numpy as np

    cells = round(number(settings, "cells"))
    hop = np.tile([number(settings, "hopping_inside"), number(settings, "hopping_between")], cells)[:-1]
    energies = np.tile([1.0, -1.0], cells) * number(settings, "staggered_potential")
    h = np.diag(energies) + np.diag(hop, 1) + np.diag(hop, -1)
    return float(np.abs(np.linalg.eigvalsh(h)).min())


def _edge_length(settings: Settings) -> float:
    """Return the decay length of the edge state in cells, 1/ln(between/inside); 0 where there is none."""
    ratio = number(settings, "hopping_between") / number(settings, "hopping_inside")
    return 1 / math.log(ratio) if ratio > 1 else 0.0


DIMERS: Final[Mapping[str, Reading]] = {
    "gap": exact(lambda s: hamiltonians.gap(_bands(_dimers(s)), 1)),
    "band_width": exact(lambda s: hamiltonians.width(_bands(_dimers(s)))),
    "winding_number": exact(lambda s: hamiltonians.winding(_dimers(s)[:, 0, 1])),
    "edge_energy": exact(_open_dimers),
    "edge_length": exact(_edge_length),
    "density_of_states": exact(
        lambda s: hamiltonians.density(
            _bands(_dimers(s)), number(s, "energy"), BROADENING * number(s, "hopping_between")
        )
    ),
}


def _graphene(settings: Settings, points: int) -> "NDArray[np.complex128]":
    hoppings = hamiltonians.strained(number(settings, "hopping"), number(settings, "strain"))
    mass = number(settings, "sublattice_potential")
    return hamiltonians.honeycomb(hamiltonians.grid(points, 2), hoppings, mass)


def _honeycomb_gap(hoppings: tuple[float, float, float], mass: float) -> float:
    """Return the gap exactly: the triangle of hoppings closes, or what is missing adds to the mass."""
    short = max(max(hoppings) * 2 - sum(hoppings), 0.0)
    return 2 * math.hypot(mass, short)


def _fermi_velocity(settings: Settings) -> float:
    """Return 3 t d/(2ħ) in m/s: the slope of the bands at the Dirac point without strain."""
    return 1.5 * number(settings, "hopping") * BOND * 1e-9 / HBAR


GRAPHENE: Final[Mapping[str, Reading]] = {
    "gap": exact(
        lambda s: _honeycomb_gap(
            hamiltonians.strained(number(s, "hopping"), number(s, "strain")),
            number(s, "sublattice_potential"),
        )
    ),
    "band_width": exact(lambda s: hamiltonians.width(_bands(_graphene(s, 48)))),
    "fermi_velocity": exact(_fermi_velocity),
    "density_of_states": exact(
        lambda s: hamiltonians.density(
            _bands(_graphene(s, PLANE)), number(s, "energy"), BROADENING * number(s, "hopping")
        )
    ),
}


def _haldane(settings: Settings, points: int) -> "NDArray[np.complex128]":
    hopping = number(settings, "hopping")
    return hamiltonians.honeycomb(
        hamiltonians.grid(points, 2),
        (hopping, hopping, hopping),
        number(settings, "sublattice_potential"),
        number(settings, "second_hopping"),
        number(settings, "phase"),
    )


def _chern(h: "NDArray[np.complex128]", points: int, filled: int) -> float:
    import numpy as np

    return hamiltonians.chern(np.linalg.eigh(h)[1][:, :, :filled], points)


HALDANE: Final[Mapping[str, Reading]] = {
    "gap": exact(lambda s: hamiltonians.gap(_bands(_haldane(s, 96)), 1)),
    "band_width": exact(lambda s: hamiltonians.width(_bands(_haldane(s, 48)))),
    "chern_number": exact(lambda s: abs(_chern(_haldane(s, SPARSE), SPARSE, 1))),
}


def flux(settings: Settings) -> Fraction:
    """Return the flux as the nearest fraction with a denominator of at most FINEST."""
    return Fraction(number(settings, "flux")).limit_denominator(FINEST)


def _butterfly(settings: Settings) -> "NDArray[np.float64]":
    p, q = flux(settings).numerator, flux(settings).denominator
    return _bands(hamiltonians.harper(hamiltonians.grid(12, 2), number(settings, "hopping"), p, q))


def _lowest(settings: Settings, response: str) -> float:
    bands = _butterfly(settings)
    if response == "gap" and bands.shape[1] > 1:
        return hamiltonians.gap(bands, 1)
    return 0.0 if response == "gap" else hamiltonians.width(bands[:, :1])


def _hall(settings: Settings) -> float:
    p, q = flux(settings).numerator, flux(settings).denominator
    if q == 1:
        return 0.0
    points = 2 * q + 12  # the curvature of narrow bands of large q is even, that of few bands is not
    return abs(_chern(hamiltonians.harper(hamiltonians.grid(points, 2), 1.0, p, q), points, 1))


HOFSTADTER: Final[Mapping[str, Reading]] = {
    "band_width": exact(lambda s: hamiltonians.width(_butterfly(s))),
    "lowest_energy": exact(lambda s: float(_butterfly(s).min())),
    "gap": exact(lambda s: _lowest(s, "gap")),
    "lowest_band_width": exact(lambda s: _lowest(s, "width")),
    "chern_number": exact(_hall),
}


def _ribbon(settings: Settings, edge: str) -> "NDArray[np.float64]":
    width = round(number(settings, "width"))
    mass = number(settings, "sublattice_potential")
    k = hamiltonians.grid(240, 1)
    return _bands(hamiltonians.ribbon(k, edge, width, number(settings, "hopping"), mass))


def ribbons(edge: str) -> Mapping[str, Reading]:
    """Return the readings of a ribbon with this edge."""

    def half(settings: Settings) -> float:
        bands = _ribbon(settings, edge)
        return hamiltonians.gap(bands, bands.shape[1] // 2)

    def conductance(settings: Settings) -> float:
        return hamiltonians.channels(_ribbon(settings, edge), number(settings, "energy"))

    def total(settings: Settings) -> float:
        return hamiltonians.width(_ribbon(settings, edge))

    return {"gap": exact(half), "conductance": exact(conductance), "band_width": exact(total)}


def _strip(settings: Settings) -> tuple[float, float, float, int]:
    hopping, strength, energy = (number(settings, name) for name in ("hopping", "disorder", "energy"))
    return hopping, strength, energy, round(number(settings, "width"))


def _localisation(settings: Settings, seed: int) -> tuple[float, float]:
    from tools.instruments.bands.disorder import localisation_length

    return localisation_length(*_strip(settings), seed)


def _conductance(settings: Settings, seed: int) -> tuple[float, float]:
    from tools.instruments.bands.disorder import conductance

    return conductance(*_strip(settings), round(number(settings, "length")), seed)


ANDERSON: Final[Mapping[str, Reading]] = {
    "localisation_length": _localisation,
    "conductance": _conductance,
}
