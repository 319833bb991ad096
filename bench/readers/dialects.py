"""Crystals and molecules of our own making, written in the dialects that people and programs write.

What is written is known, so that a reader can be judged without trusting another reader.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import gemmi
import numpy as np
from numpy.typing import NDArray

from tools.structures import Atoms, lattice_from_parameters

Floats = NDArray[np.float64]
CELLS: Final = {  # lengths in Å and angles in degrees that each crystal system allows
    "triclinic": ((5.1, 6.2, 7.3), (82.0, 97.0, 105.0)),
    "monoclinic": ((5.1, 6.2, 7.3), (90.0, 103.0, 90.0)),
    "orthorhombic": ((5.1, 6.2, 7.3), (90.0, 90.0, 90.0)),
    "tetragonal": ((5.1, 5.1, 7.3), (90.0, 90.0, 90.0)),
    "trigonal": ((5.1, 5.1, 7.3), (90.0, 90.0, 120.0)),
    "hexagonal": ((5.1, 5.1, 7.3), (90.0, 90.0, 120.0)),
    "cubic": ((6.2, 6.2, 6.2), (90.0, 90.0, 90.0)),
}
RHOMBOHEDRAL: Final = ((6.2, 6.2, 6.2), (75.0, 75.0, 75.0))
ELEMENTS: Final = ("Na", "Cl", "Zn", "S", "Ti", "O", "Ba", "Fe", "Si", "Ga")
SPECIAL: Final = (0.0, 0.25, 0.5, 0.75, 1 / 3, 2 / 3)
NEAREST: Final = 0.9  # Å between atoms of a crystal that is written
CHARGES: Final = {"Na": "1+", "Cl": "1-", "O": "2-", "S": "2-"}


@dataclass(frozen=True)
class AsymmetricUnit:
    """Sites (n, 3) of an asymmetric unit in fractions, under a group of gemmi's table."""

    group: gemmi.SpaceGroup
    lengths: tuple[float, float, float]
    angles: tuple[float, float, float]
    symbols: tuple[str, ...]
    sites: Floats

    def orbits(self) -> list[Floats]:
        """Return the distinct images of each site."""
        rows = np.array([np.c_[np.array(o.rot), np.array(o.tran)] / o.DEN for o in self.group.operations()])
        found = []
        for site in self.sites:
            images = (rows[:, :, :3] @ site + rows[:, :, 3]) % 1.0
            apart = images[:, None] - images[None]
            same = (np.abs(apart - np.rint(apart)) < 1e-4).all(-1)
            found.append(images[same.argmax(1) == np.arange(len(images))])
        return found

    def atoms(self) -> Atoms:
        """Return all atoms of the cell."""
        orbits = self.orbits()
        symbols = tuple(s for s, orbit in zip(self.symbols, orbits, strict=True) for _ in orbit)
        return Atoms(symbols, np.concatenate(orbits), lattice_from_parameters(self.lengths, self.angles))


@dataclass(frozen=True)
class CifDialect:
    """How a CIF says what it says; the defaults are those of pymatgen."""

    symmetry: str = "operations"  # P1, operations, name, old name, Hall, number, full, reference, CrystaLLM
    types: str = "symbol"  # symbol, charge, upper, label
    tags: str = "plain"  # plain, upper, dots, indented
    newline: str = "\n"
    encoding: str = "utf-8"
    uncertainty: bool = False
    remarks: str = ""  # "", first, comment in loop, text field, reflections
    one_line_loop: bool = False


@dataclass(frozen=True)
class PoscarDialect:
    """How a POSCAR says what it says."""

    scale: str = "one"  # one, length, volume, three
    cartesian: bool = False
    names: str = "plain"  # plain, potential, hash, slash, comment, labels
    selective: bool = False
    remarks: bool = False
    exponent: str = "e"
    comment: str = "made by hand"
    newline: str = "\n"
    encoding: str = "utf-8"


def random_crystals(rng: np.random.Generator) -> Iterator[AsymmetricUnit]:
    """Yield crystals in settings of all 230 groups, drawn at random, some atoms on special positions."""
    table = [g for g in gemmi.spacegroup_table() if g.is_reference_setting() or g.ext in {"1", "2", "R", "H"}]
    while True:
        group = table[rng.integers(len(table))]
        cell = RHOMBOHEDRAL if group.ext == "R" else CELLS[group.crystal_system_str()]
        lengths, angles = cell
        number = int(rng.integers(1, 4))
        sites = np.where(
            rng.random((number, 3)) < 0.6, rng.choice(SPECIAL, (number, 3)), rng.random((number, 3))
        )
        symbols = tuple(rng.choice(ELEMENTS, number, replace=False).tolist())
        crystal = AsymmetricUnit(group, lengths, angles, symbols, sites.round(5))
        atoms = crystal.atoms()
        if len(atoms.symbols) <= 64 and nearest(atoms) > NEAREST:
            yield crystal


def nearest(atoms: Atoms) -> float:
    """Return the shortest distance between two atoms, in Å."""
    return float(distances(atoms)[:, 0].min())


def distances(atoms: Atoms) -> Floats:
    """Return each atom's distances to its eight nearest images of atoms, in Å."""
    shifts = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3), -1).reshape(-1, 3)
    apart = atoms.fractional[:, None] - atoms.fractional[None]
    apart -= np.rint(apart)
    lengths = np.linalg.norm((apart[:, :, None] + shifts) @ atoms.lattice, axis=-1).reshape(len(apart), -1)
    return np.sort(lengths, axis=1)[:, 1:9]


def is_same(one: Atoms, other: Atoms, tolerance: float = 2e-2) -> bool:
    """Whether two lists of atoms have the same elements, volume and surroundings, within `tolerance` Å."""
    if sorted(one.symbols) != sorted(other.symbols) or abs(one.volume / other.volume - 1) > 1e-3:
        return False
    return all(
        np.allclose(_sorted(one, element), _sorted(other, element), rtol=0, atol=tolerance)
        for element in set(one.symbols)
    )


def _sorted(atoms: Atoms, element: str) -> Floats:
    rows = distances(atoms)[[s == element for s in atoms.symbols]]
    return np.sort(rows, axis=0)


def write_cif(crystal: AsymmetricUnit, dialect: CifDialect) -> bytes:
    """Return the bytes of a CIF in the dialect."""
    orbits, lines = crystal.orbits(), ["data_made"]
    if dialect.remarks == "first":
        lines = ["data_global", "_journal_name_full 'J. Müller'", "", *lines]
    lines += _cell(crystal, dialect)
    formula = " ".join(f"{s}{len(orbit)}" for s, orbit in zip(crystal.symbols, orbits, strict=True))
    lines += [f"_chemical_formula_sum '{formula}'"]
    lines += ["_cell_formula_units_Z 1" if dialect.symmetry != "CrystaLLM" else "_cell_formula_units_Z 4"]
    lines += _symmetry(crystal, dialect)
    if dialect.remarks == "text field":
        lines += ["_publ_section_title", "; loop_ of data_ in a title", "and _atom_site_fract_x", ";"]
    if dialect.remarks == "reflections":
        lines += ["_shelx_hkl_file", ";", *["   1   0   0   12.34    0.56"] * 9_000, ";"]
    lines += _sites(crystal, orbits, dialect)
    text = dialect.newline.join(lines) + dialect.newline
    return text.encode(dialect.encoding)


def _cell(crystal: AsymmetricUnit, dialect: CifDialect) -> list[str]:
    names = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    dot = "." if dialect.tags == "dots" else "_"
    end = "(3)" if dialect.uncertainty else ""
    rows = zip(names, (*crystal.lengths, *crystal.angles), strict=True)
    return [_tag(f"_cell{dot}{name}", dialect) + f"  {value:.4f}{end}" for name, value in rows]


def _tag(tag: str, dialect: CifDialect) -> str:
    tag = tag.upper() if dialect.tags == "upper" else tag
    return f"   {tag}" if dialect.tags == "indented" else tag


def _symmetry(crystal: AsymmetricUnit, dialect: CifDialect) -> list[str]:
    group, said = crystal.group, dialect.symmetry
    if said in {"P1", "operations"}:
        words = ["x,y,z"] if said == "P1" else [op.triplet() for op in group.operations()]
        name = ["_symmetry_space_group_name_H-M 'P 1'"] if said == "P1" else []
        return [*name, "loop_", _tag("_symmetry_equiv_pos_as_xyz", dialect), *(f"'{w}'" for w in words)]
    if said == "CrystaLLM":
        name = [
            f"_symmetry_space_group_name_H-M '{group.xhm()}'",
            f"_symmetry_Int_Tables_number {group.number}",
        ]
        return [*name, "loop_", "_symmetry_equiv_pos_site_id", "_symmetry_equiv_pos_as_xyz", "1 'x, y, z'"]
    if said == "Hall":
        return [f"_space_group_name_Hall '{group.hall}'"]
    if said == "number":
        return [f"_space_group_IT_number {group.number}"]
    tags = {"full": "_space_group_name_H-M_full", "reference": "_space_group_name_H-M_ref"}
    called = "".join(group.xhm().split()) if said == "old name" else group.xhm()
    return [f"{tags.get(said, '_symmetry_space_group_name_H-M')} '{called}'"]


def _sites(crystal: AsymmetricUnit, orbits: Sequence[Floats], dialect: CifDialect) -> list[str]:
    dot = "." if dialect.tags == "dots" else "_"
    tags = ["label", *(["type_symbol"] if dialect.types != "label" else []), "fract_x", "fract_y", "fract_z"]
    tags += ["symmetry_multiplicity"] if dialect.symmetry == "CrystaLLM" else []
    head = [_tag(f"_atom_site{dot}{tag}", dialect) for tag in tags]
    rows: list[str] = []
    for symbol, orbit in zip(crystal.symbols, orbits, strict=True):
        for place in orbit if dialect.symmetry == "P1" else orbit[:1]:
            kind = symbol + CHARGES.get(symbol, "") if dialect.types == "charge" else symbol
            kind = kind.upper() if dialect.types == "upper" else kind
            numbers = [f"{x:.5f}" + ("(2)" if dialect.uncertainty else "") for x in place]
            words = [f"{symbol}{len(rows) + 1}", *([kind] if dialect.types != "label" else []), *numbers]
            rows.append("  ".join(words + ([str(len(orbit))] if dialect.symmetry == "CrystaLLM" else [])))
    if dialect.remarks == "comment in loop":
        head.insert(2, "# positions as refined")
    return [" ".join(["loop_", *head]), *rows] if dialect.one_line_loop else ["loop_", *head, *rows]


def write_poscar(atoms: Atoms, dialect: PoscarDialect) -> bytes:
    """Return the bytes of a POSCAR in the dialect."""
    elements = list(dict.fromkeys(atoms.symbols))
    order = [k for e in elements for k, s in enumerate(atoms.symbols) if s == e]
    scale, factors = _scale(atoms, dialect)
    places = (
        atoms.fractional[order] @ atoms.lattice / factors if dialect.cartesian else atoms.fractional[order]
    )
    ends = {"potential": "_pv", "hash": "_pv/0123456789abcdef", "slash": "/"}
    names = " ".join(e + ends.get(dialect.names, "") for e in elements)
    comment = " ".join(elements) if dialect.names == "comment" else dialect.comment
    behind = " ! as relaxed" if dialect.remarks else ""
    lines = [comment, scale + behind, *(_row(vector, dialect) for vector in atoms.lattice / factors)]
    lines += [] if dialect.names in {"comment", "labels"} else [names + behind]
    lines += [" ".join(str(atoms.symbols.count(e)) for e in elements) + behind]
    lines += ["Selective dynamics"] if dialect.selective else []
    lines += ["Cartesian" if dialect.cartesian else "Direct"]
    flags = "  T T F" if dialect.selective else ""
    labels = [f" {atoms.symbols[k]}" if dialect.names == "labels" else "" for k in order]
    lines += [_row(place, dialect) + flags + label for place, label in zip(places, labels, strict=True)]
    return (dialect.newline.join(lines) + dialect.newline).encode(dialect.encoding)


def _scale(atoms: Atoms, dialect: PoscarDialect) -> tuple[str, Floats]:
    """Return the line of the scale, and what lattice and positions are divided by."""
    if dialect.scale == "length":
        return "3.5", np.full(3, 3.5)
    if dialect.scale == "volume":  # the vectors are written at half their length
        return f"{-atoms.volume:.10f}", np.full(3, 2.0)
    return ("2.0 3.0 4.0", np.array([2.0, 3.0, 4.0])) if dialect.scale == "three" else ("1.0", np.ones(3))


def _row(vector: Floats, dialect: PoscarDialect) -> str:
    return "  ".join(f"{x:.10e}".replace("e", dialect.exponent) for x in vector)


def cif_dialects() -> list[CifDialect]:
    """Return the plain dialect, and one for each way in which CIFs differ from it."""
    plain = CifDialect()
    symmetries = ("P1", "operations", "name", "old name", "Hall", "number", "full", "reference", "CrystaLLM")
    found = [replace(plain, symmetry=s) for s in symmetries]
    found += [replace(plain, types=t) for t in ("charge", "upper", "label")]
    found += [replace(plain, tags=t) for t in ("upper", "dots", "indented")]
    found += [replace(plain, newline=n) for n in ("\r\n", "\r")]
    found += [
        replace(plain, encoding=e, remarks="first") for e in ("utf-8", "utf-8-sig", "latin-1", "utf-16")
    ]
    found += [replace(plain, remarks=r) for r in ("comment in loop", "text field", "reflections")]
    return [*found, replace(plain, uncertainty=True), replace(plain, one_line_loop=True)]


def poscar_dialects() -> list[PoscarDialect]:
    """Return the plain dialect, and one for each way in which POSCARs differ from it."""
    plain = PoscarDialect()
    scales = [(s, c) for s in ("one", "length", "volume", "three") for c in (False, True)]
    found = [replace(plain, scale=s, cartesian=c) for s, c in scales]
    found += [replace(plain, names=n) for n in ("potential", "hash", "slash", "comment", "labels")]
    found += [replace(plain, newline=n) for n in ("\r\n", "\r")]
    found += [replace(plain, encoding=e, comment="von Müller") for e in ("utf-8-sig", "latin-1", "utf-16")]
    found += [replace(plain, comment=c) for c in ("MoS2 8x8x1: vacancy S@12", "data_x", "loop_", "")]
    return [
        *found,
        replace(plain, selective=True),
        replace(plain, remarks=True),
        replace(plain, exponent="D"),
    ]
