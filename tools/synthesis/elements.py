"""Properties of the elements, from the shipped table: nothing else is needed to describe a composition.

The table is made from pymatgen's values (Ong et al. 2013, 10.1016/j.commatsci.2012.10.028) by
`python -m tools.synthesis.training.tables`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FILE: Final = "elements.csv"
ALIKE: Final = ("electronegativity", "atomic radius", "valence electrons", "period", "Mendeleev number")
"""What makes two elements alike: the properties between which substitutions are measured."""


@dataclass(frozen=True)
class ElementTable:
    """`properties` (118, p) with nan where unknown; charges that occur commonly, and all that occur."""

    names: tuple[str, ...]
    properties: Floats
    common_charges: tuple[tuple[int, ...], ...]
    charges: tuple[tuple[int, ...], ...]

    @property
    def electronegativity(self) -> Floats:
        """Pauling's; where there is none (noble gases) above all others."""
        return np.nan_to_num(self.properties[:, self.names.index("electronegativity")], nan=9.0)

    def unlikeness(self) -> Floats:
        """Return the root mean square difference (118, 118) of two elements in standardised properties."""
        columns = self.properties[:, [self.names.index(name) for name in ALIKE]]
        filled = np.where(np.isnan(columns), np.nanmean(columns, axis=0), columns)
        scaled = (filled - filled.mean(0)) / filled.std(0)
        return np.asarray(np.sqrt(((scaled[:, None] - scaled[None]) ** 2).mean(-1)))


@cache
def element_table() -> ElementTable:
    text = (files("tools.synthesis") / "data" / FILE).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = tuple(name for name in rows[0] if name not in ("symbol", "common charges", "charges"))
    return ElementTable(
        names,
        np.array([[float(row[name]) if row[name] else np.nan for name in names] for row in rows]),
        tuple(tuple(map(int, row["common charges"].split())) for row in rows),
        tuple(tuple(map(int, row["charges"].split())) for row in rows),
    )
