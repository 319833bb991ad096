"""References in free text: those to works that were retrieved, and those that somebody made up."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple
from unicodedata import normalize

from retrieval.identifiers import ARXIV, DOI, read_arxiv, read_doi, trim, unversioned
from retrieval.passage import Work

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
_ARXIV_MENTION = re.compile(
    rf"arxiv\s?[:=]?\s?\[?(?:{ARXIV.pattern})\]?"
    r"|(?<![\w./-])\d{2}(?:0[1-9]|1[0-2])\.\d{5}(?:v\d{1,2})?(?![\w.]*\d)",
    re.IGNORECASE,
)
_JOURNAL = re.compile(  # Phys. Rev. B 12, 345 (2001)
    r"(?:[A-Z][A-Za-z]{0,15}\.?\s){1,6}(?:\(?[A-Z]\)?\s)?\d{1,4}\s?[,:]\s?[A-Z]?\d{1,7}(?:[-–]\d{1,7})?"
    r"\s?\((?:19|20)\d\d\)"
)
_NUMBERED = re.compile(r"\[\s?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}\s?\]|\b[Rr]efs?\.\s?\[?\d{1,3}\]?")
_KEY = re.compile(r"\[?\bc[0-9a-f]{10}\b\]?")
_DIRECTION = re.compile(r"\[\s?-?[0-3]{3,4}\s?\]|\[(?:-?[0-2],\s?){2,3}-?[0-2]\]")
_BEFORE_INTERVAL = re.compile(r"(?:∈|\b[^\W\d_] in|\b(?:interval|range|domain))\s?$")


class _Mention(NamedTuple):
    start: int
    end: int
    text: str


def invented(text: str, works: Iterable[Work], keys: Collection[str] = ()) -> list[str]:
    """References in `text` that lead to none of `works` and are not one of the passages' `keys`, in order.

    Addresses, DOIs, arXiv identifiers, "(Smith et al., 2021)", "Phys. Rev. B 12, 345 (2001)", "[12]" and keys
    of passages. Numbers in brackets lead nowhere, since no list of ours is numbered.
    """
    return list(dict.fromkeys(mention.text for mention in _unverified(text, tuple(works), keys)))


def strip(text: str, works: Iterable[Work], keys: Collection[str] = ()) -> str:
    """The text with UNVERIFIED in the place of every invented reference."""
    pieces, place = [], 0
    for mention in _unverified(text, tuple(works), keys):
        pieces += [text[place : mention.start], UNVERIFIED]
        place = mention.end
    return "".join(pieces) + text[place:]


def _unverified(text: str, works: tuple[Work, ...], keys: Collection[str]) -> list[_Mention]:
    """Not overlapping; of two that begin together the longer."""
    found = sorted(_all(text, _Known.of(works, keys)), key=lambda mention: (mention.start, -mention.end))
    chosen: list[_Mention] = []
    for mention in found:
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
    return chosen


class _Known(NamedTuple):
    dois: frozenset[str]
    arxivs: frozenset[str]
    authors: frozenset[tuple[str, int]]
    addresses: frozenset[str]
    keys: frozenset[str]

    @classmethod
    def of(cls, works: tuple[Work, ...], keys: Collection[str]) -> "_Known":
        return cls(
            frozenset(work.doi for work in works if work.doi),
            frozenset(unversioned(work.arxiv) for work in works if work.arxiv),
            frozenset(
                (_fold(work.authors[0].split()[-1]), work.year)
                for work in works
                if work.authors and work.year and work.authors[0].strip()
            ),
            frozenset(work.url for work in works if work.url),
            frozenset(keys),
        )


def _all(text: str, known: _Known) -> Iterator[_Mention]:
    yield from _identifiers(text, known)
    for found in chain.from_iterable(form.finditer(text) for form in _AUTHOR_YEAR):
        name, year = found["name"], int(found["year"])
        if name not in _NOT_NAMES and (_fold(name), year) not in known.authors:
            yield _mention(found)
    yield from map(_mention, _JOURNAL.finditer(text))
    for found in _NUMBERED.finditer(text):
        if not _is_mathematical(text, found):
            yield _mention(found)
    for found in _KEY.finditer(text):
        if found.group().strip("[]") not in known.keys:
            yield _mention(found)


def _identifiers(text: str, known: _Known) -> Iterator[_Mention]:
    for found in _ADDRESS.finditer(text):
        address = trim(found.group())
        doi, arxiv = read_doi(address), read_arxiv(address) if "arxiv" in address.lower() else None
        led = doi in known.dois or (arxiv is not None and unversioned(arxiv) in known.arxivs)
        if not led and address not in known.addresses:
            yield _Mention(found.start(), found.start() + len(address), address)
    for found in _DOI_MENTION.finditer(text):
        mention = trim(found.group())
        arxiv = read_arxiv(mention) if read_doi(mention) is None else None
        if read_doi(mention) not in known.dois and (arxiv is None or unversioned(arxiv) not in known.arxivs):
            yield _Mention(found.start(), found.start() + len(mention), mention)
    for found in _ARXIV_MENTION.finditer(text):
        arxiv = read_arxiv(found.group())
        if arxiv is None or unversioned(arxiv) not in known.arxivs:
            yield _mention(found)


def _fold(name: str) -> str:
    """Without accents and case: "Müller" is often written "Muller"."""
    return "".join(char for char in normalize("NFKD", name).casefold() if char.isalpha())


def _mention(found: re.Match[str]) -> _Mention:
    lead = len(found.group()) - len(found.group().lstrip())
    return _Mention(found.start() + lead, found.end(), found.group().strip())


def _is_mathematical(text: str, found: re.Match[str]) -> bool:
    """A crystal direction or an interval: "[110]", "[0, 1]"."""
    shown = found.group()
    if not shown.startswith("["):
        return False
    starts_at_zero = re.match(r"\[\s?0\d*\b", shown) is not None
    before = _BEFORE_INTERVAL.search(text[max(0, found.start() - 12) : found.start()])
    return _DIRECTION.fullmatch(shown) is not None or starts_at_zero or (before is not None and "," in shown)
