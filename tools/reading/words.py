"""Texts as sentences and tokens that keep their places, and what kind of thing a token is in chemistry."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

SYMBOLS: Final = frozenset(
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br
    Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er
    Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm D Ln RE Re
    """.split()  # noqa: SIM905 - a list would take a line a word
)
NAMES: Final = frozenset(
    """
    hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium
    aluminum aluminium silicon phosphorus phosphorous sulfur sulphur chlorine argon potassium
    calcium scandium titanium vanadium chromium manganese iron cobalt nickel copper zinc gallium
    germanium arsenic selenium bromine krypton rubidium strontium yttrium zirconium niobium
    molybdenum technetium ruthenium rhodium palladium silver cadmium indium tin antimony tellurium
    iodine xenon cesium caesium barium lanthanum cerium praseodymium neodymium promethium samarium
    europium gadolinium terbium dysprosium holmium erbium thulium ytterbium lutetium hafnium
    tantalum tungsten rhenium osmium iridium platinum gold mercury thallium lead bismuth thorium
    uranium lanthanide lanthanides deuterium
    """.split()  # noqa: SIM905 - a list would take a line a word
)
_ELEMENT = "(?:" + "|".join(sorted(SYMBOLS, key=len, reverse=True)) + ")"
_AMOUNT = r"(?:\d+(?:\.\d+)?|[xyzδn](?![a-z]))?"
_FORMULA = re.compile(rf"(?:\d+(?:\.\d+)?)?(?:{_ELEMENT}{_AMOUNT}){{2,}}[xyδ]?")
_UNARY = re.compile(rf"{_ELEMENT}(?:\d+(?:\.\d+)?|[xyn])")
_ION = re.compile(rf"(?:\d+(?:\.\d+)?)?{_ELEMENT}\d?[+]|\d*\.\d+{_ELEMENT}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[^\W_]+(?:\.\d[^\W_]*)*(?:(?<=[A-Za-z\d])\+(?![A-Za-z\d]))?|[^\s]")
_END = re.compile(r"(?:[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9©])|\n\s*\n\s*|\n(?=\s*[A-Z]))")
_NO_END = re.compile(
    r"(?:\b(?i:al|approx|ca|cf|dr|e\.g|eq|eqs|et|etc|fig|figs|i\.e|no|ref|refs"
    r"|resp|sec|st|tab|vol|vs|mol|at|wt)"
    r"|(?<![°◦º\d])(?<![°◦º\d]\s)\b[A-Z])\.[\"'”’)\]]*\s+$"
)
_BEHIND: Final = 20  # characters before a full stop in which an abbreviation is looked for
LONGEST_SENTENCE: Final = 4_000  # characters; what never ends is cut there


class SentenceToken(NamedTuple):
    """A word, number or mark, and where it stands in its sentence."""

    text: str
    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence, and where it begins in the text."""

    text: str
    start: int


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences in order, without the white space around them."""
    found, start = [], 0
    for end in _END.finditer(text):
        before = text[max(start, end.start() - _BEHIND) : end.end()]
        if "\n" not in end.group() and _NO_END.search(before):
            continue
        found += _cut(text, start, end.end())
        start = end.end()
    return [*found, *_cut(text, start, len(text))]


def _cut(text: str, start: int, end: int) -> list[Sentence]:
    parts = []
    for left in range(start, end, LONGEST_SENTENCE):
        part = text[left : min(left + LONGEST_SENTENCE, end)]
        if part.strip():
            parts.append(Sentence(part.strip(), left + len(part) - len(part.lstrip())))
    return parts


def tokenise(text: str) -> list[SentenceToken]:
    """Return words, numbers and marks. "Er3+-doped" has three: "Er3+", "-", "doped"."""
    return [SentenceToken(one.group(), one.start(), one.end()) for one in _TOKEN.finditer(text)]


@lru_cache(maxsize=50_000)
def kind(word: str) -> str:  # noqa: PLR0911 - one a kind
    """Return what a token is by its form: element, name, ion, formula, number, mark, code or word."""
    if word in SYMBOLS:
        return "element"
    if word.lower() in NAMES:
        return "name"
    if _ION.fullmatch(word):
        return "ion"
    if _FORMULA.fullmatch(word):
        return "formula"
    if _UNARY.fullmatch(word):
        return "unary"
    if _NUMBER.fullmatch(word):
        return "number"
    if not word[0].isalnum():
        return "mark"
    return "code" if not word[1:].islower() and len(word) > 1 else "word"
