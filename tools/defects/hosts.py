"""The pristine 2D crystals that the model knows: cells in data/hosts.json."""

import json
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from tools.defects.catalogue import shipped

Vectors = NDArray[np.float64]


@dataclass(frozen=True)
class BasisSite:
    """A site of the unit cell: x and y in fractions of the cell, z in Å."""

    element: str
    x: float
    y: float
    z: float


@dataclass(frozen=True)
class Host:
    """A 2D crystal; lengths in Å, gamma in degrees, supercell as in the training data."""

    name: str
    label: str
    a: float
    b: float
    gamma: float
    sites: tuple[BasisSite, ...]
    supercell: tuple[int, int]

    def __hash__(self) -> int:
        """By name, which is unique: hosts are keys of caches."""
        return hash(self.name)

    @cached_property
    def elements(self) -> tuple[str, ...]:
        return tuple(site.element for site in self.sites)

    @cached_property
    def plane(self) -> Vectors:
        """The two in-plane lattice vectors as rows, Å."""
        gamma = np.radians(self.gamma)
        return np.array([[self.a, 0.0], [self.b * np.cos(gamma), self.b * np.sin(gamma)]])

    @cached_property
    def basis(self) -> Vectors:
        """Fractional x and y, and z in Å, of each site of the unit cell."""
        return np.array([[site.x, site.y, site.z] for site in self.sites])

    @property
    def is_anisotropic(self) -> bool:
        """Whether a and b are different directions (black phosphorus)."""
        return self.gamma == 90  # noqa: PLR2004 the only rectangular cell among the hosts


@cache
def hosts() -> tuple[Host, ...]:
    rows = json.loads(shipped("hosts.json"))
    return tuple(
        Host(
            **{
                **row,
                "sites": tuple(BasisSite(**s) for s in row["sites"]),
                "supercell": tuple(row["supercell"]),
            }
        )
        for row in rows
    )


def find_host(name: str) -> Host | None:
    """By name or label, in any case, with or without a hyphen."""
    plain = name.lower().replace("-", "")
    return next((h for h in hosts() if plain in (h.name.lower(), h.label.lower())), None)
