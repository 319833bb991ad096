"""Chains of spins one half, diagonalised exactly. Energies are in units of the exchange J."""

from itertools import combinations
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import eigsh, expm_multiply

from tools.instruments.contract import Measurement, Settings
from tools.instruments.quantum.qubits import exact

Vector = NDArray[np.float64]
DENSE = 64
"""Largest matrix that is diagonalised whole."""


def bits(sites: int) -> NDArray[np.int64]:
    """Return which spins are up in each basis state, shape (2^sites, sites)."""
    return (np.arange(2**sites)[:, None] >> np.arange(sites)) & 1


def neighbours(sites: int, boundary: object, step: int = 1) -> list[tuple[int, int]]:
    """Return pairs of sites `step` apart on a ring or an open chain."""
    last = sites if boundary == "periodic" else sites - step
    return [(site, (site + step) % sites) for site in range(last)]


def entropy(state: NDArray[np.complex128] | Vector, sites: int) -> float:
    """Return the entanglement entropy of the first half with the rest, in nats."""
    weights = np.linalg.svd(state.reshape(2 ** (sites - sites // 2), -1), compute_uv=False) ** 2
    weights = weights[weights > 1e-15]  # noqa: PLR2004 - rounding
    return float(max(0.0, -(weights * np.log(weights)).sum()))


def lowest(matrix: csr_array, number: int) -> tuple[Vector, Vector]:
    """Return the lowest energies, rising, and their states as columns; the same every time."""
    size = matrix.shape[0]
    if size <= DENSE:
        energies, states = np.linalg.eigh(matrix.toarray())
        return energies[:number], states[:, :number]
    start = np.random.default_rng(0).standard_normal(size)
    energies, states = eigsh(matrix, k=number, which="SA", v0=start)
    order = np.argsort(energies)
    return energies[order], states[:, order]


def ising(sites: int, boundary: object, field: float, along: float = 0.0) -> csr_array:
    """Return H/J = −Σ σxσx − h Σ σz − g Σ σx. A set bit is a spin against the transverse field."""
    states = np.arange(2**sites)
    diagonal = -field * (sites - 2 * bits(sites).sum(axis=1))
    flips = [((1 << one) | (1 << other), -1.0) for one, other in neighbours(sites, boundary)]
    flips += [(1 << site, -along) for site in range(sites) if along]
    rows = np.concatenate([states] * (len(flips) + 1))
    columns = np.concatenate([states, *(states ^ mask for mask, _ in flips)])
    values = np.concatenate([diagonal, *(np.full(len(states), strength) for _, strength in flips)])
    return csr_array((values, (rows, columns)), shape=(len(states), len(states)))


def transverse_ising(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - exact
    """Find the ground state of an Ising chain in a transverse field, and the first state above it."""
    sites, field = int(settings["sites"]), float(settings["field"])
    energies, ground = _ising_ground(settings, field)
    if response == "gap":
        return exact(energies[1] - energies[0])
    if response == "energy_per_site":
        return exact(energies[0] / sites)
    if response == "entanglement_entropy":
        return exact(entropy(ground, sites))
    if response == "magnetisation":
        return exact((ground**2 * (1 - 2 * bits(sites).mean(axis=1))).sum())
    if response == "order_parameter":
        return exact(sqrt(_mean_square(ground, sites)))
    step = 1e-3
    overlap = min(1.0, float(abs(ground @ _ising_ground(settings, field + step)[1])))
    return exact(-2 * log(overlap) / (step**2 * sites))


def _ising_ground(settings: Settings, field: float) -> tuple[Vector, Vector]:
    """Return the two lowest energies, and the ground state.

    Without a field along the easy axis, the states with an even and an odd number of set bits do not mix, and
    the ground state is even; apart they are never degenerate.
    """
    sites, along = int(settings["sites"]), float(settings["longitudinal_field"])
    matrix = ising(sites, settings["boundary"], field, along)
    if along:
        energies, states = lowest(matrix, 2)
        return energies, states[:, 0]
    odd = bits(sites).sum(axis=1) % 2 == 1
    energies, states = lowest(matrix[~odd][:, ~odd], 2)
    above, _ = lowest(matrix[odd][:, odd], 1)
    ground = np.zeros(2**sites)
    ground[~odd] = states[:, 0]
    return np.sort(np.concatenate([energies, above]))[:2], ground


def _mean_square(state: Vector, sites: int) -> float:
    """Return ⟨(Σ σx / N)²⟩."""
    basis = np.arange(2**sites)
    pairs = [(1 << one) | (1 << other) for one, other in combinations(range(sites), 2)]
    return float((sites + 2 * sum((state * state[basis ^ mask]).sum() for mask in pairs)) / sites**2)


def heisenberg(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - exact
    """Find the ground state of a Heisenberg chain, sector by sector of the total spin along the field.

    H/J = Σ bond (SxSx + SySy + Δ SzSz) − h Σ Sz; bonds alternate by 1 ± δ; second neighbours have J2/J.
    """
    sites, field = int(settings["sites"]), float(settings["field"])
    levels: list[float] = []
    best: tuple[float, float, Vector] | None = None
    for ups in range((sites + 1) // 2, sites + 1):
        energies, states = lowest(_sector(settings, sites, ups), 2)
        spin = ups - sites / 2
        levels += [
            energy - sign * field * spin for energy in energies for sign in ((1, -1) if spin else (1,))
        ]
        total = energies[0] - field * spin
        if best is None or total < best[0] - 1e-9:
            best = (total, spin, states[:, 0])
    assert best is not None  # noqa: S101 - there is always a sector
    total, spin, ground = best
    if response == "gap":
        first, second, *_ = sorted(levels)
        return exact(second - first)
    if response == "energy_per_site":
        return exact(total / sites)
    if response == "magnetisation":
        return exact(spin / sites)
    whole = np.zeros(2**sites)
    whole[_basis(sites, round(spin + sites / 2))] = ground
    if response == "entanglement_entropy":
        return exact(entropy(whole, sites))
    pairs = neighbours(sites, settings["boundary"])
    return exact(sum(_correlation(whole, sites, pair) for pair in pairs) / len(pairs))


def _basis(sites: int, ups: int) -> NDArray[np.int64]:
    return np.array(sorted(sum(1 << site for site in up) for up in combinations(range(sites), ups)), np.int64)


def _bonds(settings: Settings, sites: int) -> list[tuple[int, int, float]]:
    alternating = float(settings["dimerisation"])
    bonds = [
        (one, other, 1 + (-1) ** one * alternating) for one, other in neighbours(sites, settings["boundary"])
    ]
    second = float(settings["second_neighbour"])
    return bonds + [
        (one, other, second) for one, other in neighbours(sites, settings["boundary"], 2) if second
    ]


def _sector(settings: Settings, sites: int, ups: int) -> csr_array:
    states = _basis(sites, ups)
    every = np.arange(len(states))
    diagonal = np.zeros(len(states))
    entries = [(every, every, diagonal)]
    for one, other, strength in _bonds(settings, sites):
        differ = ((states >> one) ^ (states >> other)) & 1 == 1
        diagonal += strength * float(settings["anisotropy"]) * np.where(differ, -0.25, 0.25)
        partner = np.searchsorted(states, states[differ] ^ ((1 << one) | (1 << other)))
        entries.append((every[differ], partner, np.full(len(partner), strength / 2)))
    rows, columns, values = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    return csr_array((values, (rows, columns)), shape=(len(states), len(states)))


def _correlation(state: Vector, sites: int, pair: tuple[int, int]) -> float:
    """Return ⟨S·S⟩ of two spins."""
    one, other = pair
    basis = np.arange(2**sites)
    differ = ((basis >> one) ^ (basis >> other)) & 1 == 1
    along = (state**2 * np.where(differ, -0.25, 0.25)).sum()
    flips = (state[differ] * state[basis[differ] ^ ((1 << one) | (1 << other))]).sum() / 2
    return float(along + flips)


def even_ring(settings: Settings) -> str | None:
    """Say that alternating bonds do not close on an odd ring; None where they do."""
    if settings["boundary"] == "periodic" and int(settings["sites"]) % 2 and float(settings["dimerisation"]):
        return "alternating bonds need an even ring: take an even number of sites, or an open chain"
    return None


def quench(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - exact
    """Turn a transverse field on over a chain whose spins all point up, and wait. Time is in ħ/J."""
    sites = int(settings["sites"])
    start = np.full(2**sites, 2 ** (-sites / 2))  # every spin along the exchange's axis
    matrix = ising(sites, settings["boundary"], float(settings["field"]))
    state = expm_multiply(-1j * float(settings["duration"]) * matrix, start.astype(complex))
    if response == "entanglement_entropy":
        return exact(entropy(state, sites))
    if response == "return_probability":
        return exact(min(1.0, abs(start @ state) ** 2))
    basis = np.arange(2**sites)
    return exact(np.mean([(state.conj() * state[basis ^ (1 << site)]).sum().real for site in range(sites)]))
