"""Charge neutrality of a composition under a named table of oxidation states.

The table `smact14` is judged by the rule of SMACT 2.5.5 that CDVAE and its followers use (Davies et al.,
JOSS 4, 1361 (2019), doi 10.21105/joss.01361): an element is valid, metals among themselves are valid, and
else some choice of one oxidation state an element must be neutral, every cation less electronegative than
every anion; an element without an electronegativity passes no such test. Other tables are judged by smact as
installed.
"""

from functools import cache, lru_cache
from typing import Final

TABLES: Final = ("smact14", "icsd24", "wiki", "pymatgen_sp")
INSTALLED_DEFAULT: Final = "icsd24"  # the table that smact 4 takes when none is named
Composition = tuple[tuple[str, int], ...]
Ion = tuple[int, tuple[int, ...], float]  # count, oxidation states, electronegativity


@lru_cache(maxsize=200_000)
def is_neutral(composition: Composition, table: str) -> bool:
    """`composition`: elements by atomic number with reduced counts."""
    if table != "smact14":
        return _by_smact(composition, table)
    if len(composition) == 1 or all(element in _metals() for element, _ in composition):
        return True
    negativities = [_electronegativity(element) for element, _ in composition]
    ions = [(k, _states(e), n) for (e, k), n in zip(composition, negativities, strict=True) if n is not None]
    return len(ions) == len(composition) and any(_is_split(ions, cut) for _, _, cut in ions)


def _is_split(ions: list[Ion], cut: float) -> bool:
    """Neutral with cations below the cut and anions from it on: the least electronegative anion is a cut."""
    totals = {0}
    for count, states, electronegativity in ions:
        fitting = [s for s in states if s == 0 or (s > 0) == (electronegativity < cut)]
        totals = {total + count * state for total in totals for state in fitting}
    return 0 in totals


def _by_smact(composition: Composition, table: str) -> bool:
    from smact.screening import smact_validity

    formula = "".join(f"{element}{count}" for element, count in composition)
    named = None if table == INSTALLED_DEFAULT else table
    try:
        return bool(smact_validity(formula, oxidation_states_set=named))
    except (KeyError, NameError):  # what smact raises for an element that it lacks
        return False


@cache
def _metals() -> frozenset[str]:
    import smact

    return frozenset(smact.metals)


@cache
def _states(element: str) -> tuple[int, ...]:
    import smact

    return tuple(smact.Element(element).oxidation_states_smact14 or ())


@cache
def _electronegativity(element: str) -> float | None:
    import smact

    try:
        value = smact.Element(element).pauling_eneg
    except (KeyError, NameError):  # what smact raises for an element that it lacks
        return None
    return None if value is None else float(value)
