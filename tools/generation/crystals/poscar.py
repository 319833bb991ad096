"""Reads POSCAR files of VASP 5: a comment, a scale, three vectors, elements, counts, positions."""

import math

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.crystal import MOST_ATOMS, Crystal, build_crystal
from tools.generation.lost import Lost
from tools.generation.schema import Reason, Stage

HEADER = 8  # lines before the first position


def parse_poscar(text: str) -> Crystal:
    """Raises Lost."""
    lines = text.splitlines()
    if len(lines) < HEADER:
        raise Lost(Reason.NOT_POSCAR, f"{len(lines)} lines: a POSCAR has at least {HEADER + 1}")
    lattice = _scaled(_table(lines[2:5]), lines[1])
    elements = [word.split("_")[0] for word in lines[5].split()]
    symbols = [e for e, k in zip(elements, _counts(lines[6], len(elements)), strict=True) for _ in range(k)]
    start = HEADER - 1 + lines[7].strip()[:1].lower().startswith("s")  # "Selective dynamics" stands before
    mode = lines[start].strip()[:1].lower() if start < len(lines) else ""
    rows = lines[start + 1 : start + 1 + len(symbols)]
    if len(rows) < len(symbols):
        raise Lost(Reason.NOT_POSCAR, f"{len(rows)} positions for {len(symbols)} atoms: cut short")
    places = _table(rows)
    return build_crystal(symbols, _fractional(places, lattice) if mode in {"c", "k"} else places, lattice)


def _counts(line: str, elements: int) -> list[int]:
    words = line.split()
    if not elements or len(words) != elements or not all(word.isdecimal() for word in words):
        raise Lost(Reason.NOT_POSCAR, "line 6 needs the elements and line 7 their counts")
    counts = [int(word[:9]) for word in words]
    if sum(counts) > MOST_ATOMS:
        raise Lost(Reason.TOO_MANY_ATOMS, f"{sum(counts)} atoms, at most {MOST_ATOMS} are judged")
    if not all(counts):
        raise Lost(Reason.NOT_POSCAR, "an element has no atom")
    return counts


def _scaled(lattice: NDArray[np.float64], line: str) -> NDArray[np.float64]:
    """A negative scale is the cell's volume in Å³."""
    scale = float(_table([f"{line} 0 0"])[0, 0])
    if scale > 0:
        return lattice * scale
    volume = abs(np.linalg.det(lattice))
    if not (math.isfinite(scale) and scale < 0 < volume):
        raise Lost(Reason.FLAT_CELL, f"scale {scale}, volume {volume:.3g} Å³", Stage.STRUCTURAL)
    return lattice * float((-scale / volume) ** (1 / 3))


def _fractional(places: NDArray[np.float64], lattice: NDArray[np.float64]) -> NDArray[np.float64]:
    if abs(np.linalg.det(lattice)) == 0:
        raise Lost(Reason.FLAT_CELL, "0 Å³", Stage.STRUCTURAL)
    return np.asarray(np.linalg.solve(lattice.T, places.T).T)


def _table(lines: list[str]) -> NDArray[np.float64]:
    """Shape (lines, 3)."""
    try:
        return np.array([[float(word) for word in line.split()[:3]] for line in lines]).reshape(-1, 3)
    except ValueError:
        raise Lost(Reason.NOT_POSCAR, "three numbers a line are needed for cell and positions") from None
