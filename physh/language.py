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
ENOUGH = 1.0  # signs of another language that are needed
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
    """The language that a text seems to be in, None for English and for what cannot be told."""
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
    hits = {name: sum(word in known for word in folded) for name, known in _languages().items()}
    accented = sum(word.islower() and not word.isascii() and len(word) > 1 for word in small)
    english = hits.pop(ENGLISH)
    name = max(hits, key=hits.__getitem__)
    signs = hits[name] + ACCENTED * accented
    return name if signs >= ENOUGH + (english > 0) and signs > english else None


@cache
def _languages() -> dict[str, frozenset[str]]:
    import yaml

    text = files("physh").joinpath("data/languages.yaml").read_text(encoding="utf-8")
    return {name: frozenset(str(words).split()) for name, words in yaml.safe_load(text).items()}
