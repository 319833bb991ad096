"""Statistics of the properties of the elements, weighted by composition, as in magpie.

Ward et al., 10.1038/npjcompumats.2016.28. Properties are those of pymatgen, Ong et al.,
10.1016/j.commatsci.2012.10.028.
"""

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Descriptor, Floats, Ints
from tools.descriptors.errors import DescriptorError
from tools.extras import needing
from tools.structures.elements import NAMES

PROPERTIES: Final = {
    "atomic number": ("Z", "1"),
    "electronegativity": ("X", "1"),
    "period": ("row", "1"),
    "group": ("group", "1"),
    "Mendeleev number": ("mendeleev_no", "1"),
    "mass": ("atomic_mass", "u"),
    "atomic radius": ("atomic_radius", "angstrom"),
    "ionisation energy": ("ionization_energy", "eV"),
    "electron affinity": ("electron_affinity", "eV"),
    "melting point": ("melting_point", "K"),
    "molar volume": ("molar_volume", "cm^3"),
    "thermal conductivity": ("thermal_conductivity", "W/(m K)"),
    "valence electrons": ("_valence", "1"),
}
"""By name: pymatgen's attribute, and its unit."""
STATISTICS: Final = ("mean", "mean deviation", "lowest", "highest", "range", "of the most frequent")


class MissingPymatgen(DescriptorError):
    """The optional package is not installed."""


def composition(Z: Ints, r: Floats | None = None, a: Floats | None = None) -> NDArray[Any]:  # noqa: ARG001, N803 - one call for all
    """Return the statistics (6 for each property); nan where a property of an element is not known."""
    numbers, counts = np.unique(Z, return_counts=True)
    return weighted_statistics(numbers, counts / counts.sum())


def weighted_statistics(numbers: Ints, shares: Floats) -> NDArray[Any]:
    """Return the statistics (6 for each property) of elements by atomic number with their shares."""
    values = element_properties(numbers)
    mean = shares @ values
    low, high = values.min(0), values.max(0)
    most = values[shares >= shares.max() * (1 - 1e-9)].mean(0)
    return np.stack([mean, shares @ np.abs(values - mean), low, high, high - low, most], axis=1).ravel()


def element_properties(numbers: Ints) -> NDArray[Any]:
    """Return the properties (N, properties) of elements by atomic number; nan where one is not known."""
    return np.asarray(_table()[np.asarray(numbers) - 1])


def labels() -> tuple[str, ...]:
    return tuple(f"{name}, {statistic}" for name in PROPERTIES for statistic in STATISTICS)


@cache
def _table() -> NDArray[Any]:
    """Properties (118, properties) by atomic number."""
    import warnings

    with needing({"pymatgen": "descriptors"}, MissingPymatgen), warnings.catch_warnings():
        from pymatgen.core.periodic_table import Element

        warnings.simplefilter("ignore")  # of properties that nobody has measured
        rows = [
            [_property(Element(name), attribute) for attribute, _ in PROPERTIES.values()] for name in NAMES
        ]
    return np.array(rows, dtype=float)


def _property(element: Any, attribute: str) -> float:  # noqa: ANN401 - of pymatgen, imported late
    if attribute == "_valence":
        group = int(element.group)
        return float(group if group <= 12 else group - 10)  # noqa: PLR2004 - s and d, or s and p electrons
    try:
        value = getattr(element, attribute)
        return float(value) if value is not None else np.nan
    except (AttributeError, KeyError, TypeError, ValueError):  # what nobody has measured
        return np.nan


COMPOSITION = Descriptor(
    name="composition",
    title="statistics of the elements",
    specification="""transform composition
  in   Z : species[N]
  out  x : spectrum[n]
  invariant under permutation(N)
  preserves composition(Z)
  loses order(N)
""",
    compute=composition,
    source="Ward et al. 2016, 10.1038/npjcompumats.2016.28; values of pymatgen",
    most_atoms=100_000,
    extra="descriptors",
    labels=labels,
)
