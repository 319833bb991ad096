"""Which scalar quantity a phrase speaks of, in which units it is given, and between which values it lies.

The table is data with sources: `agents/data/quantities.yaml`. What it does not know has no opinion.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from pydantic import Field

from agents.checks.measures import PLAIN, Dimension, Magnitude, dimension_of, scale_of
from agents.data_files import read_data
from tools.experiments.lexicon import BRITISH
from tools.strict import Strict

_WORD: Final = re.compile(r"[^\W_]+(?:['’]s)?")
TOLERANCE: Final = 1.001
"""By how much a number may pass a limit: 100.0 % is no error of rounding."""


class KnownQuantity(Strict):
    """A scalar quantity."""

    names: list[str] = Field(min_length=1)
    units: list[str] = Field(min_length=1, description="the first is that of the limits")
    low: float
    high: float
    source: str

    @property
    def dimensions(self) -> frozenset[Dimension]:
        return _dimensions(tuple(self.units))

    def fits(self, measure: Magnitude) -> bool:
        """Tell whether it may be given in this unit. A share of itself always may; Bq is no hertz."""
        if "Bq" in measure.unit:
            return any("Bq" in unit for unit in self.units)
        return measure.dimension in self.dimensions or measure.is_share

    def holds(self, measure: Magnitude) -> bool:
        """Tell whether the number lies where this quantity does; True where the unit is another's."""
        if measure.dimension != dimension_of(self.units[0]) or (measure.is_share and self.units[0] != "1"):
            return True
        _, factor, _ = scale_of(self.units[0]) or (PLAIN, 1.0, 0.0)
        value = measure.si / factor
        slack = abs(TOLERANCE - 1) * max(abs(self.low), abs(self.high))
        return self.low - min(slack, 1e-9) <= value <= self.high * (TOLERANCE if self.high > 0 else 1)

    @property
    def limits(self) -> str:
        unit = "" if self.units[0] == "1" else f" {self.units[0]}"
        return f"{self.low:g} to {self.high:g}{unit}"


class QuantityMention(Strict):
    """Where a text names a quantity, in words of the text: from `start` to `end`."""

    name: str
    known: KnownQuantity
    start: int
    end: int


class QuantityTable(Strict):
    sources: dict[str, str]
    quantities: dict[str, KnownQuantity]


@cache
def table() -> QuantityTable:
    return QuantityTable.model_validate(read_data("quantities.yaml"))


@cache
def _names() -> dict[tuple[str, ...], tuple[str, KnownQuantity]]:
    """Return entries by the words of their names. Later entries win: they are the narrower ones."""
    return {
        tuple(_plain(word.group()) for word in _WORD.finditer(name)): (name, known)
        for known in table().quantities.values()
        for name in known.names
    }


@cache
def _longest() -> int:
    return max(map(len, _names()))


def find_quantities(text: str) -> list[QuantityMention]:
    """Return the quantities that a text names, longest names first where they overlap, in its order."""
    words = [(_plain(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]
    found, at = [], 0
    while at < len(words):
        size, entry = _at([word for word, _, _ in words[at : at + _longest()]])
        if entry is not None:
            found.append(
                QuantityMention(
                    name=entry[0], known=entry[1], start=words[at][1], end=words[at + size - 1][2]
                )
            )
        at += max(size, 1)
    return found


def quantity_of(phrase: str) -> QuantityMention | None:
    """Return the quantity of a noun phrase: the first before "of", the last of several nouns in a row."""
    head = re.split(r"\s(?:of|in|at|for|under|between|with|measured|seen)\s", phrase.strip())[0]
    mentions = find_quantities(head) or find_quantities(phrase)[:1]
    return mentions[-1] if mentions else None


def named_elsewhere(phrase: str, text: str) -> QuantityMention | None:
    """Return what "the gap" stands for in a text that speaks of one optical gap, and of no other gap."""
    words = [_plain(match.group()) for match in _WORD.finditer(phrase)]
    if words[:1] in (["the"], ["this"], ["that"], ["it"]):  # its
        words = words[1:]
    meant = [one for one in find_quantities(text) if [_plain(one.name.rpartition(" ")[2])] == words]
    return meant[0] if meant and all(one.known is meant[0].known for one in meant) else None


def _at(words: Sequence[str]) -> tuple[int, tuple[str, KnownQuantity] | None]:
    for size in range(len(words), 0, -1):
        entry = _names().get(tuple(words[:size]))
        if entry is not None:
            return size, entry
    return 0, None


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    """Return a word in the singular and in American spelling."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for british, american in BRITISH:
        word = word.replace(british, american)
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties" is no plural of ours
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=4096)
def _dimensions(units: tuple[str, ...]) -> frozenset[Dimension]:
    found = (dimension_of(unit) for unit in units)
    return frozenset(one for one in found if one is not None)
