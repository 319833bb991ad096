"""Units of columns as integer dimensions, and the factors that take their numbers to SI base units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final

from tools.laws.errors import LawError
from tools.once import once

if TYPE_CHECKING:
    from pint import Unit, UnitRegistry

BASE: Final = ("[length]", "[time]", "[mass]", "[temperature]", "[current]", "[substance]", "[luminosity]")
SYMBOLS: Final = ("m", "s", "kg", "K", "A", "mol", "cd")
NONE: Final = ("", "1", "-", "none", "dimensionless", "unitless", "a.u.", "arb. units", "number")
SPELLINGS: Final = {
    "\N{ANGSTROM SIGN}": "angstrom",
    "Å": "angstrom",
    "Ω": "ohm",
    "\N{MICRO SIGN}": "u",
    "μ": "u",
    "°C": "degC",
    "°": "degree",
    "·": "*",
    "×": "*",
    "⋅": "*",
    "\N{MINUS SIGN}": "-",
    "%": "percent",
    "Ang": "angstrom",
}
RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
LONGEST: Final = 60
MOST_DENOMINATOR: Final = 12


@dataclass(frozen=True)
class Scale:
    """Value in SI base units = factor · value + offset, and the powers of the base units."""

    factor: float
    offset: float
    powers: tuple[Fraction, ...]


@once
def _registry() -> "UnitRegistry[Any]":
    from pint import UnitRegistry

    return UnitRegistry(autoconvert_offset_to_baseunit=True)


def read_scale(text: str, column: str) -> Scale:
    """Return how numbers in this unit become SI. Raises LawError, which names the column."""
    if " ".join(text.split()).lower() in NONE:
        return Scale(1.0, 0.0, (Fraction(0),) * len(BASE))
    unit = _read(text, column)
    registry = _registry()
    powers = {
        name: Fraction(str(power)).limit_denominator(MOST_DENOMINATOR)
        for name, power in unit.dimensionality.items()
    }
    strange = sorted(set(powers) - set(BASE))
    if strange:
        raise LawError(f"column {column!r}: {text[:LONGEST]!r} has no SI unit ({', '.join(strange)})")
    target = "*".join(
        f"{symbol}**({power})" for symbol, power in zip(SYMBOLS, _ordered(powers), strict=True) if power
    )
    low, high = (float(registry.Quantity(value, unit).to(target).magnitude) for value in (0.0, 1.0))
    return Scale(high - low, low, _ordered(powers))


def _ordered(powers: Mapping[str, Fraction]) -> tuple[Fraction, ...]:
    return tuple(powers.get(name, Fraction(0)) for name in BASE)


def _read(text: str, column: str) -> "Unit":
    import re
    from unicodedata import normalize

    plain = " ".join(text.split())
    plain = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda raised: f"^{raised.group().translate(RAISED)}", plain)
    for written, meant in SPELLINGS.items():
        plain = plain.replace(written, meant)
    plain = normalize("NFKC", plain)
    if re.fullmatch(r"[A-Za-z0-9 -]+", plain):
        plain = re.sub(r"(?<=[A-Za-z])(-?\d)", r"^\1", plain)
    try:
        return _registry().Unit(plain[:LONGEST])
    except Exception as error:
        raise LawError(
            f"column {column!r}: {text[:LONGEST]!r} is no unit; write it as pint reads it, such as m/s or "
            "J/(mol K), or leave the brackets out where there is none"
        ) from error


def integer_dimensions(scales: Sequence[Scale]) -> list[tuple[int, ...]]:
    """Return whole exponents of the base units: all multiplied by one number where roots of units occur."""
    common = lcm(*(power.denominator for scale in scales for power in scale.powers))
    return [tuple(int(power * common) for power in scale.powers) for scale in scales]


def write_unit(powers: Sequence[Fraction]) -> str:
    """Return a unit in SI base units: "kg m s^-2"; "1" where there is none."""
    parts = []
    for symbol, power in zip(SYMBOLS, powers, strict=True):
        if power == 1:
            parts.append(symbol)
        elif power:
            parts.append(f"{symbol}^{power}" if power.denominator == 1 else f"{symbol}^({power})")
    return " ".join(parts) or "1"
