"""The shortest distance in a crystal, as CDVAE measures it (Xie et al., ICLR 2022, arXiv 2110.06197)."""

import math

import numpy as np

from tools.generation.crystals.crystal import Crystal


def shortest_distance(crystal: Crystal) -> float:
    """In Å, between different sites and all their images; a site's own images do not count."""
    if len(crystal.symbols) == 1:
        return math.inf
    from pymatgen.core.lattice import Lattice

    places = crystal.fractional
    distances = Lattice(crystal.lattice).get_all_distances(places, places)
    np.fill_diagonal(distances, math.inf)
    return float(distances.min())
