"""Names as people type them."""

import unicodedata
from collections.abc import Iterable, Sequence

TYPO = 75  # rapidfuzz ratio, 0 to 100, from which a name counts as misspelt rather than another
LONGEST = 200  # characters of a search that are looked at; no name is longer


def fold(text: str) -> str:
    """Return a text in lower case, without accents, "&" as "and", one space between words."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and "))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def search(names: Sequence[tuple[str, str]], text: str, limit: int) -> list[str]:
    """Return the URIs of the names that fit, best first, each once."""
    wanted = fold(text[:LONGEST])
    if not wanted:
        return []
    ranked = sorted((_rank(name, wanted), len(name), name, uri) for name, uri in names)
    found = dict.fromkeys(uri for rank, _, _, uri in ranked if rank < _NO_MATCH)
    return list(found)[:limit]


_EXACT, _BEGINS, _CONTAINS, _ALL_WORDS, _NO_MATCH = 0.0, 1.0, 2.0, 3.0, 9.0


def _rank(name: str, wanted: str) -> float:
    from rapidfuzz import fuzz

    if name == wanted:
        return _EXACT
    if name.startswith(wanted):
        return _BEGINS
    if f" {wanted}" in f" {name}":
        return _CONTAINS
    if all(word in name for word in wanted.split()):
        return _ALL_WORDS
    likeness = fuzz.ratio(name, wanted, score_cutoff=TYPO)
    return _ALL_WORDS + 1 + (100 - likeness) / 100 if likeness else _NO_MATCH


def nearest(names: Iterable[str], wanted: str) -> list[str]:
    from rapidfuzz import process

    best = process.extract(fold(wanted[:LONGEST]), list(names), limit=3, score_cutoff=60)
    return [repr(name) for name, _, _ in best]
