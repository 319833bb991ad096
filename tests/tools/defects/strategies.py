"""Random configurations, and the operations that leave a crystal the same."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.defects.configuration import Configuration, Defect
from tools.defects.hosts import Host, hosts
from tools.defects.locate import find_configuration
from tools.structures import Atoms

KINDS = {
    "MoS2": {"Mo": ("X", "W"), "S": ("X", "Se")},
    "WSe2": {"W": ("X", "Mo"), "Se": ("X", "S")},
    "BN": {"B": ("X", "C"), "N": ("X", "C")},
    "GaSe": {"Ga": ("X", "In"), "Se": ("X", "S")},
    "InSe": {"In": ("X", "Ga"), "Se": ("X", "S")},
    "P": {"P": ("X", "N")},
}


@st.composite
def configurations(draw: st.DrawFn, most: int = 8, fewest: int = 1) -> Configuration:
    host = draw(st.sampled_from(hosts()))
    n, m = host.supercell
    number = draw(st.integers(fewest, most))
    site = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1), st.integers(0, len(host.sites) - 1))
    places = draw(st.lists(site, min_size=number, max_size=number, unique=True))
    defects = [
        Defect(i, j, b, draw(st.sampled_from(KINDS[host.name][host.elements[b]]))) for i, j, b in places
    ]
    return Configuration(host, n, m, tuple(sorted(defects)))


def translate(configuration: Configuration, steps: tuple[int, int]) -> Configuration:
    moved = tuple(
        replace(d, i=(d.i + steps[0]) % configuration.n, j=(d.j + steps[1]) % configuration.m)
        for d in configuration.defects
    )
    return replace(configuration, defects=moved)


def to_atoms(configuration: Configuration, height: float = 20.0) -> Atoms:
    """The atoms of a configuration, in the order that pymatgen gives a supercell."""
    host, n, m = configuration.host, configuration.n, configuration.m
    now = np.empty((len(host.sites), n, m), dtype="<U2")
    now[:] = np.array(host.elements)[:, None, None]
    for d in configuration.defects:
        now[d.basis, d.i, d.j] = d.after
    b, i, j = np.indices(now.shape).reshape(3, -1)
    fractions = np.stack(
        [(host.basis[b, 0] + i) / n, (host.basis[b, 1] + j) / m, host.basis[b, 2] / height], axis=1
    )
    lattice = np.zeros((3, 3))
    lattice[:2, :2] = host.plane * np.array([[n], [m]])
    lattice[2, 2] = height
    there = now.ravel() != "X"
    return Atoms(tuple(now.ravel()[there].tolist()), fractions[there], lattice)


def point_operations(host: Host) -> list[NDArray[np.float64]]:
    """Orthogonal matrices about a site: what a hexagonal D3h or an orthorhombic D2h layer allows."""
    if host.is_anisotropic:
        return [np.diag([x, y, z]) for x in (1.0, -1.0) for y in (1.0, -1.0) for z in (1.0, -1.0)]
    turn = np.radians(120)
    c3 = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    flat, upright = np.diag([1.0, 1.0, -1.0]), np.diag([-1.0, 1.0, 1.0])  # bonds lie along y
    return [c3, c3 @ c3, flat, upright, c3 @ flat, c3 @ upright]


def relocate(configuration: Configuration, operation: NDArray[np.float64]) -> Configuration:
    """The configuration found in the transformed structure, in the same cell."""
    atoms = to_atoms(configuration)
    cartesian = (atoms.fractional @ atoms.lattice) @ operation.T
    fractions = cartesian @ np.linalg.inv(atoms.lattice)
    fractions[:, :2] %= 1.0
    return find_configuration(Atoms(atoms.symbols, fractions, atoms.lattice))
