"""Numbers with units in a text, and changes of a quantity from one number to another."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, cast

from tools.experiments.errors import BadClaim
from tools.experiments.units import RAISED, read_unit, registry
from tools.experiments.wording import DIRECTION, DOWN, UP

Dimension = tuple[tuple[str, float], ...]
"""Powers of base units, as pint names them."""

PLAIN: Final[Dimension] = ()
_NUMBER = (
    r"(?:10\s?\^\s?\{?\s?[-−]?\d+\}?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"
    r"|\d+(?:,\d{3})*(?:\.\d+)?(?:\s?[×x·]\s?10\s?(?:\^\s?\{?\s?[-−]?\d+\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE][-+−]?\d+)?)"
)
_POWER = r"(?:\^?\{?[-−]?\d(?:\.\d)?\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
_ATOM = (
    r"(?:(?!as\s(?:an?|it|we|[a-z]{3,})\b)"  # a conjunction, no attosecond
    r"(?:[afpnuµμmcdhkMGTPE]?(?:eV|Hz|Pa|mol|bar|barn|Bq|Gy|Sv|Wb|Torr|rad|m|g|s|A|K|N|J|W|C|V|F|Ω|S|T|H|L|G)"
    r"|[afpnµμmkMGT]b|kg|°C|°F|Å|Da|kDa|MDa|erg|dyn|Oe|atm|ohm|min|h|yr|Myr|Gyr|kyr|pc|kpc|Mpc|AU|ly|Φ0|Φ_0|µB|μB"
    r"|kcal|cal|bits?|k_?B\s?T|kT|%|°)" + _POWER + r")"
)
_SYMBOLS = rf"{_ATOM}(?:(?:\s?[/·*]\s?|\s)(?:{_ATOM}|\((?:{_ATOM})(?:[\s·*]{{1,3}}{_ATOM})*\)))*(?![\w])"
_PREFIXES = r"(?:nano|micro|milli|centi|kilo|mega|giga|tera|femto|pico|atto)?"
_NAMES = (
    r"(?:per cent|percent|per cubic (?:centi)?met(?:re|er)|per second|percentage points?"
    rf"|{_PREFIXES}(?:ohm|newton|volt|joule|watt|pascal)[ -]{_PREFIXES}(?:met(?:re|er)|second)s?"
    r"|solar mass(?:es)?|solar radi(?:us|i)|solar luminosit(?:y|ies)"
    rf"|{_PREFIXES}(?:met(?:re|er)|second|gram|volt|tesla|kelvin|amp(?:ere)?|watt|joule|pascal|hertz|electron-?volt|ohm"
    r"|farad|henry|newton|mole|lit(?:re|er)|gauss|parsec|[åa]ngstr[öo]m|light-year)s?"
    r"|degrees(?: celsius)?|days?|hours?"
    r"|minutes?|years?)(?!\w)"
)
_UNIT = rf"(?:{_SYMBOLS}|{_NAMES})"
_SIGNED = rf"(?:(?<![\w.^/])[-−+±~≈]?\s?{_NUMBER})"
MEASURE: Final = re.compile(rf"(?P<number>{_SIGNED})(?![\w.]*[A-Za-z]-)(?:\s*-?(?P<unit>{_UNIT}))?(?![\d])")
_ABOUT = (
    r"(?:(?:about|near|nearly|roughly|around|some|only|at least|at most|below|above|under|over"
    r"|well below|approximately"
    r"|as much as|up to|less than|more than|to|a|an|the|distance|value|~|≈)\s+){0,2}"
)
FROM_TO: Final = re.compile(
    rf"\b(?i:from)\s+{_ABOUT}(?P<low>{_SIGNED})(?:\s*(?P<first>{_UNIT}))?(?P<between>[^.;]{{0,60}}?)\s+to\s+{_ABOUT}"
    rf"(?P<high>{_SIGNED})(?:\s*(?P<unit>{_UNIT}))?"
)
_MORE = "long|wid|thick|hott|warm|fast|quick|strong|heavi|deep|steep|bigg|dens|lat|old|bright|stiff|hard"
_LITTLE = "short|narrow|thinn|cold|cool|slow|weak|light|shallow|young|earli|faint|dimm|soft|nearer|clos"
_ENDS_IN_NUMBER: Final = re.compile(
    rf"\b(?:near|at|of|about|around|is|to|below|above) {_ABOUT}{_SIGNED}\s*{_UNIT}\s*$"
)
"""Before a range of something else: "stays near 230 km/s from 10 to 30 kpc"."""
_LIMIT: Final = re.compile(
    rf"\b(?P<side>(?i:less than|smaller than|lower than|fewer than|below|under|more than|greater than"
    rf"|larger than|higher than|(?:{_MORE}|{_LITTLE})er than"
    rf"|above|over|beyond|exceed\w*|at most|at least|outside))\s+{_ABOUT}"
    rf"(?P<number>{_SIGNED})(?:\s*(?P<unit>{_UNIT}))?"
)
_TIMES_POWER = re.compile(r"\s?[×x·]\s?10.*")
SPEEDING = re.compile(r"slow|fast|quick|accelerat|speed|decay|sharp|steep")
_BELOW = ("less", "smaller", "lower", "fewer", "below", "under", "at most", *_LITTLE.split("|"))
_DEVIATES: Final = re.compile(
    r"\b(?:by|within)\s*$|\b(?:differ|deviat|scatter|depart|disagree|miss|vary|varies|reproduc)\w*\b[^,;:.]{0,40}$"
)
_AWAY: Final = re.compile(
    r"\s*(?:away|off|apart)\b|\s*(?:between|of each other|of (?:this|that|the predicted))\b"
)

_VERB: Final = re.compile(
    rf"(?<![\w-])(?!(?<=\bthe )\w+ing\b)(?:(?P<up>{UP}|thicken\w*|lift\w*|doubl\w+|tripl\w+|quadrupl\w+)"
    rf"|(?P<down>{DOWN}|thins|thinn\w+|cuts?|halv\w+|shorten\w*)"
    r"|(?P<moves>goes|go|going|moves?|changes?|changing|shifts?|passes|turns?|tuning|varying|sweeping"
    r"|taking|brings?|bringing))(?![\w-]| (?:length|time|rate|amplitude|width)s?\b)",
    re.IGNORECASE,
)
_ADVERBS: Final = re.compile(
    r"\b(?:about |nearly |almost |roughly |by )?"
    r"(?:\w*fold|half|twice|a factor of [\d.]+|an order of magnitude|\w+ly)\b"
)
_PREPOSITION: Final = re.compile(
    r"(?:with|as|in|by|at|to|for|when|over|under|on|down|up|below|above)\b", re.IGNORECASE
)
SETTING: Final = re.compile(
    r"^(?:In|At|For|Above|Below|From|Along|Between|Under|On|Within|Inside|Near|Across)\b[^,]*?(?:,\s*|\s(?=(?:the|an?|its?)\s))"
)
_SPECIAL: Final = {
    "solar mass": ("kg", 1.989e30),
    "solar radi": ("m", 6.957e8),
    "solar lumi": ("W", 3.828e26),
    "per cubic metre": ("1/m^3", 1.0),
    "per cubic meter": ("1/m^3", 1.0),
    "per cubic centim": ("1/cm^3", 1.0),
    "per second": ("1/s", 1.0),
    "per cent": ("1", 0.01),
    "percent": ("1", 0.01),
    "Φ0": ("Wb", 2.068e-15),
    "Φ_0": ("Wb", 2.068e-15),
    "G": ("T", 1e-4),
    "mG": ("T", 1e-7),
    "µG": ("T", 1e-10),
    "nG": ("T", 1e-13),
    "kG": ("T", 0.1),
    "MG": ("T", 100.0),
    "Oe": ("A/m", 79.577),
    "kOe": ("A/m", 79577.0),
    "kT": ("J", 4.14e-21),
    "kBT": ("J", 4.14e-21),
    "k_BT": ("J", 4.14e-21),
    "Myr": ("s", 3.156e13),
    "Gyr": ("s", 3.156e16),
    "kyr": ("s", 3.156e10),
    "yr": ("s", 3.156e7),
    "°": ("rad", math.pi / 180),
}
_LONGEST = 1e300


class Magnitude(NamedTuple):
    """A number as a text writes it. `si` is in base units; °C counts from absolute zero."""

    value: float
    unit: str
    dimension: Dimension
    si: float
    start: int
    end: int

    @property
    def is_share(self) -> bool:
        return self.unit in ("%", "per cent", "percent") or self.unit.startswith("percentage")


@dataclass(frozen=True)
class MagnitudeChange:
    """A quantity that goes from one number to another."""

    phrase: str
    first: Magnitude
    last: Magnitude
    said: int
    """+1 where its verb says up, −1 down, 0 where it says neither."""
    verb: str
    start: int

    @property
    def sign(self) -> int:
        return (self.last.si > self.first.si) - (self.last.si < self.first.si)


class MagnitudeLimit(NamedTuple):
    """A threshold: what lies `below` it (or above) is spoken of."""

    below: bool
    outside: bool
    measure: Magnitude
    before: str
    tolerated: bool
    """Whether it is how far two numbers may lie apart, and no value of anything."""


def find_measures(text: str) -> list[Magnitude]:
    """Return all numbers with the units behind them; the 2 of MoS2 is none."""
    found = (_make(match["number"], match["unit"], match) for match in MEASURE.finditer(text))
    return [one for one in found if one is not None]


def find_changes(sentence: str) -> list[MagnitudeChange]:
    """Return changes "from A to B" in a sentence, in its order."""
    found = []
    for match in FROM_TO.finditer(sentence):
        last = _make(match["high"], match["unit"] or match["first"], match)
        first = _make(match["low"], match["first"] or match["unit"], match)
        if first is None or last is None or _ENDS_IN_NUMBER.search(sentence[: match.start()]):
            continue
        clause = re.split(
            r"[,;:]|\b(?:and|while|but|whereas|because|where|which|that|as|when|once)\b",
            sentence[: match.start()],
        )[-1]
        phrase, verb, said = _what_changes(clause)
        if not phrase:
            earlier = re.split(r"[,;:]", sentence[: match.start()].strip(" ,;:"))[-1]
            phrase, verb, said = _what_changes(earlier)
        phrase = (
            phrase or re.split(r"[,;.]|\b(?:at|the|in|with|and)\b", sentence[match.end() :].strip())[0][:40]
        )
        power = _TIMES_POWER.search(match["high"])
        if power and match["first"] is None and not _TIMES_POWER.search(match["low"]):
            shared = _make(match["low"] + power.group(), match["unit"], match)  # "from 1.1 to 3.6 × 10^-9"
            up = shared is not None and last.si > shared.si
            first = shared if shared is not None and said in (0, 1 if up else -1) else first
        said = 0 if verb in ("more", "less", "most") else said  # how much, and not whether it rises
        found.append(MagnitudeChange(phrase, first, last, said, verb, match.start()))
    return found


def find_limits(text: str) -> list[MagnitudeLimit]:
    """Return thresholds such as "below 0.2 eV"."""
    found = []
    for match in _LIMIT.finditer(text):
        measure = _make(match["number"], match["unit"], match)
        if measure is not None:
            side = match["side"].lower()
            before, after = text[: match.start()], text[match.end() :]
            tolerated = bool(_DEVIATES.search(before) or _AWAY.match(after))
            found.append(
                MagnitudeLimit(side.startswith(_BELOW), side == "outside", measure, before, tolerated)
            )
    return found


INVERSE: Final = re.compile(
    r"\b(?:invers\w+|reciprocal|one over|minus)\b|\^ ?[({]? ?[-−]|power (?:of )?[-−]|⁻|1 ?/", re.IGNORECASE
)
"""A power below zero, in words or signs: "inversely with", "as the power minus two"."""


def direction_of(words: str) -> int:
    """Return +1 or −1 for the first word that says up or down; 0 without one."""
    match = DIRECTION.search(words)
    return 0 if match is None else 1 if match["up"] else -1


def dimension_of(unit: str) -> Dimension | None:
    """Return the dimension of a unit; None where it is none."""
    scaled = scale_of(unit)
    return None if scaled is None else scaled[0]


def _what_changes(clause: str) -> tuple[str, str, int]:
    """Return the changing quantity's words, its verb, and whether the verb says up or down."""
    verbs = list(_VERB.finditer(clause))
    if not verbs:
        return SETTING.sub("", clause.strip())[-80:], "", 0
    verb = verbs[-1]
    told = 1 if verb["up"] else -1 if verb["down"] else 0
    said = 0 if SPEEDING.match(verb.group().lower()) else told  # a time may grow where a process slows
    after = _ADVERBS.sub("", clause[verb.end() :]).strip()
    after = "" if _PREPOSITION.match(after) else after
    before = clause[verbs[-2].end() if len(verbs) > 1 else 0 : verb.start()].strip()
    return (after or SETTING.sub("", before))[-80:], verb.group().lower(), said


def _make(number: str, unit: str | None, match: re.Match[str]) -> Magnitude | None:
    value = _value(number)
    scaled = scale_of(" ".join((unit or "1").split()))
    if value is None or scaled is None:
        return None
    dimension, factor, zero = scaled
    start, end = match.span()
    return Magnitude(value, " ".join((unit or "1").split()), dimension, value * factor + zero, start, end)


def _value(text: str) -> float | None:
    plain = text.translate(RAISED) if not re.search(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]", text) else _raise(text)
    plain = re.sub(r"[\s,~≈±{}]", "", plain.replace("−", "-"))
    plain = re.sub(r"^([-+]?)10\^(-?\d+)$", r"\g<1>1e\2", plain)
    plain = re.sub(r"[×x·]10\^?(-?\d+)", r"e\1", plain)
    try:
        value = float(plain)
    except ValueError:
        return None
    return max(-_LONGEST, min(_LONGEST, value))


def _raise(text: str) -> str:
    return re.sub(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda match: f"10^{match[1].translate(RAISED)}", text)


@lru_cache(maxsize=4096)
def scale_of(unit: str) -> tuple[Dimension, float, float] | None:
    """Return dimension, factor to base units, and zero."""
    if unit in ("1", ""):
        return PLAIN, 1.0, 0.0
    if unit == "%" or unit.startswith("percentage"):
        return PLAIN, 0.01, 0.0
    special = next(
        (kept for name, kept in _SPECIAL.items() if unit == name or unit.startswith(name + "es")), None
    )
    special = special or next(
        (kept for name, kept in _SPECIAL.items() if " " in name and unit.startswith(name)), None
    )
    plain, factor = special or (unit, 1.0)
    plain = re.sub(r"\b(\w*)metre", r"\1meter", plain)
    plain = plain.replace("−", "-").replace("Φ0", "magnetic_flux_quantum").replace("μB", "bohr_magneton")
    plain = re.sub(r"(?<=[^\W\d_])([-]?\d)", r"^\1", plain) if "_" not in plain else plain
    plain = re.sub(r"(?<=\w) (?=\w)|(?<=[a-z]{3})-(?=[a-z]{5})", "*", plain)  # "newton-metre"
    try:
        quantity = registry().Quantity(1.0, read_unit(plain)).to_base_units()
        zero = registry().Quantity(0.0, read_unit(plain)).to_base_units().magnitude
    except (BadClaim, ArithmeticError, ValueError):
        return None
    powers = {str(name): float(cast("float", power)) for name, power in quantity.dimensionality.items()}
    size = float(quantity.magnitude) - float(zero)
    return tuple(sorted(powers.items())), size * factor, float(zero)
