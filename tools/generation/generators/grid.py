"""The grids that cells and coordinates are written on.

Lengths lie on a geometric grid of 1 %, angles on whole degrees, coordinates on 120ths, which write
1/2, 1/3, 1/4, 1/5, 1/6 and 1/8 exactly.
"""

import math
from typing import Final

GRID: Final = 120
RATIO: Final = math.log(1.01)
FLATTEST: Final = 0.6  # Å between opposite faces


def length_token(length: float) -> str:
    return f"l{round(math.log(length) / RATIO)}"


def read_length(token: str) -> float:
    """Å."""
    return math.exp(int(token[1:]) * RATIO)


def read_lengths(tokens: list[str]) -> list[float]:
    """Å; "=a" and "=b" repeat an earlier one."""
    found: list[float] = []
    for token in tokens:
        found.append(found["ab".index(token[1])] if token[0] == "=" else read_length(token))
    return found


def lattice_matrix(tokens: list[str]) -> tuple[tuple[float, float, float], ...] | None:
    """Rows are the cell's vectors, Å; none where the angles close no cell, or one that is flat."""
    a, b, c = read_lengths(tokens[:3])
    alpha, beta, gamma = (math.radians(int(token[1:])) for token in tokens[3:6])
    along = math.cos(beta)
    across = (math.cos(alpha) - along * math.cos(gamma)) / math.sin(gamma)
    rise = math.sqrt(max(0.0, 1 - along**2 - across**2))
    heights = (a * math.sin(gamma) / math.sin(alpha), b * math.sin(gamma) / math.sin(beta), c)
    if rise * min(heights) < FLATTEST:
        return None
    third = (c * along, c * across, c * rise)
    return ((a, 0.0, 0.0), (b * math.cos(gamma), b * math.sin(gamma), 0.0), third)
