"""Reads the plain P1 CIF that structure tools write; anything richer goes to pymatgen."""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.atoms import Atoms, from_pymatgen, lattice_from_parameters
from tools.defects.errors import BadInput, OutsideModel

CELL: Final = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
ATOM_LOOP = re.compile(
    r"loop_\s*\n((?:\s*_atom_site_\w+\s*\n)+)(.*?)(?=\n\s*(?:loop_|_|data_|#)|\Z)", re.DOTALL
)
OPERATIONS = re.compile(r"['\"][^'\"\n]{1,30},[^'\"\n]{1,30},[^'\"\n]{1,30}['\"]")
CELL_LINE = re.compile(r"^_cell_(length_[abc]|angle_\w+)\s+(\S+)", re.MULTILINE)
FORMULA = re.compile(r"^_chemical_formula_sum\s+(?:'([^']*)'|\"([^\"]*)\"|(\S+))", re.MULTILINE)
FULL: Final = 0.999  # an occupancy from here on is a full site


def parse_cif(text: str) -> Atoms:
    """Raises BadInput where the file is cut or not a number stands where one must."""
    loop = ATOM_LOOP.search(text)
    if loop is None:
        raise BadInput("the CIF has no atom sites: it is cut short, or no CIF")
    columns = loop[1].split()
    words = loop[2].split()
    if (
        len(OPERATIONS.findall(text[: loop.start(2)])) != 1
        or len(words) % len(columns)
        or "_atom_site_type_symbol" not in columns
    ):
        return _with_pymatgen(text)
    column = {name.removeprefix("_atom_site_"): words[k :: len(columns)] for k, name in enumerate(columns)}
    if (_numbers(column.get("occupancy", ["1"])) < FULL).any():
        raise OutsideModel("a site is partially occupied: give an ordered structure")
    fractional = np.stack([_numbers(column[f"fract_{axis}"]) for axis in "xyz"], axis=1)
    symbols = tuple(w if w.isalpha() else re.sub(r"[\d+-]+$", "", w) for w in column["type_symbol"])
    _check_formula(text, symbols)
    return Atoms(symbols, fractional, _lattice(text))


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
    words = re.findall(r"([A-Z][a-z]?)(\d*)", match[1] or match[2] or match[3])
    counts = {element: symbols.count(element) for element in set(symbols)}
    # a formula may be reduced, so only its proportions bind
    promised = {element: int(number or 1) for element, number in words}
    ratios = {counts.get(e, 0) / k for e, k in promised.items()} | (
        {-1.0} if set(counts) - set(promised) else set()
    )
    if len(ratios) != 1:
        raise BadInput(f"the CIF lists {counts} but its formula says {promised}: it is cut short or altered")


def _with_pymatgen(text: str) -> Atoms:
    from pymatgen.io.cif import CifParser

    try:
        structure = CifParser.from_str(text).parse_structures(primitive=False)[0]
    except (ValueError, IndexError, KeyError, AssertionError) as error:
        raise BadInput(f"the CIF cannot be read: {error}") from error
    return from_pymatgen(structure)
