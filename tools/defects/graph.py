"""The sparse graph of a configuration: its nodes are defects, not atoms, and all pairs of them its edges.

What is told of a pair is left unchanged by the host's symmetry.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.hosts import Host

Floats = NDArray[np.float64]
TIE: Final = 0.05  # Å: images this close to the nearest are averaged, so that a choice of image never shows
COLUMNS: Final = ("distance", "dz", "dx", "dy", "cos3", "cos6", "images")


@dataclass(frozen=True)
class PairTable:
    """Values of COLUMNS by (basis from, basis to, cells along a, cells along b); lengths in Å."""

    values: Floats

    def between(self, configuration: Configuration) -> Floats:
        """(N, N, columns) for the N defects; the diagonal is a site with itself, at distance 0."""
        n, m = self.values.shape[2:4]
        i, j, basis = configuration.sites.T
        along_a, along_b = (i[None] - i[:, None]) % n, (j[None] - j[:, None]) % m
        return np.asarray(self.values[basis[:, None], basis[None], along_a, along_b])


@lru_cache(maxsize=64)
def pair_table(host: Host, n: int, m: int) -> PairTable:
    vectors = image_vectors(host, n, m)
    distance = np.linalg.norm(vectors, axis=-1)
    nearest = distance.min(-1, keepdims=True)
    weight = (distance < nearest + TIE).astype(float)
    images = weight.sum(-1)
    weight /= images[..., None]
    x, y, z = np.moveaxis(vectors, -1, 0)
    angle = np.arctan2(y, x)
    in_plane = np.hypot(x, y) > TIE
    # three-fold about a site, with a mirror through each bond: bonds lie along y
    three = np.zeros_like(angle) if host.is_anisotropic else np.cos(3 * (angle - np.pi / 2)) * in_plane
    columns = (distance, abs(z), abs(x), abs(y), three, np.cos(6 * angle) * in_plane)
    return PairTable(np.stack([*((column * weight).sum(-1) for column in columns), images], axis=-1))


def pairs(configuration: Configuration) -> Floats:
    return pair_table(configuration.host, configuration.n, configuration.m).between(configuration)


def image_cells(n: int, m: int) -> NDArray[np.int64]:
    """(n, m, images, 2): cells along a and b to each neighbouring image of a supercell's cells."""
    cells = np.stack(np.meshgrid(np.arange(n), np.arange(m), indexing="ij"), axis=-1)
    shifts = np.array([(p * n, q * m) for p in (-1, 0, 1) for q in (-1, 0, 1)])
    return np.asarray(cells[:, :, None] + shifts, dtype=np.int64)


def image_vectors(host: Host, n: int, m: int) -> Floats:
    """(b, b, n, m, images, 3), Å: from basis site to basis site, cells on, in all neighbouring images."""
    between = host.basis[None, :, :2] - host.basis[:, None, :2]
    plane = (image_cells(n, m)[None, None] + between[:, :, None, None, None]) @ host.plane
    dz = host.basis[None, :, 2] - host.basis[:, None, 2]
    height = np.broadcast_to(dz[:, :, None, None, None, None], (*plane.shape[:-1], 1))
    return np.concatenate([plane, height], axis=-1)


@lru_cache(maxsize=64)
def invariant_table(host: Host, n: int, m: int) -> NDArray[np.float32]:
    """(b, b, n, m, 6): COLUMNS but the images; |Δx| and |Δy| are 0 where a turn by 120° exchanges them."""
    values = pair_table(host, n, m).values[..., : COLUMNS.index("images")].astype(np.float32)
    if not host.is_anisotropic:
        values[..., 2:4] = 0
    return values


@lru_cache(maxsize=64)
def direction_table(host: Host, n: int, m: int) -> Floats:
    """(b, b, n, m, 2) unit vectors in the plane from site to site, averaged over tied images."""
    vectors = image_vectors(host, n, m)
    distance = np.linalg.norm(vectors, axis=-1)
    weight = (distance < distance.min(-1, keepdims=True) + TIE).astype(float)
    plane = np.linalg.norm(vectors[..., :2], axis=-1)
    along = vectors[..., :2] / plane.clip(min=TIE)[..., None]
    return np.asarray((along * weight[..., None]).sum(-2) / weight.sum(-1)[..., None])


ELEMENT_NUMBERS: Final = {
    "X": 0, "B": 5, "C": 6, "N": 7, "O": 8, "P": 15, "S": 16, "V": 23,
    "Ga": 31, "Se": 34, "Mo": 42, "In": 49, "W": 74,
}  # fmt: skip


@dataclass(frozen=True)
class DefectGraph:
    """N nodes, all pairs of them as edges, and the state of the whole."""

    before: NDArray[np.int64]
    """(N,) atomic numbers."""
    after: NDArray[np.int64]
    """(N,) atomic numbers; 0 is a vacancy."""
    edges: NDArray[np.float64]
    """(N, N, columns of `edge_columns`)."""
    state: tuple[tuple[int, float], ...]
    """(atomic number, share) of the pristine composition."""

    @property
    def edge_columns(self) -> tuple[str, ...]:
        return COLUMNS


def defect_graph(configuration: Configuration) -> DefectGraph:
    """Every pair of defects is an edge; lengths in Å."""
    numbers = np.array([[ELEMENT_NUMBERS.get(e, -1) for e in kind] for kind in configuration.kinds]).reshape(
        -1, 2
    )
    elements = configuration.host.elements
    state = tuple((ELEMENT_NUMBERS[e], elements.count(e) / len(elements)) for e in sorted(set(elements)))
    return DefectGraph(numbers[:, 0], numbers[:, 1], pairs(configuration), state)
