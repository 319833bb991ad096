"""What a text is about, where a tool can say something of it."""

import re
from functools import cache

from agents.data_files import defect_words


def names_host(text: str) -> bool:
    """Whether it names a 2D crystal that the defect model knows."""
    return _says(text, "hosts")


def speaks_of_flat_defects(text: str) -> bool:
    """Whether it is about defects, and about a 2D material, known to the model or not."""
    return _says(text, "defects") and (_says(text, "hosts") or _says(text, "flat"))


def is_predictable(text: str) -> bool:
    """Whether it is about defects in a crystal that the defect model knows."""
    return _says(text, "defects") and _says(text, "hosts")


def _says(text: str, kind: str) -> bool:
    return bool(_pattern(kind).search(text))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in defect_words()[kind])
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)
