"""Reads the binding site of a PDB or mmCIF file. The syntax is gemmi's.

The first model is read. Of alternate locations the one with the greatest occupancy of its residue is taken,
of equal ones the first; of residues that share a number, likewise. Hydrogen and deuterium, water and atoms
that a residue does not have by itself (OXT) are left out; selenomethionine is read as methionine, other
modified residues are left out. Hybrid-36 numbers and insertion codes are read. Symmetry copies are not
built.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tools.generation.lost import Lost, lost_in_typing
from tools.generation.schema import LossReason, SampleForm
from tools.generation.sites.residues import ATOMS
from tools.generation.sites.site import REACH, Residue, Site
from tools.structures import SYMBOLS

if TYPE_CHECKING:
    import gemmi

MOST_IN_FILE: Final = 100_000  # atoms
SMALLEST: Final = 6  # heavy atoms of what is taken for a ligand by itself
LONGEST_PEPTIDE: Final = 2.0  # Å between C and N that are joined
HYDROGENS: Final = {"H", "D"}
RENAMED: Final = {("MSE", "SE"): "SD"}
AS: Final = {"MSE": "MET"}
ATOM_LINES: Final = ("ATOM", "HETATM")
PLACES: Final = (30, 38, 46)  # columns of x, y and z
WIDE: Final = 8
CIF_ATOMS: Final = "_atom_site."


class Pick(NamedTuple):
    """Which ligand is meant: component code, chain and number, as the file writes them."""

    code: str
    chain: str = ""
    number: int | None = None


def parse_pdb(text: str, pick: Pick | None = None) -> Site:
    """Return the site of a PDB file. Raises Lost."""
    import gemmi

    lines = [line for line in text.splitlines() if line.startswith(ATOM_LINES)]
    if not lines:
        raise Lost(LossReason.NOT_PDB, "there is no ATOM or HETATM line")
    _check_size(len(lines))
    _check_places(lines)
    try:
        return _site(gemmi.read_pdb_string(text), pick)
    except (RuntimeError, ValueError) as error:
        raise Lost(LossReason.NOT_PDB, _first_line(error)) from error


def parse_mmcif(text: str, pick: Pick | None = None) -> Site:
    """Return the site of the first block of an mmCIF with atoms. Raises Lost."""
    import gemmi

    try:
        blocks = list(gemmi.cif.read_string(text))
        sizes = [len(block.find_values(f"{CIF_ATOMS}id")) for block in blocks]
        place = next((k for k, size in enumerate(sizes) if size), None)
        if place is None:
            raise Lost(LossReason.NOT_MMCIF, f"there is no {CIF_ATOMS}id")
        _check_size(sizes[place])
        return _site(gemmi.make_structure_from_block(blocks[place]), pick)
    except (RuntimeError, ValueError) as error:
        raise Lost(LossReason.NOT_MMCIF, _first_line(error)) from error


def _check_places(lines: Iterable[str]) -> None:
    """gemmi reads as much of a number as it understands: 1.x3 would be 1."""
    for line in lines:
        try:
            for start in PLACES:
                float(line[start : start + WIDE])
        except ValueError:
            detail = f"coordinates of atom {line[6:11].strip() or '?'}: {line[30:54].strip()[:40]!r}"
            raise Lost(LossReason.NOT_PDB, detail) from None


def _check_size(atoms: int) -> None:
    if atoms > MOST_IN_FILE:
        detail = f"{atoms:,} atoms, and at most {MOST_IN_FILE:,} are read: cut out the part around the ligand"
        raise Lost(LossReason.TOO_MANY_ATOMS, detail)


class Component(NamedTuple):
    """A residue or ligand of the file with the atoms that are kept."""

    code: str
    chain: str
    number: int
    names: tuple[str, ...]
    elements: tuple[str, ...]
    places: "np.ndarray[tuple[int, int], np.dtype[np.float64]]"


def _site(structure: "gemmi.Structure", pick: Pick | None) -> Site:
    if not len(structure):
        raise Lost(LossReason.NOT_PDB, "there is no model in it")
    known = [one for chain in structure[0] for one in _components(chain)]
    ligand = _ligand(known if pick else [one for one in known if not _is_amino(one.code)], pick)
    peptides = [one for one in known if one is not ligand and AS.get(one.code, one.code) in ATOMS]
    near = [one for one in peptides if _distance(one, ligand) <= REACH]
    if not near:
        raise Lost(
            LossReason.NO_SITE,
            f"no amino acid has an atom within {REACH:g} Å of {ligand.code} {ligand.number}",
        )
    return Site(ligand.code, ligand.elements, ligand.places, tuple(_residues(near)))


def _components(chain: "gemmi.Chain") -> Iterator[Component]:
    """Residues with their best alternate location; one a number."""
    for group in _by_number(chain):
        best = max(group, key=_weight)
        found = _component(best, chain.name)
        if found is not None:
            yield found


def _by_number(chain: "gemmi.Chain") -> list[list["gemmi.Residue"]]:
    groups: dict[tuple[str, bool], list[gemmi.Residue]] = {}
    for residue in chain:
        groups.setdefault((str(residue.seqid), residue.het_flag == "H"), []).append(residue)
    return list(groups.values())


def _weight(residue: "gemmi.Residue") -> float:
    """Occupancy of a residue that shares its number with others."""
    return max((float(atom.occ) for atom in residue), default=0.0)


def _component(residue: "gemmi.Residue", chain: str) -> Component | None:
    atoms = [atom for atom in residue if atom.element.name not in HYDROGENS]
    location = _location(atoms)
    kept = {atom.name: atom for atom in reversed(atoms) if atom.altloc in {"\0", location}}
    if not kept or residue.is_water():
        return None
    kept = dict(reversed(kept.items()))
    places = np.array([atom.pos.tolist() for atom in kept.values()])
    if not np.isfinite(places).all():
        raise lost_in_typing(LossReason.NOT_FINITE, f"{residue.name} {residue.seqid} has no place")
    names = tuple(RENAMED.get((residue.name, name), name) for name in kept)
    elements = tuple(atom.element.name for atom in kept.values())
    return Component(residue.name, chain, residue.seqid.num or 0, names, elements, places)


def _location(atoms: Iterable["gemmi.Atom"]) -> str:
    """The alternate location with the greatest occupancy, summed over its atoms; of equals the first."""
    sums: dict[str, float] = {}
    for atom in atoms:
        if atom.altloc != "\0":
            sums[atom.altloc] = sums.get(atom.altloc, 0.0) + atom.occ
    return max(sorted(sums), key=lambda name: round(sums[name], 3), default="\0")


def _is_amino(code: str) -> bool:
    import gemmi

    return bool(gemmi.find_tabulated_residue(code).is_amino_acid())


def _ligand(candidates: list[Component], pick: Pick | None) -> Component:
    if pick is None:
        fitting = [one for one in candidates if len(one.elements) >= SMALLEST]
        wanted = f"no component beside amino acids and water has {SMALLEST} heavy atoms"
    else:
        fitting = [one for one in candidates if _fits(one, pick)]
        wanted = f"there is no ligand {' '.join(str(part) for part in pick if part not in {'', None})}"
    if not fitting:
        others = ", ".join(sorted({one.code for one in candidates})[:8]) or "none"
        raise Lost(LossReason.NO_LIGAND, f"{wanted} (other components: {others})")
    ligand = max(fitting, key=lambda one: len(one.elements))
    odd = next((element for element in ligand.elements if element not in SYMBOLS), None)
    if odd is not None:
        raise lost_in_typing(LossReason.UNKNOWN_SPECIES, f"{ligand.code} has an atom of element {odd!r}")
    return ligand


def _fits(one: Component, pick: Pick) -> bool:
    return one.code == pick.code and pick.chain in {"", one.chain} and (pick.number in {None, one.number})


def _distance(one: Component, ligand: Component) -> float:
    """Å between the nearest atoms."""
    return float(np.linalg.norm(one.places[:, None] - ligand.places[None], axis=-1).min())


def _residues(components: Iterable[Component]) -> Iterator[Residue]:
    before: tuple[str, Residue] | None = None
    for one in components:
        name = AS.get(one.code, one.code)
        order = [atom for atom in ATOMS[name] if atom in one.names]
        if not order:
            continue
        rows = [one.names.index(atom) for atom in order]
        residue = Residue(name, tuple(order), one.places[rows])
        joined = before is not None and before[0] == one.chain and _are_joined(before[1], residue)
        residue = Residue(name, residue.names, residue.places, joined)
        before = (one.chain, residue)
        yield residue


def _are_joined(before: Residue, after: Residue) -> bool:
    end, start = before.place("C"), after.place("N")
    return end is not None and start is not None and float(np.linalg.norm(end - start)) < LONGEST_PEPTIDE


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__


READERS: Final = {SampleForm.PDB: parse_pdb, SampleForm.MMCIF: parse_mmcif}
