"""References in free text that nobody has verified."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from retrieval.identifiers import ARXIV, DOI, trim

UNVERIFIED = "[unverified reference]"

_NAME = r"[A-Z][^\W\d_]{1,30}(?:[-'’][A-Z]?[^\W\d_]{1,30}){0,2}"
_PARTICLE = r"(?:(?:van|von|de|del|della|di|der|den|ten|la|le)\s){0,3}"
_OTHERS = (
    rf"(?:,?\s+et\s+al\.?|,?\s+and\s+(?:co-?workers|colleagues)|\s+(?:&|and)\s+{_PARTICLE}{_NAME}"
    rf"|(?:,\s+{_PARTICLE}{_NAME}){{1,3}},?\s+(?:&|and)\s+{_PARTICLE}{_NAME})?"
)
_AUTHORS = rf"{_PARTICLE}(?P<name>{_NAME}){_OTHERS}"
_YEAR = r"(?P<year>(?:19|20)\d\d)[a-z]?"
_NOT_NAMES = frozenset(
    {"January", "February", "March", "April", "May", "June", "July", "August", "September"}
    | {"October", "November", "December", "Since", "In", "By", "Until"}
)
_AUTHOR_YEAR = (
    re.compile(rf"{_AUTHORS},?\s*[(\[]\s*{_YEAR}\s*[)\]]"),  # Smith et al. (2021)
    re.compile(rf"(?<=[(\[;,])\s*(?:(?:see|cf\.|e\.g\.,?)\s)?{_AUTHORS},?\s+{_YEAR}(?=\s*[)\];,])"),
    re.compile(rf"{_PARTICLE}(?P<name>{_NAME}),?\s+et\s+al\.?,?\s+{_YEAR}"),
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_DOI_MENTION = re.compile(rf"(?:doi\s?[:=]?\s?)?{DOI.pattern}", re.IGNORECASE)
_ARXIV_MENTION = re.compile(  # a bare number only with its version: 1312.54321 may be a wavenumber
    rf"arxiv\s?[:=]?\s?\[?(?:{ARXIV.pattern})\]?"
    r"|(?<![\w./-])\d{2}(?:0[1-9]|1[0-2])\.\d{5}v\d{1,2}(?![\w.]*\d)",
    re.IGNORECASE,
)
_JOURNAL = re.compile(  # Phys. Rev. B 12, 345 (2001)
    r"(?:[A-Z][A-Za-z]{0,15}\.?\s){1,6}(?:\(?[A-Z]\)?\s)?\d{1,4}\s?[,:]\s?[A-Z]?\d{1,7}(?:[-–]\d{1,7})?"
    r"\s?\((?:19|20)\d\d\)"
)
_NUMBERED = re.compile(r"\[\s?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}\s?\]|\b[Rr]efs?\.\s?\[?\d{1,3}\]?")
_KEY = re.compile(r"\[?\bc[0-9a-f]{10}\b\]?")
_DIRECTION = re.compile(r"\[\s?-?[0-3]{3,4}\s?\]|\[(?:-?[0-2],\s?){2,3}-?[0-2]\]")
_UNITS = re.compile(  # what follows "[5, 10]" where it is a quantity, behind "to [20, 30]" if need be
    r"(?:\s?(?:to|and|or|[,–-])\s?\[[\d\s,;–-]{1,40}\]){0,2}"
    r"(?:\s?[×±%°‰=≤≥≈]|\s[+<>]\s|\^[-−{(\d]|\s?[*x·]\s?10|\s?\\(?:times|pm|cdot|degree|circ|AA|%)"
    r"|(?:[\s~$(]|\\[,;: ]|\\(?:mathrm|text|rm|unit|si)\b\{?){0,4}"
    r"(?:(?:[fpnuµμmckMGTPd]?(?:m|s|g|A|K|eV|Hz|T|G|Oe|Pa|bar|J|W|V|Ω|Ohm|ohm|N|C|F|H|B|mol|rad|Ry|Ha)"
    r"|Å|μB|Bohr|ML|kB|at\.?\s?%|wt\.?\s?%|h|hbar|kcal|cal|deg|min|yr|a\.u|ppm|ppb|dpa|arcsec|arcmin"
    r"|[kM]?pc|AU)"
    r"[23]?(?![^\W_])"
    r"|(?i:nanomet|micromet|met(?:er|re)s|micron|[åa]ngstr|kelvin|tesla|volt|per ?cent|degree"
    r"|atom|monolayer|layer|unit cell|lattice|second|minute|hour|day|year|electron|photon|site|step|cycle)))"
)
_AXIS = r"(?:direction|ax[ie]s|zone|azimuth|orient|plane|surface|facet|termin)"
_NAMED = re.compile(rf"-?[^\W\d_]|\s{_AXIS}")  # [1]benzothiophene, [60]fullerene, "[11-20] axis"
_QUANTITY = (
    r"(?:thickness(?:es)?|temperature|energ(?:y|ie)|field|pressure|frequenc(?:y|ie)|wavelength|wavenumber|length"
    r"|width|diameter|radi(?:us|i)|size|distance|depth|height|time|power|dos(?:e|age)|fluence|densit(?:y|ie)|doping"
    r"|concentration|coverage|fraction|angle|voltage|bias|current|strain|stress|ratio|value|rate|number|range"
    r"|interval|window|domain|grid|mesh|supercell|vector|shape|bound|bin|limit|parameter|gap|spacing|period|mass)s?"
)
_BEFORE_INTERVAL = re.compile(
    rf"(?:∈|\\in|\b[^\W\d_] in|\bbetween|\b(?i:{_QUANTITY})"
    r"(?:\s(?:of|in|from|to|at|is|are|was|over|within|spans|the|range|values?|lies|lie|[^\W\d_])\b|\s?[=:(≈~]){0,5})"
    r"[\s$]{0,2}$"
)
_BEFORE_NUMBER = re.compile(  # of an equation, a power, an index or a direction
    r"(?:[=≤≥≈±×∥⊥{]|\s[<>~+]|\b(?:along|onto|(?:parallel|perpendicular|normal) to)(?:\sthe)?)\s?$"
    r"|[\d$}]$|\b[^\W\d_]$"
)


class _Mention(NamedTuple):
    start: int
    end: int


def strip(text: str) -> str:
    """Return the text with UNVERIFIED for each reference in it.

    Addresses, DOIs, arXiv identifiers, "(Smith et al., 2021)", "Phys. Rev. B 12, 345 (2001)", "[12]" and keys
    of passages. Numbers in brackets stay where they may be a quantity: a lost number does more harm than a
    reference that leads nowhere.
    """
    pieces, place = [], 0
    for mention in _not_overlapping(_all(text)):
        pieces += [text[place : mention.start], UNVERIFIED]
        place = mention.end
    return "".join(pieces) + text[place:]


def _not_overlapping(mentions: Iterable[_Mention]) -> list[_Mention]:
    """Return references that do not overlap: of two that begin together, the longer."""
    chosen: list[_Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
    return chosen


def _all(text: str) -> Iterator[_Mention]:
    for found in chain(_ADDRESS.finditer(text), _DOI_MENTION.finditer(text)):
        yield _Mention(found.start(), found.start() + len(trim(found.group())))
    for found in chain.from_iterable(form.finditer(text) for form in _AUTHOR_YEAR):
        if found["name"] not in _NOT_NAMES:
            yield _mention(found)
    for found in _NUMBERED.finditer(text):
        if not _is_mathematical(text, found):
            yield _mention(found)
    yield from map(
        _mention, chain.from_iterable(form.finditer(text) for form in (_ARXIV_MENTION, _JOURNAL, _KEY))
    )


def _mention(found: re.Match[str]) -> _Mention:
    lead = len(found.group()) - len(found.group().lstrip())
    return _Mention(found.start() + lead, found.end())


def _is_mathematical(text: str, found: re.Match[str]) -> bool:
    """Return whether a bracket is mathematics: "[5, 10] nm", "[110]", "[0, 1]"."""
    shown = found.group()
    if not shown.startswith("["):
        return False
    before = text[max(0, found.start() - 60) : found.start()]
    numbers = [int(number) for number in re.findall(r"\d+", shown)]
    return (
        _DIRECTION.fullmatch(shown) is not None
        or re.match(r"\[\s?0", shown) is not None
        or any(a >= b for a, b in pairwise(numbers))  # no list of references: "[4, 4, 1]"
        or _UNITS.match(text, found.end()) is not None
        or _NAMED.match(text, found.end()) is not None
        or _BEFORE_NUMBER.search(before) is not None
        or (len(numbers) > 1 and _BEFORE_INTERVAL.search(before) is not None)
    )
