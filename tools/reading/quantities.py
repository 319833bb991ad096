"""Numbers with units in running text, and their conversion by pint."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tools.experiments.errors import BadClaim
from tools.experiments.units import convert, read_unit

_SIGN: Final = "[-−–+]"
_NUMBER: Final = re.compile(
    rf"(?<![\w.])(?P<sign>{_SIGN})?(?P<mantissa>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:[eE](?P<ten>{_SIGN}?\d{{1,2}}))?"
    rf"(?:\s?(?:×|x|·|\*)\s?10\s?\^?(?P<power>{_SIGN}?\s?\d{{1,2}}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}))?"
    rf"(?:\s?(?:±|\+/-|\+/−)\s?(?P<error>\d+(?:\.\d+)?)|\((?P<digits>\d{{1,2}})\))?(?![\d⁻⁰¹²³⁴⁵⁶⁷⁸⁹^])"
)
_SMALL: Final = re.compile(
    rf"(?<![\w.])10(?:\^\s?(?P<caret>{_SIGN}?\d{{1,2}})|(?P<power>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}))(?!\d)"
)
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RANGE: Final = re.compile(r"\s?(?:-|–|−|to|~)\s?")
_LIST: Final = re.compile(r",\s?|,? and ")
_BASES: Final = """
    eV meV keV MeV J kJ mJ μJ kcal cal Pa kPa MPa GPa hPa bar mbar atm Torr psi K mK °C ◦C ºC Å nm
    μm um mm cm m km kg g mg μg ng mol mmol μmol M mM μM L l mL ml μL dL s ms μs us ns ps fs min
    minutes minute h hr hrs hour hours day days d week weeks V mV μV kV A mA μA nA W mW kW Ω kΩ MΩ mΩ
    ohm Ohm S mS μS F mF μF pF T mT G Oe kOe Hz kHz MHz GHz THz rpm % ppm ppb sccm N mN emu lm cd C
    mAh Ah Wh mWh sun suns a.u. at.% wt.% mol.% mol% wt% at% vol% deg ° rad dB suns Sv Gy Bq u μB cP
    r.p.m. r/min mC μC cycles cm2 m2 cm3 m3 nm2 Å3
    """.split()  # noqa: SIM905 - a list would take a line a word
_BASE: Final = "|".join(re.escape(one) for one in sorted(set(_BASES), key=len, reverse=True))
_EXPONENT: Final = r"(?:\^?[-−–]?\d(?!\d)|[⁻]?[¹²³⁴])?"
_FACTOR: Final = rf"(?:{_BASE}){_EXPONENT}(?![A-Za-zμ])"
_UNIT: Final = re.compile(rf"\s{{0,2}}(?P<unit>{_FACTOR}(?:(?:\s?[/·⋅∙*.]\s?|\s)\(?{_FACTOR}\)?){{0,3}})")
_PLAIN: Final = {
    "◦C": "°C", "ºC": "°C", "emu": "(mA*m^2)", "mAh": "(mA*hour)", "Ah": "(A*hour)", "∙": "*", "⋅": "*",
    "·": "*", "mins": "minute", "hrs": "hour", "Ohm": "ohm", "at.%": "percent", "wt.%": "percent",
    "mol.%": "percent", "mol%": "percent", "wt%": "percent", "at%": "percent", "vol%": "percent",
    "r.p.m.": "rpm", "r/min": "rpm", "kOe": "kilooersted", "Oe": "oersted", "μB": "bohr_magneton",
    "suns": "dimensionless", "sun": "dimensionless", "%": "percent", "hr": "hour",
}  # fmt: skip


class Amount(NamedTuple):
    """A number in a text with what stands round it."""

    value: float
    unit: str
    """As written; empty where there is none."""
    error: float | None
    start: int
    end: int
    """Behind the unit."""
    is_range: bool = False
    """Whether the value is the middle of a range, and the error half its width."""


def find_amounts(text: str) -> Iterator[Amount]:
    """Yield numbers with their units as they come; a range (10–20 nm) as its middle, with half its width."""
    text = text.replace("\N{MICRO SIGN}", "μ")
    every = [_read(one, text) for pattern in (_NUMBER, _SMALL) for one in pattern.finditer(text)]
    found: list[Amount] = []
    for one in sorted(every, key=lambda one: one.start):
        if not found or one.start >= found[-1].end:  # else it is an exponent of the unit before
            found.append(one)
    skipped = False
    for one, behind in zip(found, [*found[1:], None], strict=False):
        if skipped:
            skipped = False
        elif behind is not None and _is_range(one, behind, text):
            skipped = True
            middle, half = (one.value + behind.value) / 2, abs(behind.value - one.value) / 2
            yield Amount(
                float(f"{middle:.10g}"),
                behind.unit,
                float(f"{half:.10g}"),
                one.start,
                behind.end,
                is_range=True,
            )
        elif (
            behind is not None
            and not one.unit
            and behind.unit
            and _LIST.fullmatch(text[one.end : behind.start])
        ):
            yield one._replace(unit=behind.unit, end=behind.end)
        else:
            yield one


def _is_range(one: Amount, behind: Amount, text: str) -> bool:
    """Whether two numbers are the ends of one range: "10–20 nm", "from 3 to 5 eV"."""
    gap = text[one.end : behind.start]
    joined = _RANGE.fullmatch(gap) is not None or (not gap and text[behind.start : behind.start + 1] in "-–−")
    return joined and bool(behind.unit) and not one.unit and abs(behind.value) > abs(one.value)


def _read(found: re.Match[str], text: str) -> Amount:
    groups = found.groupdict()
    power = (
        re.sub(
            r"\s",
            "",
            (groups.get("power") or groups.get("ten") or groups.get("caret") or "0").translate(_RAISED),
        )
        .replace("−", "-")
        .replace("–", "-")
    )
    scale = 10.0 ** int(power)
    mantissa = groups.get("mantissa") or "1"
    sign = (
        -1.0
        if (groups.get("sign") or "+") in "-−–" and groups.get("sign") and _is_sign(text, found.start())
        else 1.0
    )
    error: float | None = None
    if groups.get("error"):
        error = float(groups["error"]) * scale
    elif groups.get("digits"):
        places = len(mantissa.partition(".")[2])
        error = int(groups["digits"]) * 10.0**-places * scale if places else None
    unit = _UNIT.match(text, found.end())
    return Amount(
        sign * float(mantissa.replace(",", "")) * scale, unit["unit"] if unit else "", error,
        found.start(), unit.end() if unit else found.end(),
    )  # fmt: skip


def _is_sign(text: str, place: int) -> bool:
    """A dash that touches a number or a word joins; it is no sign."""
    return not text[place - 1 : place].isalnum()


def plain_unit(written: str) -> str:
    """Return a unit of a paper as pint reads it: "mW cm−2" as "mW cm^-2". Raises BadClaim."""
    text = written.translate(_RAISED) if any(c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻" for c in written) else written
    text = text.replace("−", "-").replace("–", "-")
    for paper, ours in _PLAIN.items():
        text = re.sub(rf"(?<![A-Za-z]){re.escape(paper)}(?![A-Za-z])", ours, text)
    text = re.sub(r"(?<=[A-Za-zÅΩ])\^?(-?\d)", r"^\1", text)
    text = re.sub(r"(?<=[\w)])\s+(?=[A-Za-zμΩÅ°(])", "*", text.strip())
    read_unit(text)
    return text


def to_unit(value: float, written: str, wanted: str) -> float:
    """Return a value of a text in the unit of a slot. Raises BadClaim where the dimensions differ."""
    return convert(value, plain_unit(written) if written else "", wanted)


def same_dimension(written: str, wanted: str) -> bool:
    """Return whether a unit of a text can be given in the wanted one."""
    try:
        to_unit(1.0, written, wanted)
    except BadClaim:
        return False
    return True
