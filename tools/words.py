"""Whether a text speaks of something, by words."""

import re
from functools import lru_cache


def mentions(text: str, *entries: str) -> bool:
    """Return whether one of the entries stands in the text: whole words, in any case, "*" for any ending."""
    return bool(_pattern(entries).search(text))


@lru_cache(maxsize=256)
def _pattern(entries: tuple[str, ...]) -> re.Pattern[str]:
    escaped = (re.escape(entry).replace(r"\*", r"\w*") for entry in entries)
    return re.compile(rf"(?<!\w)(?:{'|'.join(escaped)})(?!\w)", re.IGNORECASE)
