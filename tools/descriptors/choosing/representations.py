"""The representations of a data set: those of single structures, and those that need to know all of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tools.descriptors.choosing.things import Things
from tools.descriptors.composition import COMPOSITION, weighted_statistics
from tools.descriptors.contract import Floats
from tools.descriptors.fragments import FRAGMENTS
from tools.descriptors.matrices import COULOMB, EWALD, SINE, sorted_coulomb
from tools.descriptors.smooth import MBTR, SOAP, of_many
from tools.descriptors.topology import TOPOLOGY

if TYPE_CHECKING:
    from tools.representation.schema import Transform

LAST: Final = 118


@dataclass(frozen=True)
class FeatureRepresentation:
    """`describe` takes all things at once and returns one row of numbers for each."""

    name: str
    title: str
    specification: str
    describe: Callable[[Things], Floats]
    source: str
    of_structures: bool = True
    of_crystals: bool = True
    of_molecules: bool = True

    @cached_property
    def transform(self) -> "Transform":
        from tools.representation.reading import read_text

        return read_text(self.specification).transform

    @property
    def loses(self) -> list[str]:
        return [fact.text for fact in self.transform.loses]


def fractions(things: Things) -> Floats:
    """Return the share of each element that occurs."""
    rows = np.zeros((len(things.compositions), LAST))
    for row, composition in enumerate(things.compositions):
        for z, share in composition:
            rows[row, z - 1] = share
    return np.asarray(rows[:, rows.any(0)])


def statistics(things: Things) -> Floats:
    """Return magpie statistics, and the norms of the shares; nan where a property is not known."""
    rows = []
    for composition in things.compositions:
        numbers = np.array([z for z, _ in composition])
        shares = np.array([share for _, share in composition])
        norms = [len(shares), *(float((shares**p).sum() ** (1 / p)) for p in (2, 3, 5))]
        rows.append(np.concatenate([weighted_statistics(numbers, shares), norms]))
    return np.array(rows)


def both(things: Things) -> Floats:
    return np.concatenate([statistics(things), fractions(things)], axis=1)


def padded(compute: Callable[..., Floats]) -> Callable[[Things], Floats]:
    """Return a describer whose rows are filled with zeros to the longest."""

    def describe(things: Things) -> Floats:
        rows = [np.ravel(compute(r=r, Z=z, a=a)) for r, z, a in things.atoms]
        longest = max(map(len, rows))
        return np.array([np.pad(row, (0, longest - len(row))) for row in rows])

    return describe


def sorted_matrices(things: Things) -> Floats:
    """Return upper triangles of Coulomb matrices whose rows are sorted by size, filled with zeros."""
    size = max(len(z) for _, z, _ in things.atoms)
    return np.array([sorted_coulomb(r, z, size) for r, z, _ in things.atoms])


def bags(things: Things) -> Floats:
    """Return Z_i Z_j / r_ij of each pair of elements, largest first, filled with zeros to the longest bag."""
    found = [_bags(r, z) for r, z, _ in things.atoms]
    longest: Counter[tuple[int, int]] = Counter()
    for one in found:
        for pair, values in one.items():
            longest[pair] = max(longest[pair], len(values))
    order = sorted(longest)
    return np.array(
        [
            np.concatenate([_fill(one.get(pair, np.zeros(0)), longest[pair]) for pair in order])
            for one in found
        ]
    )


def _bags(places: Floats, numbers: Any) -> dict[tuple[int, int], Floats]:  # noqa: ANN401 - integers
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    elements = sorted(set(numbers.tolist()))
    found = {(0, z): np.full(int((numbers == z).sum()), 0.5 * z**2.4) for z in elements}
    for a, b in combinations_with_replacement(elements, 2):
        first, second = np.flatnonzero(numbers == a), np.flatnonzero(numbers == b)
        pairs = apart[np.ix_(first, second)]
        values = pairs[np.triu_indices(len(first), 1)] if a == b else pairs.ravel()
        found[a, b] = a * b / np.sort(values)
    return found


def _fill(values: Floats, length: int) -> Floats:
    return np.pad(values, (0, length - len(values)))


_COMPOSITION: Final = """
  in   Z : species[N]
  out  x : spectrum[n]
  invariant under permutation(N)
  preserves composition(Z)
  loses order(N)
"""
_PLACES: Final = """
  in   r : position[N,3] angstrom
       Z : species[N]
  out  x : spectrum[n] 1/angstrom
  invariant under E(3), permutation(N)
  preserves composition(Z)
  loses handedness, orientation, origin, order(N)
"""
_WARD: Final = "Ward et al. 2016, 10.1038/npjcompumats.2016.28"

REPRESENTATIONS: Final = (
    FeatureRepresentation(
        "composition",
        COMPOSITION.title,
        COMPOSITION.specification,
        statistics,
        COMPOSITION.source,
        of_structures=False,
    ),
    FeatureRepresentation(
        "composition_fractions",
        "statistics and shares of the elements",
        f"transform composition_fractions{_COMPOSITION}",
        both,
        _WARD,
        of_structures=False,
    ),
    FeatureRepresentation(
        "fractions",
        "shares of the elements",
        f"transform fractions{_COMPOSITION}",
        fractions,
        "definition",
        of_structures=False,
    ),
    FeatureRepresentation(
        "coulomb_matrix",
        "eigenvalues of the Coulomb matrix",
        COULOMB.specification,
        padded(COULOMB.compute),
        COULOMB.source,
        of_crystals=False,
    ),
    FeatureRepresentation(
        "sorted_coulomb_matrix",
        "Coulomb matrix, rows sorted by size",
        f"transform sorted_coulomb_matrix{_PLACES}",
        sorted_matrices,
        "Montavon et al. 2013, 10.1088/1367-2630/15/9/095003",
        of_crystals=False,
    ),
    FeatureRepresentation(
        "bag_of_bonds",
        "bag of bonds",
        f"transform bag_of_bonds{_PLACES}",
        bags,
        "Hansen et al. 2015, 10.1021/acs.jpclett.5b00831",
        of_crystals=False,
    ),
    FeatureRepresentation(
        "sine_matrix", SINE.title, SINE.specification, padded(SINE.compute), SINE.source, of_molecules=False
    ),
    FeatureRepresentation(
        "ewald_matrix",
        EWALD.title,
        EWALD.specification,
        padded(EWALD.compute),
        EWALD.source,
        of_molecules=False,
    ),
    FeatureRepresentation(
        "soap",
        SOAP.title,
        SOAP.specification,
        lambda things: of_many("soap", things.atoms, periodic=things.periodic),
        SOAP.source,
    ),
    FeatureRepresentation(
        "mbtr",
        MBTR.title,
        MBTR.specification,
        lambda things: of_many("mbtr", things.atoms, periodic=things.periodic),
        MBTR.source,
    ),
    FeatureRepresentation(
        "fragments",
        FRAGMENTS.title,
        FRAGMENTS.specification,
        padded(FRAGMENTS.compute),
        FRAGMENTS.source,
        of_molecules=False,
    ),
    FeatureRepresentation(
        "topology",
        TOPOLOGY.title,
        TOPOLOGY.specification,
        padded(TOPOLOGY.compute),
        TOPOLOGY.source,
        of_molecules=False,
    ),
)
