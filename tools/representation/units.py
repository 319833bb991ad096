"""Units of the language, through the project's reader; words of counting are plain numbers."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tools.representation.errors import RepresentationError

if TYPE_CHECKING:
    from pint import Unit

COUNTED: Final = re.compile(
    r"\b(?:sites?|atoms?|spins?|nodes?|cells?|particles?|molecules?|electrons?|formula|f\.u\.)(?![\w.])"
)
PLAIN: Final = re.compile(r"[\w\s*/^().µμΩÅ°%·×⋅⁰¹²³⁴⁵⁶⁷⁸⁹⁻-]{0,60}")
POWERS: Final = re.compile(r"(?:\^|\*\*)\s*\(?\s*-?\s*(\d+(?:\.\d+)?)")
MOST_POWER: Final = 12


class BadUnit(RepresentationError):
    """A unit that cannot be read."""


@lru_cache(maxsize=4096)
def read_unit(text: str) -> "Unit":
    """Return pint's unit. Raises BadUnit."""
    from tools.experiments.errors import BadClaim
    from tools.experiments.units import read_unit as read

    powers = [float(power) for power in POWERS.findall(text)]
    if (
        not PLAIN.fullmatch(text)
        or any(power > MOST_POWER for power in powers)
        or text.count("^") > MOST_POWER
    ):
        raise BadUnit(f"{text[:60]!r} is no unit: names, numbers as powers up to {MOST_POWER}, * and /")
    if len(re.findall(r"\*\*|\^", text)) > len(powers) or re.search(r"\d\s*(?:\^|\*\*)", text):
        raise BadUnit(f"{text[:60]!r} is no unit: a power is a number, and only units are raised")
    try:
        unit = read(COUNTED.sub("count", text))
    except BadClaim as error:
        raise BadUnit(
            f"{text[:60]!r} is no unit: write it as pint reads it, such as m/s or eV/site"
        ) from error
    if unit.dimensionality and not _is_multiplicative(unit):
        raise BadUnit(f"{text!r} has its zero elsewhere: give temperatures in K")
    return unit


def _is_multiplicative(unit: "Unit") -> bool:
    from tools.experiments.units import registry

    return bool(registry().Quantity(1.0, unit)._is_multiplicative)  # noqa: SLF001 - pint has no public name for it


@lru_cache(maxsize=4096)
def factor(text: str) -> float:
    """Return what one of this unit is in base units of the SI. Raises BadUnit."""
    from tools.experiments.units import registry

    return float(registry().Quantity(1.0, read_unit(text)).to_base_units().magnitude)


@lru_cache(maxsize=4096)
def dimension(text: str) -> dict[str, float]:
    """Return the powers of the base dimensions, such as {"[length]": 1, "[time]": -2}. Raises BadUnit."""
    return {name: float(str(power)) for name, power in read_unit(text).dimensionality.items() if power}


def written(powers: dict[str, float]) -> str:
    """`length time^-2`, or `a plain number`."""
    words = [
        f"{name.strip('[]')}{'' if power == 1 else f'^{power:g}'}" for name, power in sorted(powers.items())
    ]
    return " ".join(words) or "a plain number"
