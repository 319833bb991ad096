"""Vectors of a lattice, and the cells that a sphere needs."""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Floats, Ints


def vectors_within(lattice: Floats, radius: float) -> NDArray[Any]:
    """Return the vectors (n, 3) of a lattice (3, 3, rows) up to the radius, the zero vector among them."""
    heights = 1.0 / np.linalg.norm(np.linalg.inv(lattice), axis=0)
    reach = np.ceil(radius / heights).astype(int)
    grid = np.stack(np.meshgrid(*[np.arange(-n, n + 1) for n in reach], indexing="ij"), -1).reshape(-1, 3)
    vectors = grid @ lattice
    return np.asarray(vectors[np.linalg.norm(vectors, axis=1) <= radius * (1 + 1e-12)])


def repeat(r: Floats, numbers: Ints, lattice: Floats, multiples: Ints) -> tuple[Floats, Ints, Floats]:
    """Return places, atomic numbers and lattice of a supercell."""
    shifts = np.array(list(product(*(range(n) for n in multiples))), dtype=float) @ lattice
    places = (r[None] + shifts[:, None]).reshape(-1, 3)
    return places, np.tile(numbers, len(shifts)), np.asarray(multiples)[:, None] * lattice


def nearest_neighbours(r: Floats, lattice: Floats) -> Floats:
    """Return the distance (N) from each atom to its nearest neighbour, periodic images among them."""
    from scipy.spatial import cKDTree

    fractional = np.linalg.solve(lattice.T, r.T).T % 1.0
    home = fractional @ lattice
    shifts = np.array(list(product((-1, 0, 1), repeat=3)), dtype=float) @ lattice
    tree = cKDTree((home[None] + shifts[:, None]).reshape(-1, 3))
    distances, _ = tree.query(home, k=2)
    return np.asarray(distances[:, 1])
