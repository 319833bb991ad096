"""What a text is about, where a tool can say something of it."""

import re
from functools import cache

from agents.data_files import defect_words, string_words


def names_host(text: str) -> bool:
    """Whether it names a 2D crystal that the defect model knows."""
    return _says(text, "hosts")


def speaks_of_flat_defects(text: str) -> bool:
    """Whether it is about defects, and about a 2D material, known to the model or not."""
    return _says(text, "defects") and (_says(text, "hosts") or _says(text, "flat"))


def is_predictable(text: str) -> bool:
    """Whether it is about defects in a crystal that the defect model knows."""
    return _says(text, "defects") and _says(text, "hosts")


def asks_for_design(text: str) -> bool:
    """Whether it asks for crystals or molecules that nobody has made."""
    return _says(text, "design")


def speaks_of_strings(text: str) -> bool:
    """Whether it speaks of crystals or molecules written as strings."""
    return _says(text, "strings")


def speaks_of_stability(text: str) -> bool:
    """Whether it asks which crystals are stable."""
    return _says(text, "stability")


def _says(text: str, kind: str) -> bool:
    return bool(_pattern(kind).search(text))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in (defect_words() | string_words())[kind])
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)
