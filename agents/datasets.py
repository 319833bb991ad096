"""Data that could test a hypothesis: what is looked for, in which units, and which structures."""

import re
from functools import lru_cache

_COUNTED = re.compile(
    r"\b(?:atom|defect|site|molecule|formula_unit|mol)s?\b"
)  # eV/atom is eV for one of them
_NAMED_SIZES = {"solar_mass": "kg", "earth_mass": "kg", "earth_radius": "m"}  # pint knows none of them


@lru_cache(maxsize=1024)
def dimension(unit: str) -> str | None:
    """Return the dimension of a unit, as pint writes it; None where it is no unit.

    Per atom and per mole count as the same: both are of one of many.
    """
    from tools.experiments.units import BadClaim, read_unit

    plain = _COUNTED.sub("dimensionless", unit)
    for name, standing in _NAMED_SIZES.items():
        plain = plain.replace(name, standing)
    try:
        return str(read_unit(plain).dimensionality)
    except BadClaim:
        return None
