"""Units and constants by name, and functions of plain numbers: pint's tables, CODATA 2022."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tools.calculator.errors import BadExpression, NoResult
from tools.once import once

if TYPE_CHECKING:
    from pint import UnitRegistry
    from pint.facets.plain import PlainQuantity

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "abs": abs,
}
OURS = {
    "kB": "k_B",
    "ħ": "hbar",
    "h_Planck": "planck_constant",
    "°": "degree",
}  # kB is no kilobyte in physics


@once
def registry() -> "UnitRegistry[Any]":
    from pint import UnitRegistry

    return UnitRegistry()


def number(value: float) -> "PlainQuantity[Any]":
    return registry().Quantity(value, "")


def named(name: str) -> "PlainQuantity[Any]":
    """One of that unit or constant. Raises BadExpression."""
    from pint import UndefinedUnitError

    try:
        return registry().Quantity(1.0, registry().parse_units(OURS.get(name, name)))
    except (UndefinedUnitError, AttributeError) as error:  # pint raises AttributeError for names such as _x
        hint = "; write ln or log10" if name == "log" else ""
        raise BadExpression(f"no unit or constant is called {name!r}{hint}") from error


def plain(quantity: "PlainQuantity[Any]", use: str) -> float:
    """The number that a quantity without dimension is. Raises NoResult."""
    from pint import DimensionalityError

    try:
        return float(quantity.to("").magnitude)
    except DimensionalityError as error:
        raise NoResult(f"{use} must be a plain number, and is in {quantity.units:~P}") from error
