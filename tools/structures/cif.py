"""Reads one structure from a CIF, as people and programs write it. The syntax is gemmi's."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from tools.structures.atoms import (
    Atoms,
    BadStructure,
    Floats,
    StructureFault,
    check_number,
    lattice_from_parameters,
    to_fractional,
)
from tools.structures.elements import element_of
from tools.structures.symmetry import (
    DeclaredContents,
    SymmetryOperations,
    expand,
    listed_symmetry,
    named_symmetries,
    write_counts,
)

if TYPE_CHECKING:
    import gemmi

CELL: Final = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
FULL: Final = 0.999  # an occupancy from here on is a full site
OVERFULL: Final = 1.001  # and from here on none, as for pymatgen
UNKNOWN: Final = {"", "?", "."}
TRIVIAL: Final = {"P1", "1", *UNKNOWN}
NAMES: Final = (
    "_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_name_h-m_full",
    "_space_group_name_h-m_ref", "_space_group_name_h-m", "_symmetry_space_group_name_h-m_full",
)  # fmt: skip
HALLS: Final = ("_space_group_name_hall", "_symmetry_space_group_name_hall")
NUMBERS: Final = ("_space_group_it_number", "_symmetry_int_tables_number", "_symmetry_it_number")
OPERATIONS: Final = ("_pos_as_xyz", "_operation_xyz")
CENTRINGS: Final = "_magn_centering_xyz"
SITE: Final = "_atom_site_"
SPACES: Final = re.compile(r"[^\S\n\r\t ]")  # no CIF knows the no-break space that comes with copied text
HEADING: Final = re.compile(r"^([ \t]*data_)([^\n]*)$", re.MULTILINE | re.IGNORECASE)
BEGINNING: Final = re.compile(r"^[ \t]*(?:data_|global_)", re.MULTILINE | re.IGNORECASE)
WATERS: Final = {"ow": "O", "hw": "H", "wat": "O"}
FORMULA: Final = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")
MULTIPLICITY: Final = re.compile(r"\d{1,4}")
RAGGED: Final = re.compile(r"Wrong number of values in loop (\S+)")


@dataclass(frozen=True)
class CifBlock:
    """Tags in lower case, dots of mmCIF as underscores: items, and the columns of the loops that matter."""

    items: dict[str, str]
    columns: dict[str, list[str]]

    @property
    def has_atoms(self) -> bool:
        return any(self.columns.get(f"{SITE}{kind}_x") for kind in ("fract", "cartn"))


def read_cif(text: str, most_atoms: int, *, alone: bool = False) -> Atoms:
    """Return the structure of the first data block with atoms; `alone` refuses a file with several.

    Symmetry is expanded, and the contents compared with the formula. Raises BadStructure.
    """
    blocks = [block for block in map(_block, _parsed(text)) if block.has_atoms]
    if not blocks:
        raise BadStructure(StructureFault.UNREADABLE, "the CIF has no atom sites: it is cut short, or no CIF")
    if alone and len(blocks) > 1:
        raise BadStructure(
            StructureFault.UNREADABLE,
            f"the CIF holds {len(blocks)} structures: write each to a file of its own",
        )
    return _read(blocks[0], most_atoms)


def looks_like_cif(text: str) -> bool:
    return re.search(r"^[ \t]*(?:data_|loop_|_cell[_.])", text, re.MULTILINE | re.IGNORECASE) is not None


def _parsed(text: str) -> "gemmi.cif.Document":
    import gemmi

    try:
        return gemmi.cif.read_string(text, 0)
    except (ValueError, RuntimeError):
        try:
            return gemmi.cif.read_string(_mended(text), 0)
        except (ValueError, RuntimeError) as error:
            raise BadStructure(StructureFault.UNREADABLE, _explained(error)) from error


def _mended(text: str) -> str:
    """Return the text without what gemmi's grammar refuses and every other program passes over."""
    text = SPACES.sub(" ", text)
    begins = BEGINNING.search(text)
    tags = re.search(r"^[ \t]*(?:_|loop_)", text, re.MULTILINE | re.IGNORECASE)
    if begins is None or (tags is not None and tags.start() < begins.start()):
        text = f"data_\n{text[tags.start() :]}" if tags else text
    else:
        text = text[begins.start() :]
    return HEADING.sub(lambda m: m[1] + "_".join(m[2].split()), text)


def _explained(error: Exception) -> str:
    said = " ".join(str(error).split()).removeprefix("string:")
    if (ragged := RAGGED.search(said)) is not None:
        return f"the loop {ragged[1]} has a value too few or too many: the CIF is cut short or altered"
    line, _, rest = said.partition(":")
    return f"the CIF breaks off or has a stray word at line {line} ({rest.rpartition(': ')[2]})"[:200]


def _block(block: "gemmi.cif.Block") -> CifBlock:
    import gemmi

    items: dict[str, str] = {}
    columns: dict[str, list[str]] = {}
    for item in block:
        if item.pair is not None:
            tag, value = cast(tuple[str, str], item.pair)
            items[_plain(tag)] = gemmi.cif.as_string(value)
        elif item.loop is not None:
            tags = [_plain(tag) for tag in item.loop.tags]
            if any(
                tag.startswith((f"{SITE}fract", f"{SITE}cartn")) or tag.endswith((*OPERATIONS, CENTRINGS))
                for tag in tags
            ):
                values = item.loop.values
                columns |= {tag: values[k :: len(tags)] for k, tag in enumerate(tags)}
    for tag in list(items):  # a loop of one row may be written without a loop
        if tag.startswith(SITE) or tag.endswith((*OPERATIONS, CENTRINGS)):
            columns.setdefault(tag, [items[tag]])
    return CifBlock(items, columns)


def _plain(tag: str) -> str:
    return tag.lower().replace(".", "_")


def _read(block: CifBlock, most_atoms: int) -> Atoms:
    site = {tag.removeprefix(SITE): words for tag, words in block.columns.items() if tag.startswith(SITE)}
    real = [k for k, flag in enumerate(site.get("calc_flag", [])) if flag.lower() != "dum"]
    if len(real) < len(site.get("calc_flag", [])):
        site = {tag: [words[k] for k in real] for tag, words in site.items()}
    cell = [_number(block.items.get(f"_cell_{name}"), f"_cell_{name}") for name in CELL]
    lattice = lattice_from_parameters(cell[:3], cell[3:])
    fractional = _places(site, lattice)
    check_number(len(fractional), most_atoms)
    _check_occupancy(site)
    formula = _formula(block.items.get("_chemical_formula_sum", ""))
    symbols = _symbols(site, len(fractional), formula)
    declared = DeclaredContents(formula, _units(block), _multiplicities(site))
    symmetries = _symmetries(block, cell[3:])
    if not all(symmetry.is_trivial for symmetry in symmetries):
        Atoms(symbols, fractional, lattice)  # numbers that are none are told before symmetry is
    whole = expand(symbols, fractional, lattice, symmetries, declared)
    if not declared.fits_formula(whole.counts()):
        raise BadStructure(
            StructureFault.SYMMETRY,
            f"the CIF lists {write_counts(whole.counts())} but its formula says {write_counts(formula)}: "
            "it is cut short or altered",
        )
    check_number(len(whole.symbols), most_atoms)
    return Atoms(whole.symbols, whole.fractional, lattice)


def _places(site: dict[str, list[str]], lattice: Floats) -> Floats:
    for kind in ("fract", "cartn"):
        columns = [site.get(f"{kind}_{axis}") for axis in "xyz"]
        if all(columns):
            places = np.stack([_numbers(column or []) for column in columns], axis=1)
            return to_fractional(places, lattice) if kind == "cartn" else places
    raise BadStructure(
        StructureFault.UNREADABLE, "the CIF lists no fractional coordinates: it is cut short, or has none"
    )


def _symmetries(block: CifBlock, angles: Sequence[float]) -> list[SymmetryOperations]:
    """Return the symmetries that the file may mean, what it says most exactly first."""
    words = next((block.columns[tag] for tag in block.columns if tag.endswith(OPERATIONS)), [])
    centrings = next((block.columns[tag] for tag in block.columns if tag.endswith(CENTRINGS)), [])
    listed = [listed_symmetry([_bare(w) for w in words], [_bare(w) for w in centrings])] if words else []
    names = [v for v in (block.items.get(tag, "") for tag in NAMES) if v not in UNKNOWN]
    hall = next((v for v in (block.items.get(tag, "") for tag in HALLS) if v not in UNKNOWN), None)
    number = next((v for v in (block.items.get(tag, "") for tag in NUMBERS) if v.strip().isdecimal()), None)
    said = {"".join(word.split()).upper() for word in (*names, hall or "", number or "")}
    if said <= TRIVIAL:
        return listed
    try:
        named = list(named_symmetries(names, hall, int(number[:4]) if number else None, angles))
    except BadStructure:
        if listed and not listed[0].is_trivial:
            return listed
        raise
    return listed + named


def _units(block: CifBlock) -> int | None:
    word = block.items.get("_cell_formula_units_z", "")
    return int(word) if word.isdecimal() and int(word[:6]) > 0 else None


def _multiplicities(site: dict[str, list[str]]) -> tuple[int, ...] | None:
    tags = ("symmetry_multiplicity", "site_symmetry_multiplicity")
    words = next((site[tag] for tag in tags if tag in site), [])
    return tuple(map(int, words)) if words and all(map(MULTIPLICITY.fullmatch, set(words))) else None


def _check_occupancy(site: dict[str, list[str]]) -> None:
    words = [word for word in dict.fromkeys(site.get("occupancy", [])) if word not in UNKNOWN]
    if not words:
        return
    shares = _numbers(words)
    if not ((shares >= 0) & (shares <= OVERFULL)).all():
        odd = words[int(np.argmin((shares >= 0) & (shares <= OVERFULL)))]
        raise BadStructure(
            StructureFault.UNREADABLE, f"an occupancy in the CIF is not between 0 and 1: {odd}"
        )
    if (shares < FULL).any():
        raise BadStructure(
            StructureFault.PARTIAL_OCCUPANCY,
            f"a site is partially occupied ({words[int(shares.argmin())]}): give an ordered structure",
        )


def _symbols(site: dict[str, list[str]], atoms: int, formula: dict[str, float]) -> tuple[str, ...]:
    types, labels = site.get("type_symbol"), site.get("label")
    if types is None and labels is None:
        raise BadStructure(StructureFault.UNREADABLE, "the CIF lists neither types nor labels of its atoms")
    known = {word: None if _bare(word) in UNKNOWN else _of_type(_bare(word)) for word in set(types or ())}
    found: list[str | None] = [known[word] for word in types] if types else [None] * atoms
    if None in found:
        words = [_bare(word) for word in labels or ["?"] * atoms]
        found = [kind or _of_label(word, formula) for kind, word in zip(found, words, strict=True)]
    return tuple(kind for kind in found if kind is not None)


def _of_type(word: str) -> str:
    symbol = element_of(word) or WATERS.get(re.sub(r"[^a-z]", "", word.lower()))
    if symbol is None:
        raise BadStructure(StructureFault.UNKNOWN_SPECIES, f"{word!r} is no element")
    return symbol


def _of_label(label: str, formula: dict[str, float]) -> str:
    """Return the element of a label such as Fe1 or CA2, which the formula may have to tell from C."""
    letters = re.match(r"\d{0,3}([A-Za-z]*)", label)
    word = letters[1] if letters else ""
    choices = [s for s in dict.fromkeys((element_of(word[:2]), element_of(word[:1]))) if s is not None]
    if formula and (named := [s for s in choices if s in formula]):
        return named[0]
    if word.lower() in WATERS:
        return WATERS[word.lower()]
    if word[:2].isupper() and len(word) > 1 and len(choices) > 1:
        raise BadStructure(
            StructureFault.UNKNOWN_SPECIES,
            f"the label {label!r} may be {' or '.join(choices)}: add _atom_site_type_symbol or the formula",
        )
    symbol = element_of(word[:2])
    if symbol is None:
        raise BadStructure(StructureFault.UNKNOWN_SPECIES, f"{label!r} is no element")
    return symbol


def _formula(words: str) -> dict[str, float]:
    """Return atoms by element, D and T as H; empty where there is none that can be read."""
    found: dict[str, float] = {}
    for symbol, number in FORMULA.findall(words):
        element, count = element_of(symbol), float(number) if number not in {"", "."} else 1.0
        if element is None or not math.isfinite(count):
            return {}
        if count:
            found[element] = found.get(element, 0.0) + count
    return found


def _bare(word: str) -> str:
    import gemmi

    return str(gemmi.cif.as_string(word))


def _numbers(words: Sequence[str]) -> Floats:
    try:
        return np.array(words, dtype=float)
    except ValueError:
        return np.array([_number(word) for word in words])


def _number(word: str | None, tag: str = "") -> float:
    """Return a number that may carry its uncertainty: 0.333(2)."""
    if word is None:
        raise BadStructure(StructureFault.UNREADABLE, f"the CIF lacks {tag}")
    try:
        return float(word.strip("'\"").split("(", maxsplit=1)[0])
    except ValueError:
        raise BadStructure(
            StructureFault.UNREADABLE, f"{word!r} stands where the CIF needs a number"
        ) from None
