"""Units of claims and instruments, by pint, and numbers rounded to their uncertainty for a reader."""

import math
import re
from functools import lru_cache
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from tools.experiments.errors import BadClaim
from tools.experiments.schema import CauseRange, Effect, ValueWithUnit
from tools.once import once

if TYPE_CHECKING:
    from pint import Unit, UnitRegistry


PLAIN: Final = ("", "1", "-", "none", "dimensionless", "unitless", "a.u.", "arb. units")
REDUCED: Final = re.compile(
    r"(?:[jt]\s*(?:/\s*(?:k_?b|hbar|mu_?b))?|k_?b|hopping|sites?|spins?|nodes?|layers?|sweeps?|steps?"
    r"|lattice (?:constants?|spacings?|sites|units)|coupling|iterations?|mcs|monte carlo steps?"
    r"|atoms?|cells?|electrons?|ions?|molecules?|monolayers?|particles?|periods?|photons?|units?|vacanc(?:y|ies))",
    re.IGNORECASE,
)
"""Units of models and counts: where the instrument's quantity is a plain number, these are too."""
SPELLINGS: Final = {
    "Å": "angstrom",
    "Ω": "ohm",
    "μ": "u",
    "°C": "degC",
    "°": "degree",
    "·": "*",
    "×": "*",
    "⋅": "*",
    "−": "-",
    "%": "percent",
    "kB": "k_B",
}
RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
LONGEST: Final = 60
LEGIBLE: Final = re.compile(r"[\w%°µΩΩÅ/·⋅×*^().,+−–\-$ ]+")
SIZE: Final = r"[-−+]?\d{1,2}(?:\.\d{1,3})?(?:\s*/\s*\d{1,2})?"
ENDLESS: Final = re.compile(
    rf"\d\s*\)*\s*(?:\*\*|\^)|(?:\*\*|\^)(?!\s*(?:\(\s*{SIZE}\s*\)|{SIZE})(?![\w.(]))", re.IGNORECASE
)
"""Powers of numbers, and exponents that are no small number: pint would compute 9**9**9 for hours."""
KEPT: Final = 4096
"""Units that are remembered."""


@once
def registry() -> "UnitRegistry[Any]":
    """Return the one registry of the experiments: units of two cannot be compared."""
    from pint import UnitRegistry

    return UnitRegistry()


@lru_cache(maxsize=KEPT)
def read_unit(text: str) -> "Unit":
    """Return pint's unit. Raises BadClaim."""
    plain = " ".join(text.split())
    if plain.lower() in PLAIN:
        return registry().Unit("")
    plain = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda raised: f"^{raised.group().translate(RAISED)}", plain)
    plain = normalize("NFKC", plain)
    for written, meant in SPELLINGS.items():
        plain = plain.replace(written, meant)
    plain = re.sub(r"(?<=[A-Za-z])(-?\d)", r"^\1", plain) if re.fullmatch(r"[A-Za-z0-9 -]+", plain) else plain
    if len(plain) > LONGEST or not LEGIBLE.fullmatch(plain) or ENDLESS.search(plain):
        raise _no_unit(text)
    try:
        return registry().Unit(plain)
    except Exception as error:  # pint raises what its tokenizer and the arithmetic raise
        raise _no_unit(text) from error


def _no_unit(text: str) -> BadClaim:
    return BadClaim(f"{text[:LONGEST]!r} is no unit: write it as pint reads it, such as m/s or J/(mol K)")


def is_reduced(unit: str) -> bool:
    """Tell whether this is a unit of a model, such as J/kB, or of counting."""
    return REDUCED.fullmatch(unit.strip()) is not None


def agree(unit: str, wanted: str) -> bool:
    """Tell whether a quantity in the one unit can be given in the other. False where a unit is unreadable."""
    try:
        convert(1.0, unit, wanted)
    except BadClaim:
        return False
    return True


def convert(value: float, unit: str, wanted: str) -> float:
    """Return the value in the wanted unit; °C and °F have their zero. Raises BadClaim."""
    if unit == wanted:
        return value
    if is_reduced(unit) and read_unit(wanted).dimensionless:
        return value
    start, end = read_unit(unit), read_unit(wanted)
    if start.dimensionality != end.dimensionality:
        raise BadClaim(f"{unit} cannot be given in {wanted}: the dimensions differ")
    try:
        converted = float(registry().Quantity(value, start).to(end).magnitude)
    except ArithmeticError:
        converted = inf
    if not isfinite(converted):
        raise BadClaim(f"{value:g} {unit} is no number that can be given in {wanted}")
    return converted


def convert_difference(value: float, unit: str, wanted: str) -> float:
    """Return a difference in the wanted unit: 1 °C is 1 K. Raises BadClaim."""
    return convert(value, unit, wanted) - convert(0.0, unit, wanted)


def convert_figure(figure: ValueWithUnit, wanted: str) -> float:
    return convert(figure.value, figure.unit, wanted)


def convert_span(span: CauseRange, wanted: str) -> CauseRange:
    """Return the range in the wanted unit, rising. Raises BadClaim."""
    ends = sorted((convert(span.low, span.unit, wanted), convert(span.high, span.unit, wanted)))
    return CauseRange(low=ends[0], high=ends[1], unit=wanted)


def show(value: float, uncertainty: float) -> str:
    """Write the value with two digits of its uncertainty, in five digits where there is none."""
    if not math.isfinite(uncertainty) or uncertainty <= 0 or value == 0:
        return f"{value:.5g}"
    digits = math.floor(math.log10(abs(value))) - math.floor(math.log10(uncertainty)) + 2
    return f"{value:.{min(max(digits, 1), 6)}g}"


def show_between(effect: Effect) -> str:
    """Write an effect with its interval and unit."""
    width = effect.high - effect.low
    unit = "" if effect.unit == "1" else f" {effect.unit}"
    if width <= 1e-9 * abs(effect.value):
        return f"{show(effect.value, 0)}{unit}"
    shown = (show(number, width) for number in (effect.value, effect.low, effect.high))
    return "{} ({} to {}){}".format(*shown, unit)
