"""Whether a text bears out what a reader says: the quote stands in it, and the value in the quote.

No model is asked. Only looks may differ between a quote and the text: spacing, kinds of dashes and quotation
marks, ligatures. What is kept is the text's own wording, with its place. A value that the quote does not hold
must be marked as inferred; numbers are read from the quote, with their unit, and converted by pint.
"""

import re
from bisect import bisect_left, bisect_right
from math import isclose, isfinite
from typing import Final
from unicodedata import normalize

from tools.experiments.errors import BadClaim
from tools.reading.forms import Slot
from tools.reading.quantities import Amount, find_amounts, to_unit
from tools.reading.schema import DraftValue, Rejected, Scalar, Value
from tools.reading.words import split_sentences

LONGEST_QUOTE: Final = 1_000  # characters
CONTEXT: Final = 150  # characters of a sentence on each side of the words that count
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u00ad]")
_QUOTES: Final = re.compile("[\u2018\u2019\u201a\u201b\u2032`´]")
_DOUBLE: Final = re.compile("[\u201c-\u201f\u2033]")
_YES: Final = frozenset({"true", "yes", "1"})
_NO: Final = frozenset({"false", "no", "0"})
_CLOSE: Final = 1e-6


class _NotBorneOutError(Exception):
    """Why a quote does not say a value."""


class SearchableText:
    """A text that quotes are looked up in, whatever its spacing and dashes are."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts: list[str] = []
        places: list[int] = []
        for place, char in enumerate(text):
            plain = _plain(char)
            if plain == " " and parts and parts[-1] == " ":
                continue
            parts += list(plain)
            places += [place] * len(plain)
        self._plain, self._places = "".join(parts), places
        self._begins = [one.start for one in split_sentences(text)]

    def find(self, quote: str, at: int | None = None, near: int = 0) -> tuple[int, int] | None:
        """Return where a quote stands: `at` a place, else first behind `near`, else anywhere."""
        if at is not None and self.text.startswith(quote, at):
            return at, at + len(quote)
        wanted = re.sub(" +", " ", "".join(map(_plain, quote))).strip()
        for begin in dict.fromkeys((bisect_left(self._places, near), 0)):
            start = self._plain.find(wanted, begin) if wanted else -1
            while start >= 0 and _cuts_number(self._plain, start, start + len(wanted)):
                start = self._plain.find(wanted, start + 1)
            if start >= 0:
                return self._places[start], self._places[start + len(wanted) - 1] + 1
        return None

    def around(self, start: int, end: int) -> str:
        """Return the sentence that a stretch stands in, shortened where it is long."""
        first = max(0, bisect_right(self._begins, start) - 1)
        last = self._begins[first + 1] if first + 1 < len(self._begins) else len(self.text)
        left, right = self._begins[first] if self._begins else 0, max(end, last)
        left, right = max(left, start - CONTEXT), min(right, end + CONTEXT)
        return self.text[left:right].strip()


def _plain(char: str) -> str:
    if char.isspace():
        return " "
    folded = _DOUBLE.sub('"', _QUOTES.sub("'", _DASHES.sub("-", char)))
    return normalize("NFKC", folded)


def _cuts_number(text: str, start: int, end: int) -> bool:
    """Whether a quote begins or ends within a number: "5 nm" does not stand in "15 nm"."""
    opens = text[start].isdigit() and (
        text[start - 1 : start].isdigit() or re.search(r"\d\.$", text[:start][-2:])
    )
    closes = text[end - 1].isdigit() and re.match(r"\d|\.\d", text[end : end + 2])
    return bool(opens or closes)


def ground(draft: DraftValue, slot: Slot, text: SearchableText) -> Value | Rejected:  # noqa: PLR0911 - a reason each
    """Return the checked value, or why it does not count."""
    if len(draft.quote) > LONGEST_QUOTE:
        return reject(draft, f"the quote has {len(draft.quote):,} characters and may have {LONGEST_QUOTE:,}")
    place = text.find(draft.quote, draft.start, draft.near)
    if place is None:
        return reject(draft, "the quote does not stand in the text")
    if draft.impossible:
        return reject(draft, draft.impossible)
    quote = text.text[place[0] : place[1]]
    try:
        value, unit, written, note, stated = _bear_out(draft, slot, quote)
    except _NotBorneOutError as error:
        return reject(draft, str(error))
    if slot.choices and str(value) not in slot.choices:
        return reject(draft, f"{str(value)[:40]!r} is none of {', '.join(slot.choices)[:80]}")
    if isinstance(value, float) and slot.kind == "number" and (reason := _impossible(value, slot)):
        return reject(draft, reason)
    if not stated and not draft.inferred:
        return reject(draft, "the quote does not say it")
    return Value(
        path=draft.path, value=value, unit=unit, written=written, quote=text.around(*place),
        start=place[0], end=place[1],
        how="inferred" if draft.inferred or not stated else "stated",
        note="; ".join(filter(None, (draft.note, note))) or None,
    )  # fmt: skip


def _bear_out(draft: DraftValue, slot: Slot, quote: str) -> tuple[Scalar, str | None, str, str | None, bool]:
    """Return value, unit, wording, note, and whether the quote states it. Raises _NotBorneOutError."""
    if slot.kind == "yes_no":
        told = str(draft.value).strip().lower()
        if told not in _YES | _NO:
            raise _NotBorneOutError(f"{str(draft.value)[:40]!r} is neither true nor false")
        return told in _YES, None, quote, None, False
    if slot.kind == "text":
        value = " ".join(str(draft.value).split())
        if not value:
            raise _NotBorneOutError("it is empty")
        holds = _fold(value) in _fold(quote)
        return value, draft.unit, value if holds else quote, None, holds
    return _bear_out_number(draft, slot, quote)


def _bear_out_number(
    draft: DraftValue, slot: Slot, quote: str
) -> tuple[Scalar, str | None, str, str | None, bool]:
    try:
        value = float(draft.value)
    except ValueError as error:
        raise _NotBorneOutError(f"{str(draft.value)[:40]!r} is no number") from error
    if not isfinite(value):
        raise _NotBorneOutError("it is no finite number")
    given = draft.unit or ""
    for amount in find_amounts(quote):
        if isclose(amount.value, value, rel_tol=_CLOSE) and (
            not given or not amount.unit or _agree(given, amount)
        ):
            return _convert(value, amount.unit or given, slot, quote[amount.start : amount.end].strip())
        if slot.unit and amount.unit and _same_in(slot.unit, value, given, amount):
            return _convert(amount.value, amount.unit, slot, quote[amount.start : amount.end].strip())
    if not draft.inferred:
        raise _NotBorneOutError("the quote does not hold this number")
    converted, unit, _, note, _ = _convert(value, given, slot, quote)
    return converted, unit, quote, note, False


def _agree(given: str, amount: Amount) -> bool:
    try:
        return isclose(to_unit(1.0, amount.unit, given), 1.0, rel_tol=_CLOSE)
    except BadClaim:
        return given.strip() == amount.unit.strip()


def _same_in(wanted: str, value: float, given: str, amount: Amount) -> bool:
    """Whether a reader has converted already: 373.15 K for 100 °C."""
    try:
        told = to_unit(value, given, wanted) if given else value
        return isclose(to_unit(amount.value, amount.unit, wanted), told, rel_tol=1e-3)
    except BadClaim:
        return False


def _convert(
    value: float, unit: str, slot: Slot, written: str
) -> tuple[float, str | None, str, str | None, bool]:
    if slot.unit is None or not unit:
        return (
            value,
            unit or slot.unit,
            written,
            None if unit or not slot.unit else f"taken to be in {slot.unit}",
            True,
        )
    try:
        converted = to_unit(value, unit, slot.unit)
    except BadClaim as error:
        raise _NotBorneOutError(f"{unit} cannot be given in {slot.unit}") from error
    rounded = float(f"{converted:.10g}")
    return rounded, slot.unit, written, None if rounded == value else f"converted from {unit}", True


def _impossible(value: float, slot: Slot) -> str | None:
    if slot.low is not None and value < slot.low:
        return f"impossible: below {slot.low:g}{f' {slot.unit}' if slot.unit else ''}"
    if slot.high is not None and value > slot.high:
        return f"impossible: above {slot.high:g}{f' {slot.unit}' if slot.unit else ''}"
    if slot.whole and not value.is_integer():
        return "it must be a whole number"
    return None


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", "".join(map(_plain, text))).casefold()


def reject(draft: DraftValue, reason: str) -> Rejected:
    """Return the refusal of a draft."""
    return Rejected(
        path=draft.path[:200], value=str(draft.value)[:200], quote=draft.quote[:200], reason=reason
    )
