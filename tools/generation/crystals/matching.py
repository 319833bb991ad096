"""Which crystals are the same, by pymatgen's StructureMatcher (Ong et al., Comput. Mater. Sci. 68 (2013)).

Only crystals of one reduced formula can match, so they lie in drawers by formula; each is reduced to its
primitive Niggli cell once, as StructureMatcher does before every comparison, and two reduced cells with
different numbers of sites never match. The answers are those of a plain comparison with every earlier one.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from typing import Any, Final

from tools.generation.crystals.crystal import Crystal
from tools.strict import Strict

MOST_REDUCED: Final = 20_000  # reduced cells kept in memory, about 10 kB each


class Tolerances(Strict):
    """Of StructureMatcher: lengths as a fraction, sites in units of (V/n)^(1/3), angles in degrees."""

    length: float = 0.2
    site: float = 0.3
    angle: float = 5.0


def build_matcher(tolerances: Tolerances) -> Any:  # noqa: ANN401 - imported where it is used
    from pymatgen.analysis.structure_matcher import StructureMatcher

    return StructureMatcher(ltol=tolerances.length, stol=tolerances.site, angle_tol=tolerances.angle)


class Cabinet:
    """Crystals that were put in, each found again by the number it was given."""

    def __init__(self, tolerances: Tolerances) -> None:
        self._matcher = build_matcher(tolerances)
        self._drawers: dict[str, list[tuple[int, Crystal]]] = defaultdict(list)
        self._reduced: OrderedDict[int, Any] = OrderedDict()

    def __contains__(self, formula: str) -> bool:
        return formula in self._drawers

    def put(self, number: int, crystal: Crystal) -> None:
        self._drawers[crystal.formula].append((number, crystal))

    def find(self, crystal: Crystal) -> int | None:
        """The number of the first that matches."""
        return next(self._matches(crystal), None)

    def find_all(self, crystal: Crystal) -> list[int]:
        return list(self._matches(crystal))

    def _matches(self, crystal: Crystal) -> Iterator[int]:
        drawer = self._drawers.get(crystal.formula, [])
        if not drawer:
            return
        reduced = self._reduce(crystal)
        for number, other in drawer:
            known = self._known(number, other)
            if len(known) == len(reduced) and self._matcher.fit(
                known, reduced, skip_structure_reduction=True
            ):
                yield number

    def _known(self, number: int, crystal: Crystal) -> Any:  # noqa: ANN401 - a pymatgen Structure
        if number not in self._reduced:
            self._reduced[number] = self._reduce(crystal)
            if len(self._reduced) > MOST_REDUCED:
                self._reduced.popitem(last=False)
        return self._reduced[number]

    def _reduce(self, crystal: Crystal) -> Any:  # noqa: ANN401 - a pymatgen Structure
        return self._matcher._get_reduced_structure(crystal.structure())  # noqa: SLF001 - fit() takes it from here
