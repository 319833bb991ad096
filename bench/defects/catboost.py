"""CatBoost on descriptors of all atoms in matminer's manner.

Statistics of element properties over the composition (as in Magpie, doi
10.1038/npjcompumats.2016.28) and partial radial distribution functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.defects.graphs import ELEMENTS, atom_graph
from tools.defects.configuration import Configuration
from tools.defects.dataset import ENERGY, GAP
from tools.defects.store import DefectDataset

CUTOFF: Final = 6.0  # Å
BINS: Final = np.linspace(1.0, CUTOFF, 16)
PROPERTIES: Final = ("Z", "X", "atomic_mass", "row", "group", "atomic_radius", "mendeleev_no")
SETTINGS: Final = {
    "iterations": 1000, "learning_rate": 0.08, "depth": 6, "thread_count": 1, "verbose": 0,
    "loss_function": "RMSE", "allow_writing_files": False,
}  # fmt: skip


def descriptors(configuration: Configuration) -> NDArray[np.float32]:
    graph = atom_graph(configuration, CUTOFF)
    values = _properties()[graph.types]
    low, high = values.min(0), values.max(0)
    statistics = [values.mean(0), values.std(0), low, high, high - low]
    shares = np.bincount(graph.types, minlength=len(ELEMENTS)) / len(graph.types)
    first, second = graph.edges
    apart = np.linalg.norm(graph.places[second] + graph.offsets - graph.places[first], axis=1)
    bins = np.digitize(apart, BINS) - 1
    kinds = _pairs()[graph.types[first], graph.types[second]]
    counts = np.bincount(kinds * (len(BINS) - 1) + bins.clip(max=len(BINS) - 2), minlength=_width())
    return np.concatenate([*statistics, shares, counts / len(graph.types)]).astype(np.float32)


@dataclass(frozen=True)
class Boosted:
    """One model a target."""

    energy: Any
    gap: Any

    def predict(self, configurations: Sequence[Configuration]) -> NDArray[np.float64]:
        """(structures, 2): energy and gap, eV."""
        given = np.stack([descriptors(c) for c in configurations])
        return np.stack([self.energy.predict(given), self.gap.predict(given)], axis=1)


def train_catboost(data: DefectDataset, rows: NDArray[np.int64], seed: int) -> Boosted:
    from catboost import CatBoostRegressor

    given = np.stack([descriptors(data.configurations[k]) for k in rows])
    models = [CatBoostRegressor(**SETTINGS, random_seed=seed) for _ in range(2)]
    for model, target in zip(models, (ENERGY, GAP), strict=True):
        model.fit(given, data.column(target)[rows])
    return Boosted(*models)


@cache
def _properties() -> NDArray[np.float64]:
    from pymatgen.core.periodic_table import Element

    return np.array([[float(getattr(Element(e), name)) for name in PROPERTIES] for e in ELEMENTS])


@cache
def _pairs() -> NDArray[np.int64]:
    """The number of each unordered pair of elements."""
    table = np.zeros((len(ELEMENTS), len(ELEMENTS)), dtype=np.int64)
    for number, (one, other) in enumerate(combinations_with_replacement(range(len(ELEMENTS)), 2)):
        table[one, other] = table[other, one] = number
    return table


def _width() -> int:
    return (int(_pairs().max()) + 1) * (len(BINS) - 1)
