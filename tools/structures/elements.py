"""The elements by atomic number; dummies such as L0 and X are none."""

import re
from typing import Final

NAMES: Final = [
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar",
    "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br",
    "Kr", "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te",
    "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm",
    "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn",
    "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr",
    "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
]  # fmt: skip
SYMBOLS: Final = {symbol: number for number, symbol in enumerate(NAMES, 1)}
ISOTOPES: Final = {"D": "H", "T": "H"}
LETTERS: Final = re.compile(r"\d{0,3}([A-Za-z]{1,2})(?![A-Za-z])")


def element_of(word: str) -> str | None:
    """Return the element that a symbol names, such as `Fe`, `FE`, `Fe3+`, `18O`, `D` or `Zn_pv`, or None."""
    match = LETTERS.match(word)
    symbol = match[1].capitalize() if match else ""
    symbol = ISOTOPES.get(symbol, symbol)
    return symbol if symbol in SYMBOLS else None
