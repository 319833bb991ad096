"""Two-dimensional diffraction fingerprint: patterns along three axes as red, green and blue.

Ziletti, Kumar, Scheffler and Ghiringhelli, 10.1038/s41467-018-05169-6, with their geometry: wavelength 5 pm,
a detector of 64 by 64 pixels of 0.4 mm at 0.1 m, rotations by ±45° about x (red), y (green) and z (blue)
whose intensities are added, a mask between 10 and 30 pixels, and lengths in units of the mean distance of
nearest neighbours. Structure factors are kinematic, with atomic numbers as form factors.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Descriptor, Floats, Ints
from tools.descriptors.periodic import nearest_neighbours

WAVELENGTH: Final = 0.05  # Å
PIXELS: Final = 64
PIXEL, DISTANCE = 0.4e-3, 0.1  # m
ANGLES: Final = (np.pi / 4, -np.pi / 4)
INNER, OUTER = 10, 30  # pixels from the centre
ATOMS: Final = 512  # of the cluster: the smallest multiple of the cell that has as many
MOST: Final = 512


def diffraction(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - symbols of the field
    """Return intensities (3, 64, 64), each channel from 0 to 1; they depend on the crystal's orientation."""
    scale = float(nearest_neighbours(r, a).mean())
    places, lattice = r / scale, a / scale
    multiples = _multiples(len(r), lattice)
    waves, seen = _waves()
    channels = []
    for axis in range(3):
        image = np.zeros(PIXELS * PIXELS)
        for angle in ANGLES:
            turned = waves[seen] @ _rotation(
                axis,
                angle,
            )  # the crystal turned one way, or the waves the other
            image[seen] += _intensity(places, Z, lattice, multiples, turned)
        top = image.max()
        channels.append((image / top if top else image).reshape(PIXELS, PIXELS))
    return np.array(channels)


def _multiples(atoms: int, lattice: Floats) -> Ints:
    """Return the smallest block of cells, about as long in each direction, with ATOMS atoms or more."""
    lengths = np.linalg.norm(lattice, axis=1)
    size = (ATOMS / atoms * lengths.prod()) ** (1 / 3)
    while True:
        multiples: Ints = np.maximum(1, np.round(size / lengths - 1e-9)).astype(int)
        if multiples.prod() * atoms >= ATOMS:
            return multiples
        size *= 1.05


def _waves() -> tuple[Floats, NDArray[np.bool_]]:
    """Return the scattering vectors (4096, 3) on the Ewald sphere, and which pixels the mask leaves."""
    steps = np.arange(PIXELS) - (PIXELS - 1) / 2
    x, y = (grid.ravel() for grid in np.meshgrid(steps, steps))
    rays = np.stack([x * PIXEL, y * PIXEL, np.full_like(x, DISTANCE)], axis=1)
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    waves = 2 * np.pi / WAVELENGTH * (rays - [0.0, 0.0, 1.0])
    radius = np.hypot(x, y)
    return waves, (radius >= INNER) & (radius <= OUTER)


def _intensity(places: Floats, numbers: Ints, lattice: Floats, multiples: Ints, waves: Floats) -> Floats:
    """Return |F|² of the block: the cell's structure factor times a sum of phases along each direction."""
    found = np.exp(1j * (waves @ places.T)) @ numbers
    for vector, count in zip(lattice, multiples, strict=True):
        found = found * np.exp(1j * np.outer(waves @ vector, np.arange(count))).sum(1)
    return np.asarray(np.abs(found) ** 2)


def _rotation(axis: int, angle: float) -> Floats:
    one, other = [k for k in range(3) if k != axis]
    matrix = np.eye(3)
    matrix[[one, other], [one, other]] = np.cos(angle)
    matrix[one, other], matrix[other, one] = -np.sin(angle), np.sin(angle)
    return matrix


DIFFRACTION = Descriptor(
    name="diffraction",
    title="two-dimensional diffraction fingerprint",
    specification="""transform diffraction
  in   r : position[N,3] angstrom
       Z : species[N]
       a : lattice[3,3] angstrom
  out  I : field[3,64,64]
  invariant under T(3), permutation(N), scaling(r=1, a=1)
  preserves composition(Z), orientation, geometry
  loses handedness, volume, origin, order(N)
""",
    compute=diffraction,
    source="Ziletti et al. 2018, 10.1038/s41467-018-05169-6",
    most_atoms=MOST,
)
