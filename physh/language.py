"""Tells whether a text is English: PhySH is, and so is the model that routes to it.

Two signs: letters of another script, and the small words that a language makes its sentences with. Names with
accents, formulas and chemical symbols are neither. A text without any small word counts as English.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files

ENGLISH = "English"
SHARE = 0.3  # of another script's letters, from which on a text is taken for one in that script
FEWEST = 3  # letters of another script; fewer are symbols
ACCENTED = 0.5  # what an accented word of small letters counts, beside a small word's 1
ENOUGH = 1.5  # signs of another language that are needed
ENOUGH_OF_FEW = 1.0  # in a text of three words
FEW = 3
SHARED = 0.5  # what a small word counts that English has too
PARTICLES = frozenset(  # of names, too
    {"de", "del", "della", "der", "den", "des", "di", "du", "da", "do", "dos", "el", "la", "le", "las", "los"}
    | {"van", "von", "ter", "ten", "zu", "y"}
)
SCRIPTS = {
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CYRILLIC": "Russian or another language in Cyrillic letters",
    "GREEK": "Greek",
    "ARABIC": "Arabic or another language in its letters",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "Hindi or another language in Devanagari",
    "THAI": "Thai",
}
_FORMULA = re.compile(r"\$[^$]{0,2000}\$|\\[A-Za-z]+|\b\w*\d\w*\b")
_WORD = re.compile(r"(?<![\w-])(?<!\w[’'])[^\W\d_]+(?![\w-])")  # no part of a compound, no 's
_GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{4,}")


def foreign_language(text: str) -> str | None:
    """Return the language that a text seems to be in; None for English and for what cannot be told."""
    plain = unicodedata.normalize("NFC", _FORMULA.sub(" ", text))
    return _by_script(plain) or _by_words(plain)


def _by_script(text: str) -> str | None:
    letters = [c for c in text if c.isalpha()]
    scripts = Counter(unicodedata.name(c, "").partition(" ")[0].partition("-")[0] for c in letters)
    if not _GREEK_WORD.search(text):
        del scripts["GREEK"]  # symbols
    found = [name for name in SCRIPTS if scripts[name]]
    count = sum(scripts[name] for name in found)
    if count < FEWEST or count < SHARE * len(letters):
        return None
    kana = next((name for name in ("HIRAGANA", "KATAKANA") if scripts[name]), None)
    return SCRIPTS[kana or max(found, key=scripts.__getitem__)]


def _by_words(text: str) -> str | None:
    words = _WORD.findall(text)
    small = [word for place, word in enumerate(words) if place == 0 or word[0].islower()]  # no names, no Si
    folded = [word.lower() for word in small]
    accented = sum(word.islower() and not word.isascii() and len(word) > 1 for word in small)
    others = dict(_languages())
    english = others.pop(ENGLISH)
    enough = ENOUGH_OF_FEW if len(words) <= FEW else ENOUGH
    name, signs = max(
        ((name, _signs(folded, known, english)) for name, known in others.items()), key=lambda one: one[1]
    )
    own = any(word in others[name] - english - PARTICLES for word in folded)
    against = sum(word in english - others[name] for word in folded)
    signs += ACCENTED * accented
    is_foreign = (own or accented) and signs >= enough + (against > 0) and signs > against
    return name if is_foreign else None


def _signs(words: list[str], known: frozenset[str], english: frozenset[str]) -> float:
    """Return the small words of a language with their weights; one that English has too counts half."""
    return sum((SHARED if word in english else 1) for word in words if word in known)


@cache
def _languages() -> dict[str, frozenset[str]]:
    import yaml

    text = files("physh").joinpath("data/languages.yaml").read_text(encoding="utf-8")
    return {name: frozenset(str(words).split()) for name, words in yaml.safe_load(text).items()}
