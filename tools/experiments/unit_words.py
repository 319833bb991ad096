"""Words behind the range of a sentence: how it goes on, what is counted, scales of a model, and units."""

import re
from typing import Final

from tools.experiments.errors import BadClaim
from tools.experiments.relations import PATTERNS
from tools.experiments.units import read_unit
from tools.experiments.wording import DIRECTION, WORDS, compiled

NOT_UNITS: Final = frozenset(
    ("to", "and", "in", "at", "the", "as", "a", "for", "of", "it", "is", "times", "with")
)
_VERB: Final = re.compile(r"[a-z]{2,}(?:ing|ed)")
_COUNTED: Final = re.compile(r"[^\W\d_][\w-]*[^\W\d_s]s")
_SCALE: Final = re.compile(r"[^\W\d_](?:_\{?\w+\}?)?(?:/[^\W\d_](?:_\{?\w+\}?)?)?")
_SHARE: Final = re.compile(r"[a-z]+%|orders|dex", re.IGNORECASE)
_SPELT: Final = 4
"""Letters from which a word may be the name of a unit that is written large, such as Kelvin."""


def goes_on(word: str) -> bool:
    """Tell whether a sentence goes on with this word: a preposition, an adverb, a participle, a relation."""
    plain = word.lower()
    return (
        plain in NOT_UNITS
        or plain in WORDS["after_range"]
        or plain.endswith("ly")
        or _VERB.fullmatch(plain) is not None
        or DIRECTION.fullmatch(plain) is not None
        or any(compiled(pattern).fullmatch(plain) for _, pattern in PATTERNS)
    )


def is_plain(word: str) -> bool:
    """Tell whether numbers before this word are plain: it counts (neighbours) or is a scale (T_c, U/t)."""
    return _COUNTED.fullmatch(word) is not None or _SCALE.fullmatch(word) is not None


def is_unit_of_something(word: str) -> bool:
    """Tell whether this is a unit that pint does not read as it stands, such as wt%, Kelvin or Osm/kg."""
    if _SHARE.fullmatch(word):
        return True
    if _SCALE.fullmatch(word):
        return False
    parts = re.split(r"[/·*^]", word)
    return any(_is_known(part) for part in parts)


def _is_known(word: str) -> bool:
    spelt = [word.lower()] if len(word) >= _SPELT and word.isalpha() else []
    return any(_has_dimension(one) for one in (word, *spelt))


def _has_dimension(word: str) -> bool:
    try:
        return not read_unit(word).dimensionless
    except BadClaim:
        return False
