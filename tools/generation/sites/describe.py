"""What is measured of one site: its geometry, size and charge, and how it holds its ligand."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from tools.generation.judging.facts import SiteFacts
from tools.generation.sites.geometry import angle, torsion
from tools.generation.sites.residues import ATOMS, CHIS, ideals, peptide
from tools.generation.sites.site import Places, Residue, Site

SULPHUR: Final = ("CYS", "SG")


def describe_site(site: Site) -> SiteFacts:
    """Return the facts of a site; whatever atoms are missing is left out of the measures of geometry."""
    offs = [_bond_offs(residue, before) for before, residue in _with_previous(site)]
    contacts = [_nearest(residue.places, site.places) for residue in site.residues]
    return SiteFacts(
        site=site,
        complete=tuple(residue.names == ATOMS[residue.name] for residue in site.residues),
        strains=tuple(max(map(abs, off), default=0.0) for off in offs),
        lengths=tuple(value for off in offs for value in off),
        angles=tuple(value for residue in site.residues for value in _angle_offs(residue)),
        chis=tuple(value for residue in site.residues for value in read_chis(residue)),
        contacts=tuple(contacts),
        shortest=shortest_distance(site),
    )


def read_chis(residue: Residue) -> Iterator[float]:
    """Yield chi 1, chi 2 and so on in degrees from 0 to 360, of the atoms that are there."""
    for four in CHIS.get(residue.name, ()):
        if all(atom in residue.names for atom in four):
            places = (residue.places[residue.names.index(atom)] for atom in four)
            yield float(np.degrees(torsion(*places))) % 360


def shortest_distance(site: Site) -> float:
    """Return the least distance (Å) of two atoms that are not bonded, infinity where there is no pair.

    Bonded are the bonds of each amino acid, C and N of joined residues, and two SG of cysteines. Pairs within
    the ligand do not count; pairs of a residue and the ligand do.
    """
    places = np.concatenate([site.places, *(residue.places for residue in site.residues)])
    apart = np.sqrt(((places[:, None] - places[None]) ** 2).sum(-1))
    ligand = len(site.places)
    apart[:ligand, :ligand] = np.inf
    apart[np.tril_indices(len(apart))] = np.inf
    for a, b in _bonded_pairs(site, ligand):
        apart[min(a, b), max(a, b)] = np.inf
    return float(apart.min(initial=np.inf))


def _bonded_pairs(site: Site, start: int) -> Iterator[tuple[int, int]]:
    end: int | None = None  # place of C of the residue before
    sulphurs: list[int] = []
    for residue in site.residues:
        at = {atom: start + k for k, atom in enumerate(residue.names)}
        yield from ((at[a], at[b]) for a, b in ideals()[residue.name].bonds if a in at and b in at)
        if residue.joined and end is not None and "N" in at:
            yield end, at["N"]
        if residue.name == SULPHUR[0] and SULPHUR[1] in at:
            yield from ((other, at[SULPHUR[1]]) for other in sulphurs)
            sulphurs.append(at[SULPHUR[1]])
        end, start = at.get("C"), start + len(residue.names)


def _with_previous(site: Site) -> Iterator[tuple[Residue | None, Residue]]:
    for before, residue in pairwise((None, *site.residues)):
        assert residue is not None  # noqa: S101 - only the first is none
        yield before if residue.joined else None, residue


@cache
def _tables(name: str, names: tuple[str, ...]) -> tuple[Places, Places, Places, Places]:
    """Pairs with their lengths and triples with their angles, of the atoms that are there."""
    ideal = ideals()[name]
    bonds = [(a, b) for a, b in ideal.bonds if a in names and b in names]
    angles = [three for three in ideal.angles if all(atom in names for atom in three)]
    pairs = np.array([[names.index(atom) for atom in bond] for bond in bonds], dtype=int).reshape(-1, 2)
    triples = np.array([[names.index(atom) for atom in three] for three in angles], dtype=int).reshape(-1, 3)
    lengths = np.array([ideal.bonds[bond] for bond in bonds])
    return pairs, lengths, triples, np.array([ideal.angles[three] for three in angles])


def _bond_offs(residue: Residue, before: Residue | None) -> list[float]:
    """Lengths less their medians, Å; the peptide bond to the residue before comes last."""
    pairs, lengths, _, _ = _tables(residue.name, residue.names)
    where = residue.places
    found = np.linalg.norm(where[pairs[:, 0]] - where[pairs[:, 1]], axis=1) - lengths
    end, start = before.place("C") if before else None, residue.place("N")
    last = [] if end is None or start is None else [float(np.linalg.norm(end - start)) - peptide()["length"]]
    return [*found.tolist(), *last]


def _angle_offs(residue: Residue) -> list[float]:
    """Angles less their medians, degrees."""
    _, _, triples, sizes = _tables(residue.name, residue.names)
    where = residue.places
    found = [float(np.degrees(angle(*where[three]))) for three in triples]
    return [value - size for value, size in zip(found, sizes.tolist(), strict=True)]


def _nearest(places: Places, others: Places) -> float:
    return float(np.sqrt(((places[:, None] - others[None]) ** 2).sum(-1).min()))


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
