"""A binding site as a picture, and in one line."""

from typing import Final

from tools.bonds import find_bonds
from tools.generation.sites.site import Site
from tools.views import ChangedSite, Structure, Vector

LETTERS: Final = {
    "ALA": "A", "ARG": "R", "ASN": "N", "ASP": "D", "CYS": "C", "GLN": "Q", "GLU": "E", "GLY": "G",
    "HIS": "H", "ILE": "I", "LEU": "L", "LYS": "K", "MET": "M", "PHE": "F", "PRO": "P",
    "SER": "S", "THR": "T", "TRP": "W", "TYR": "Y", "VAL": "V",
}  # fmt: skip


def name_site(site: Site) -> str:
    """Return ligand and residues by their letters, with a dash where no peptide bond joins them."""
    parts = [
        f"{'' if one.joined or k == 0 else '-'}{LETTERS[one.name]}" for k, one in enumerate(site.residues)
    ]
    return f"{site.ligand} in {''.join(parts)}"


def draw_site(site: Site, title: str) -> Structure:
    """Return the atoms with their bonds, rings around those of the ligand."""
    elements = list(site.elements)
    places = [_vector(place) for place in site.places.round(3).tolist()]
    ligand = tuple(
        ChangedSite(place, site.ligand, element) for place, element in zip(places, elements, strict=True)
    )
    for residue in site.residues:
        elements += [atom[0] for atom in residue.names]
        places += [_vector(place) for place in residue.places.round(3).tolist()]
    return Structure(
        title=title,
        elements=tuple(elements),
        places=tuple(places),
        bonds=find_bonds(elements, places),
        marks=ligand,
    )


def _vector(place: list[float]) -> Vector:
    x, y, z = place
    return x, y, z
