"""Fragments of the graph of bonds, labelled by properties of the elements.

Isayev et al., 10.1038/ncomms15679: two atoms are bonded where their Voronoi cells share a face and they are
nearer than the sum of their covalent radii and 0.25 Å. Each property q of the elements is summed over
fragments of that graph: bonds, with and without the inverse square of their length, paths of three atoms,
and each atom with its first shell. Written from the paper; sums are for each atom, so that a supercell has
the same, and properties are those of `composition`.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.bonds import radius
from tools.descriptors.composition import PROPERTIES, element_properties
from tools.descriptors.contract import Descriptor, Floats, Ints
from tools.descriptors.errors import DescriptorError
from tools.descriptors.periodic import vectors_within

MARGIN: Final = 0.25  # Å beyond the sum of two covalent radii
FARTHEST: Final = 14.0  # Å, of atoms that can cut a cell: vacuum is wider, and no bond is as long
FAR_OFF: Final = 1000.0  # Å, of six points that close the cells of a layer or of a lone atom
LEAST_FACE: Final = 0.01  # of an atom's largest face: less is an edge or corner that rounding has opened
MOST: Final = 200
SUMS: Final = (
    "difference over bonds",
    "difference over bonds, by inverse square of length",
    "product over bonds, mean",
    "difference over paths of three atoms",
    "difference from the first shell, mean",
    "difference from the first shell, largest",
)
SHAPE: Final = (
    "bonds of an atom, mean",
    "bonds of an atom, fewest",
    "bonds of an atom, most",
    "length of bonds, mean (Å)",
    "length of bonds, spread (Å)",
    "paths of three atoms, for each atom",
)


class Bonds(NamedTuple):
    """Bonds (m) of the atoms of a cell, each from both of its ends: from, to, and the vector (m, 3) in Å."""

    first: Ints
    second: Ints
    vector: Floats

    @property
    def length(self) -> Floats:
        return np.asarray(np.linalg.norm(self.vector, axis=1))


def fragments(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - one call for all
    """Return six numbers of the graph, then six for each property; nan where an element's is not known."""
    numbers = np.asarray(Z)
    bonds = find_bonds(np.asarray(r, float), numbers, np.asarray(a, float))
    values = element_properties(numbers)
    return np.concatenate([_shape(bonds, len(numbers)), _sums(bonds, values).ravel()])


def find_bonds(r: Floats, numbers: Ints, lattice: Floats) -> Bonds:
    """Return the bonds of a crystal or layer. Raises DescriptorError where no Voronoi cell can be made."""
    from scipy.spatial import QhullError, Voronoi

    fractional = np.linalg.solve(lattice.T, r.T).T % 1.0
    home = fractional @ lattice
    places, owner = _surroundings(home, lattice)
    try:
        cells = Voronoi(np.vstack([places, home.mean(0) + FAR_OFF * np.vstack([np.eye(3), -np.eye(3)])]))
    except (QhullError, ValueError) as error:
        raise DescriptorError("no Voronoi cells can be made of these atoms") from error
    size = len(home)
    pairs = [
        (i, j, _area(cells.vertices[corners]))
        for (i, j), corners in zip(cells.ridge_points, cells.ridge_vertices, strict=True)
        if min(i, j) < size and max(i, j) < len(places)
    ]
    ends = np.array([(i, j) for i, j, _ in pairs] + [(j, i) for i, j, _ in pairs], dtype=int).reshape(-1, 2)
    areas = np.array([area for *_, area in pairs] * 2)
    kept = ends[:, 0] < size
    return _bonded(ends[kept], areas[kept], places, owner, numbers)


def _surroundings(home: Floats, lattice: Floats) -> tuple[Floats, Ints]:
    """Return places (n, 3) of the atoms of the cell and then of their images, and whose image each is.

    Atoms farther than twice the radius of the largest sphere between atoms cut no cell; half the longest
    diagonal of the cell is more than that radius.
    """
    from scipy.spatial import cKDTree

    corners = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (0, 1)]) @ lattice
    reach = float(min(max(np.linalg.norm(corners, axis=1)) + 1.0, FARTHEST))
    spread = float(np.linalg.norm(home[:, None] - home[None], axis=-1).max())
    shifts = vectors_within(lattice, reach + spread)
    shifts = shifts[np.linalg.norm(shifts, axis=1) > 0]
    images = (home[None] + shifts[:, None]).reshape(-1, 3)
    owner = np.tile(np.arange(len(home)), len(shifts))
    near = cKDTree(home).query(images)[0] <= reach
    return np.vstack([home, images[near]]), np.concatenate([np.arange(len(home)), owner[near]])


def _area(corners: Floats) -> float:
    """Return the area of a flat polygon whose corners (n, 3) are in order."""
    spokes = corners - corners[0]
    return float(np.linalg.norm(np.cross(spokes[1:-1], spokes[2:]).sum(0)) / 2)


def _bonded(ends: Ints, areas: Floats, places: Floats, owner: Ints, numbers: Ints) -> Bonds:
    from tools.structures.elements import NAMES

    radii = np.array([radius(NAMES[number - 1]) for number in numbers])
    first, second = ends[:, 0], owner[ends[:, 1]]
    vector = places[ends[:, 1]] - places[ends[:, 0]]
    largest = np.zeros(len(numbers))
    np.maximum.at(largest, first, areas)
    reach = radii[first] + radii[second] + MARGIN
    near = (np.linalg.norm(vector, axis=1) < reach) & (areas > LEAST_FACE * largest[first])
    return Bonds(first[near], second[near], vector[near])


def _shape(bonds: Bonds, size: int) -> Floats:
    degree = np.bincount(bonds.first, minlength=size)
    mean, spread = (bonds.length.mean(), bonds.length.std()) if len(bonds.length) else (np.nan, np.nan)
    paths = (degree * (degree - 1) / 2).sum() / size
    return np.array([degree.mean(), degree.min(), degree.max(), mean, spread, paths])


def _sums(bonds: Bonds, values: Floats) -> Floats:
    """Return the sums (properties, 6); `values` (N, properties)."""
    size = len(values)
    apart = np.abs(values[bonds.first] - values[bonds.second])
    product = values[bonds.first] * values[bonds.second]
    degree = np.bincount(bonds.first, minlength=size)[:, None]
    shell = np.zeros_like(values)
    np.add.at(shell, bonds.first, values[bonds.second])
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.where(degree > 0, np.abs(values - shell / degree), 0.0)
    none = np.zeros(values.shape[1])
    return np.stack(
        [
            apart.sum(0) / 2 / size,
            (apart / bonds.length[:, None] ** 2).sum(0) / 2 / size,
            product.mean(0) if len(product) else none,
            _paths(bonds, values) / size,
            off.mean(0),
            off.max(0),
        ],
        axis=1,
    )


def _paths(bonds: Bonds, values: Floats) -> Floats:
    """Return the sum over paths i–j–k of the difference of their ends, each path once."""
    total = np.zeros(values.shape[1])
    for middle in np.unique(bonds.first):
        ends = values[bonds.second[bonds.first == middle]]
        total += np.abs(ends[:, None] - ends[None]).sum((0, 1)) / 2
    return total


def labels() -> tuple[str, ...]:
    return SHAPE + tuple(f"{name}, {what}" for name in PROPERTIES for what in SUMS)


FRAGMENTS = Descriptor(
    name="fragments",
    title="property-labelled fragments of the graph of bonds",
    specification="""transform fragments
  in   r : position[N,3] angstrom
       Z : species[N]
       a : lattice[3,3] angstrom
  out  x : spectrum[n]
  invariant under E(3), permutation(N), images, lattice(SL(3,Z)), supercell
  loses handedness, orientation, origin, order(N)
""",
    compute=fragments,
    source="Isayev et al. 2017, 10.1038/ncomms15679; radii of Cordero et al. 2008; values of pymatgen",
    most_atoms=MOST,
    extra="descriptors",
    labels=labels,
)
