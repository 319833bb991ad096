"""Reads and writes a binding site as text: an atom a line, the ligand first.

    0 GDP P -4.31 0.12 0.55
    0 GDP O -5.02 1.38 0.21
    1 LYS N 2.20 -3.17 1.90
    1 LYS CA 1.06 -3.60 2.71
    …
    2 SER N …
    4 ASP N …

Number, residue, atom and three coordinates in Å. The ligand has number 0, its component's code and
elements; residues count from 1 in the order of their chains, by one where a peptide bond joins them and by
two where none does. Numbers of chains and residues of the entry are not kept.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np

from tools.generation.lost import Lost, lost_in_typing
from tools.generation.schema import LossReason
from tools.generation.sites.residues import ATOMS
from tools.generation.sites.site import MOST_ATOMS, Residue, Site
from tools.structures import SYMBOLS

WORDS: Final = 6
DECIMALS: Final = 2
FARTHEST: Final = 1_000.0  # Å
MOST_CODE: Final = 5  # characters of a component's code

Row = tuple[int, str, str, tuple[float, ...]]


def write_site(site: Site, decimals: int = DECIMALS) -> str:
    """Return the text, in the frame that the site is in; coordinates are rounded to `decimals`."""
    rows = [
        f"0 {site.ligand} {element} {_write(place, decimals)}"
        for element, place in zip(site.elements, site.places.tolist(), strict=True)
    ]
    number = -1
    for residue in site.residues:
        number += 1 if residue.joined else 2
        rows += [
            f"{number} {residue.name} {atom} {_write(place, decimals)}"
            for atom, place in zip(residue.names, residue.places.tolist(), strict=True)
        ]
    return "\n".join(rows)


def parse_site(text: str) -> Site:
    """Raises Lost."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ATOMS:
        raise Lost(LossReason.TOO_MANY_ATOMS, f"{len(lines)} atoms: a site has at most {MOST_ATOMS}")
    rows = [_row(words) for words in lines]
    ligand = [row for row in rows if row[0] == 0]
    if not ligand or len(ligand) == len(rows):
        missing = "residue" if ligand else "ligand (number 0)"
        raise Lost(LossReason.NOT_SITE, f"there is no {missing}")
    if len({row[1] for row in ligand}) > 1 or rows[: len(ligand)] != ligand:
        raise Lost(LossReason.NOT_SITE, "the ligand is one component, and comes first")
    for _, _, element, _ in ligand:
        if element not in SYMBOLS:
            raise lost_in_typing(LossReason.UNKNOWN_SPECIES, f"{element!r} is no element")
    places = np.array([row[3] for row in ligand])
    return Site(ligand[0][1], tuple(row[2] for row in ligand), places, _residues(rows[len(ligand) :]))


def _residues(rows: Sequence[Row]) -> tuple[Residue, ...]:
    found: list[Residue] = []
    before = -1
    for number, group in groupby(rows, key=lambda row: row[0]):
        some = list(group)
        if number <= before:
            raise Lost(LossReason.NOT_SITE, f"residue {number} comes after {before}: numbers rise")
        found.append(_residue(number, some, joined=number == before + 1 and bool(found)))
        before = number
    return tuple(found)


def _residue(number: int, rows: Sequence[Row], *, joined: bool) -> Residue:
    name, names = rows[0][1], tuple(row[2] for row in rows)
    if name not in ATOMS:
        raise lost_in_typing(LossReason.UNKNOWN_RESIDUE, f"{name!r} is none of the twenty amino acids")
    odd = next((row for row in rows if row[1] != name), None)
    if odd is not None:
        raise Lost(LossReason.NOT_SITE, f"residue {number} is {name} and {odd[1]}")
    unknown = next((atom for atom in names if atom not in ATOMS[name]), None)
    if unknown is not None:
        raise lost_in_typing(LossReason.UNKNOWN_ATOM, f"{name} has no heavy atom {unknown!r}")
    if len(set(names)) < len(names):
        twice = next(atom for atom in names if names.count(atom) > 1)
        raise Lost(LossReason.NOT_SITE, f"{name} {number} has {twice} twice")
    return Residue(name, names, np.array([row[3] for row in rows]), joined)


def _row(words: Sequence[str]) -> Row:
    if len(words) != WORDS:
        written = " ".join(words)[:60]
        raise Lost(
            LossReason.NOT_SITE, f"a line needs number, residue, atom and three coordinates: {written!r}"
        )
    number, name, atom = words[:3]
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_CODE) or len(name) > MOST_CODE:
        raise Lost(LossReason.NOT_SITE, f"{number[:20]!r} {name[:20]!r} is no residue")
    return int(number), name, atom, tuple(_number(word) for word in words[3:])


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        raise Lost(LossReason.NOT_SITE, f"{word[:20]!r} is no number") from None
    if not math.isfinite(number) or abs(number) > FARTHEST:
        raise lost_in_typing(LossReason.NOT_FINITE, f"{word[:20]!r} is no place within {FARTHEST:g} Å")
    return number


def _write(place: Sequence[float], decimals: int) -> str:
    return " ".join(f"{round(x, decimals) + 0.0:.{decimals}f}" for x in place)  # no minus before a zero
