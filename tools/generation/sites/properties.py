"""What a site is like: size, charge, and how it holds its ligand."""

from typing import Final

import numpy as np

from tools.generation.sites.site import Site

CHARGES: Final = {"ARG": 1, "LYS": 1, "ASP": -1, "GLU": -1}
"""In units of e, of side chains at pH 7; histidine, mostly neutral there, counts as neutral."""
HYDROPHOBIC: Final = {"ALA", "VAL", "LEU", "ILE", "MET", "PHE", "TRP", "PRO"}
TOUCHING: Final = 4.5  # Å between heavy atoms, a usual bound of contacts


def count_residues(site: Site) -> float:
    return float(len(site.residues))


def charge(site: Site) -> float:
    """Return the charge of the side chains in e."""
    return float(sum(CHARGES.get(name, 0) for name in site.order))


def hydrophobic_share(site: Site) -> float:
    return sum(name in HYDROPHOBIC for name in site.order) / len(site.order)


def covered_share(site: Site) -> float:
    """Return which share of the ligand's atoms has an atom of a residue within 4.5 Å."""
    places = np.concatenate([residue.places for residue in site.residues])
    apart = np.sqrt(((site.places[:, None] - places[None]) ** 2).sum(-1))
    return float((apart.min(1) <= TOUCHING).mean())
