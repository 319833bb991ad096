"""A number with its uncertainty and unit, and how a person reads it: rounded to what is known."""

from decimal import Decimal
from math import floor, inf, isfinite, log10
from sys import float_info
from typing import Final

from pydantic import Field

from tools.strict import Strict

SIGNIFICANT: Final = 5  # digits of a number whose uncertainty is not known
PLAIN: Final = range(-4, 7)  # decades that are written without a power of ten
UNITLESS: Final = ("", "1")
MINUS: Final = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Quantity(Strict):
    """A number with its standard uncertainty and its unit."""

    value: float
    std: float | None = Field(default=None, ge=0, description="standard deviation; null: not known")
    unit: str

    def __str__(self) -> str:
        """`2.636 ± 0.003 eV`."""
        return write(self.value, self.std, self.unit)


def write(value: float, std: float | None = None, unit: str = "") -> str:
    """Return value, uncertainty and unit, rounded to the first digit of the uncertainty.

    The second digit is kept where the first is a 1. Without an uncertainty five significant digits are kept.
    """
    known = std if std is not None and abs(value) * float_info.epsilon < std < inf else None
    return f"{_write_numbers(value, known)} {'' if unit in UNITLESS else unit}".strip()


def _write_numbers(value: float, std: float | None) -> str:
    if not isfinite(value) or (std is None and _is_short(value)):
        return f"{value:.0f}".replace("-", MINUS)
    place = _decade(value) - SIGNIFICANT + 1 if std is None else _last_place(std)
    size = max(_decade(value), place) if value else place
    power = 0 if size in PLAIN else size
    numbers = [value] if std is None else [value, std]
    shifted = [float(Decimal(number).scaleb(-power)) for number in numbers]  # 10**power may leave the floats
    text = " ± ".join(_round(number, place - power, exact=std is None) for number in shifted)
    if power:
        text = f"{text if std is None else f'({text})'} × 10{str(power).translate(_SUPERSCRIPTS)}"
    return text


def _is_short(value: float) -> bool:
    """A whole number that is written out."""
    return value.is_integer() and abs(value) < 10**PLAIN.stop


def _decade(value: float) -> int:
    return floor(log10(abs(value)))


def _last_place(std: float) -> int:
    """The decade of the last digit that the uncertainty leaves meaningful."""
    digits, _, decade = f"{std:.1e}".partition("e")
    return int(decade) - 1 if digits.startswith("1") else int(f"{std:.0e}".partition("e")[2])


def _round(number: float, place: int, *, exact: bool) -> str:
    """Rounded to 10**place; zeros at the end say something only where the uncertainty is known."""
    text = f"{round(number, -place):.{max(0, -place)}f}"
    if exact and "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", MINUS)
