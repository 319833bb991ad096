"""Reads the plain P1 CIF that structure tools write; anything richer goes to pymatgen."""

import re
from typing import Final
from warnings import catch_warnings

import numpy as np
from numpy.typing import NDArray

from tools.defects.atoms import MOST_ATOMS, Atoms, from_pymatgen, lattice_from_parameters
from tools.defects.errors import BadInput, OutsideModel, in_one_line
from tools.defects.extra import needing_extra

CELL: Final = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
BLANK: Final = r"[ \t\r]*"  # and no line breaks: patterns that could share them take quadratic time
ATOM_LINE: Final = rf"{BLANK}(?!loop_|_|data_|#)\S[^\n]*(?:\n|\Z)|{BLANK}\n"
ATOM_LOOP = re.compile(rf"loop_{BLANK}\n((?:{BLANK}_atom_site_\w+{BLANK}\n)+)((?:{ATOM_LINE})*)")
ENTRY: Final = r"[-+/.\dxyzXYZ \t]{1,30}"
OPERATIONS = re.compile(rf"^{BLANK}(?:\d+[ \t]+)?['\"]?{ENTRY},{ENTRY},{ENTRY}['\"]?{BLANK}$", re.MULTILINE)
BLOCK = re.compile(r"^(?=data_)", re.MULTILINE | re.IGNORECASE)
GROUP = re.compile(
    r"^_(?:symmetry|space_group)_(?:name_H-M\w*|Int_Tables_number|IT_number)[ \t]+(.+)$", re.MULTILINE
)
CELL_LINE = re.compile(r"^_cell_(length_[abc]|angle_\w+)\s+(\S+)", re.MULTILINE)
FORMULA = re.compile(r"^_chemical_formula_sum\s+(?:'([^']*)'|\"([^\"]*)\"|(\S+))", re.MULTILINE)
QUOTES: Final = {"'", '"', ";"}  # words with blanks in them
MOST_COPIES: Final = 5_000  # atoms times operations that pymatgen expands in seconds
OPERATIONS_OF_A_GROUP: Final = 24  # assumed where a group is named and its operations are not listed
FULL: Final = 0.999  # an occupancy from here on is a full site


def parse_cif(text: str) -> Atoms:
    """Raises BadInput where the file is cut or not a number stands where one must."""
    text = _block_with_atoms(text)
    loop = ATOM_LOOP.search(text)
    if loop is None:
        raise BadInput("the CIF has no atom sites: it is cut short, or no CIF")
    columns, words = loop[1].split(), loop[2].split()
    operations = _operations(text[: loop.start(2)] + text[loop.end() :])
    ragged = len(words) % len(columns)
    if ragged and not QUOTES & set(loop[2]):
        raise BadInput(
            f"{len(words)} values in rows of {len(columns)}: the CIF is cut short, or a value too many"
        )
    _check_size(len(words) // len(columns), operations)
    if operations != 1 or ragged or "_atom_site_type_symbol" not in columns:
        return _with_pymatgen(text)
    return _plain(
        text, {name.removeprefix("_atom_site_"): words[k :: len(columns)] for k, name in enumerate(columns)}
    )


def _block_with_atoms(text: str) -> str:
    """Some programs write a block of remarks before the structure's own."""
    blocks = [block for block in BLOCK.split(text) if "_atom_site_fract_x" in block]
    if len(blocks) > 1:
        raise BadInput(f"the CIF holds {len(blocks)} structures: write each to a file of its own")
    return blocks[0] if blocks else text


def _check_size(rows: int, operations: int) -> None:
    if rows > MOST_ATOMS:
        raise BadInput(f"{rows} atoms: at most {MOST_ATOMS} are read; write large cells as a spec")
    if operations > 1 and rows * operations > MOST_COPIES:
        raise BadInput(
            f"{rows} atoms under {operations} symmetry operations are too many: write the CIF in P1"
        )


def _plain(text: str, column: dict[str, list[str]]) -> Atoms:
    if not {f"fract_{axis}" for axis in "xyz"} <= set(column):
        raise BadInput("the CIF lists no fractional coordinates: it is cut short, or has none")
    occupancy = _numbers(column.get("occupancy", ["1"]))
    if not ((occupancy >= 0) & (occupancy <= 2 - FULL)).all():
        raise BadInput("an occupancy in the CIF is not between 0 and 1")
    if (occupancy < FULL).any():
        raise OutsideModel("a site is partially occupied: give an ordered structure")
    fractional = np.stack([_numbers(column[f"fract_{axis}"]) for axis in "xyz"], axis=1)
    symbols = tuple(w if w.isalpha() else re.sub(r"[\d+-]+$", "", w) for w in column["type_symbol"])
    _check_formula(text, symbols)
    return Atoms(symbols, fractional, _lattice(text))


def _operations(text: str) -> int:
    """How many symmetry operations the file lists, or its space group may have."""
    listed = len(OPERATIONS.findall(text))
    named = {"".join(name.split()).strip("'\"").upper() for name in GROUP.findall(text)}
    return listed or (OPERATIONS_OF_A_GROUP if named - {"P1", "1", "?"} else 1)


def _numbers(words: list[str]) -> NDArray[np.float64]:
    try:
        return np.array(words, dtype=float)
    except ValueError:
        return np.array([_number(word) for word in words])


def _number(word: str) -> float:
    """A CIF number may end in its uncertainty: 0.333(2)."""
    try:
        return float(word.split("(", maxsplit=1)[0])
    except ValueError:
        raise BadInput(f"{word!r} stands where the CIF needs a number") from None


def _lattice(text: str) -> NDArray[np.float64]:
    cell = {name: _number(word) for name, word in CELL_LINE.findall(text)}
    missing = [name for name in CELL if name not in cell]
    if missing:
        raise BadInput(f"the CIF lacks _cell_{missing[0]}")
    values = tuple(cell[name] for name in CELL)
    return lattice_from_parameters(values[:3], values[3:])


def _check_formula(text: str, symbols: tuple[str, ...]) -> None:
    """A file cut between two atoms still parses: its formula tells."""
    match = FORMULA.search(text)
    if match is None:
        return
    words = re.findall(r"([A-Z][a-z]?)(\d{0,9})", match[1] or match[2] or match[3])
    counts = {element: symbols.count(element) for element in set(symbols)}
    # a formula may be reduced, so only its proportions bind
    promised = {element: int(number or 1) for element, number in words if number.strip("0") or not number}
    ratios = {counts.get(e, 0) / k for e, k in promised.items()} | (
        {-1.0} if set(counts) - set(promised) else set()
    )
    if len(ratios) != 1:
        raise BadInput(f"the CIF lists {counts} but its formula says {promised}: it is cut short or altered")


def _with_pymatgen(text: str) -> Atoms:
    with needing_extra():
        from pymatgen.io.cif import CifParser

    try:
        with catch_warnings(action="ignore"):
            structure = CifParser.from_str(text).parse_structures(primitive=False)[0]
    except Exception as error:  # pymatgen raises whatever its parts do
        raise BadInput(f"the CIF cannot be read: {in_one_line(error)}") from error
    atoms = from_pymatgen(structure)
    _check_formula(text, atoms.symbols)
    return atoms
