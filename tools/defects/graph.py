"""The sparse graph of a configuration: its nodes are defects, not atoms."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.pairs import COLUMNS, pairs

ELEMENT_NUMBERS: Final = {
    "X": 0, "B": 5, "C": 6, "N": 7, "O": 8, "P": 15, "S": 16, "V": 23,
    "Ga": 31, "Se": 34, "Mo": 42, "In": 49, "W": 74,
}  # fmt: skip


@dataclass(frozen=True)
class DefectGraph:
    """N nodes, all pairs of them as edges, and the state of the whole."""

    before: NDArray[np.int64]
    """(N,) atomic numbers."""
    after: NDArray[np.int64]
    """(N,) atomic numbers; 0 is a vacancy."""
    edges: NDArray[np.float64]
    """(N, N, columns of `edge_columns`)."""
    state: tuple[tuple[int, float], ...]
    """(atomic number, share) of the pristine composition."""

    @property
    def edge_columns(self) -> tuple[str, ...]:
        return COLUMNS


def defect_graph(configuration: Configuration) -> DefectGraph:
    """Every pair of defects is an edge; lengths in Å."""
    numbers = np.array([[ELEMENT_NUMBERS.get(e, -1) for e in kind] for kind in configuration.kinds]).reshape(
        -1, 2
    )
    elements = configuration.host.elements
    state = tuple((ELEMENT_NUMBERS[e], elements.count(e) / len(elements)) for e in sorted(set(elements)))
    return DefectGraph(numbers[:, 0], numbers[:, 1], pairs(configuration), state)
