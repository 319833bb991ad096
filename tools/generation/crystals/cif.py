"""Reads one crystal from a CIF: plain P1 here, anything with symmetry by pymatgen."""

import math
import re
from typing import Final
from warnings import catch_warnings

import numpy as np

from tools.generation.crystals.crystal import MOST_ATOMS, Crystal, build_crystal, lattice_from_parameters
from tools.generation.lost import Lost, lost_in_typing
from tools.generation.schema import Reason

WORD: Final = re.compile(
    r"""^;(?P<field>(?:[^\n]*\n(?!;))*[^\n]*)\n;|'(?P<single>[^'\n]*)'(?=\s|$)|"(?P<double>[^"\n]*)"(?=\s|$)"""
    r"""|(?P<comment>\#[^\n]*)|(?P<bare>[^\s]+)""",
    re.MULTILINE,
)
CELL: Final = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
GROUPS: Final = ("_name_h-m", "_name_h-m_alt", "_int_tables_number", "_it_number")
SAME: Final = {"P1", "1", "?", "."}
FULL: Final = 0.999  # an occupancy from here on is a full site
OVERFULL: Final = 1.001  # and from here on none, as for pymatgen
MOST_COPIES: Final = 5_000  # atoms times operations that pymatgen expands in seconds

Items = dict[str, str]
Loops = dict[str, list[str]]


def parse_cif(text: str) -> Crystal:
    """The first data block with atoms. Raises Lost."""
    items, loops = _first_block_with_atoms(text)
    labels = loops.get("_atom_site_type_symbol") or loops.get("_atom_site_label") or []
    operations = next((loops[k] for k in loops if k.endswith(("_pos_as_xyz", "_operation_xyz"))), [])
    if len(labels) > MOST_ATOMS:
        raise Lost(Reason.TOO_MANY_ATOMS, f"{len(labels)} atoms, at most {MOST_ATOMS} are judged")
    lattice = lattice_from_parameters(*_cell(items))
    places = _places(loops, len(labels))
    _check_occupancy(loops)
    symbols = [_symbol(label) for label in labels]
    if _is_plain(items, operations):
        return build_crystal(symbols, places, lattice)
    if len(labels) * len(operations) > MOST_COPIES:
        raise Lost(Reason.TOO_MANY_ATOMS, f"{len(labels)} atoms under {len(operations)} operations")
    build_crystal(symbols, places, lattice)
    return _expanded(text)


def _first_block_with_atoms(text: str) -> tuple[Items, Loops]:
    items: Items = {}
    loops: Loops = {}
    tokens = _tokens(text)
    place = 0
    while place < len(tokens):
        word, bare = tokens[place]
        low = word.lower() if bare else ""
        if low.startswith("data_") and "_atom_site_fract_x" in loops:
            break
        if low.startswith("data_"):
            items, loops = {}, {}
        if low == "loop_":
            place = _read_loop(tokens, place + 1, loops)
        elif low.startswith("_") and place + 1 < len(tokens):
            items[low] = tokens[place + 1][0]
            place += 2
        else:
            place += 1
    if "_atom_site_fract_x" not in loops:
        raise Lost(Reason.NOT_CIF, "no loop of atom sites with fractional coordinates")
    return items, loops


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Each word, and whether it stands bare (only then it can be a name)."""
    return [
        (match[match.lastgroup or 0], match.lastgroup == "bare")
        for match in WORD.finditer(text)
        if match.lastgroup != "comment"
    ]


def _read_loop(tokens: list[tuple[str, bool]], place: int, loops: Loops) -> int:
    names = []
    while place < len(tokens) and tokens[place][1] and tokens[place][0].startswith("_"):
        names.append(tokens[place][0].lower())
        place += 1
    start = place
    while place < len(tokens) and not _is_keyword(*tokens[place]):
        place += 1
    words = [word for word, _ in tokens[start:place]]
    if names and len(words) % len(names) == 0:
        loops.update({name: words[k :: len(names)] for k, name in enumerate(names)})
    elif "_atom_site_fract_x" in names:
        raise Lost(Reason.NOT_CIF, f"{len(words)} values in rows of {len(names)}: cut short, or one too many")
    return place


def _is_keyword(word: str, bare: bool) -> bool:
    return bare and (word.startswith("_") or word.lower().startswith(("loop_", "data_", "save_", "global_")))


def _cell(items: Items) -> tuple[tuple[float, ...], tuple[float, ...]]:
    missing = next((name for name in CELL if f"_cell_{name}" not in items), None)
    if missing:
        raise Lost(Reason.NOT_CIF, f"_cell_{missing} is missing")
    numbers = [_number(items[f"_cell_{name}"]) for name in CELL]
    return tuple(numbers[:3]), tuple(numbers[3:])


def _places(loops: Loops, atoms: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    columns = [loops.get(f"_atom_site_fract_{axis}", []) for axis in "xyz"]
    if not atoms or any(len(column) != atoms for column in columns):
        raise Lost(Reason.NOT_CIF, "a species or three fractional coordinates are missing")
    return np.array([[_number(word) for word in column] for column in columns]).T.copy()


def _check_occupancy(loops: Loops) -> None:
    words = [w for w in loops.get("_atom_site_occupancy", []) if w not in {"?", "."}]
    partial = [w for w in words if _number(w) < FULL]
    if partial:
        raise lost_in_typing(Reason.PARTIAL_OCCUPANCY, f"a site is occupied by {partial[0]}")
    overfull = [w for w in words if _number(w) > OVERFULL]
    if overfull:
        raise Lost(Reason.NOT_CIF, f"a site is occupied by {overfull[0]}, more than one atom")


def _symbol(label: str) -> str:
    """Fe3+ and Fe2 are Fe; L0 stays L, which is no element."""
    match = re.match(r"[A-Za-z]{1,2}", label)
    return match[0].capitalize() if match else label


def _number(word: str) -> float:
    """A CIF number may end in its uncertainty: 0.333(2)."""
    try:
        number = float(word.split("(", maxsplit=1)[0])
    except ValueError:
        raise Lost(Reason.NOT_CIF, f"{word!r} stands where a number must") from None
    if not math.isfinite(number):
        raise lost_in_typing(Reason.NOT_FINITE, repr(word))
    return number


def _is_plain(items: Items, operations: list[str]) -> bool:
    """Listed operations count before the group's name, as they do for pymatgen."""
    if operations:
        return ["".join(op.split()).lower() for op in operations] == ["x,y,z"]
    named = {"".join(v.split()).upper() for k, v in items.items() if k.endswith(GROUPS)}
    return named <= SAME


def _expanded(text: str) -> Crystal:
    from pymatgen.io.cif import CifParser

    try:
        with catch_warnings(action="ignore"):
            structure = CifParser.from_str(text).parse_structures(primitive=False)[0]
    except Exception as error:  # pymatgen raises whatever its parts do
        raise Lost(Reason.NOT_CIF, " ".join(str(error).split())) from error
    if not structure.is_ordered:
        raise lost_in_typing(Reason.PARTIAL_OCCUPANCY, "symmetry puts several species on one site")
    return build_crystal(
        [_symbol(site.specie.symbol) for site in structure],
        np.asarray(structure.frac_coords),
        np.asarray(structure.lattice.matrix),
    )
