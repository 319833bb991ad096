"""Read a user's own schema without a chat model: what stands beside the names of its slots. A floor."""

import re
from collections.abc import Iterator
from typing import Final

from tools.reading.forms import Form, Slot
from tools.reading.quantities import Amount, find_amounts, same_dimension
from tools.reading.schema import DraftValue
from tools.reading.words import Sentence, split_sentences

FARTHEST: Final = 80  # characters between a slot's name and its number
LONGEST_NAME: Final = 60
_SAID: Final = re.compile(r"\s*(?::|=|\bis\b|\bwas\b|\bare\b|\bwere\b)\s*([^.;,\n]{1,80}?)\s*(?=[.;,\n]|$)")


def read_by_name(text: str, form: Form) -> Iterator[list[DraftValue]]:
    """Yield one record: numbers near a slot's name in its unit, choices that are named, "name: value"."""
    sentences = split_sentences(text)
    drafts = [draft for slot in form.slots for draft in _fill(slot, sentences)]
    if drafts:
        yield drafts


def _fill(slot: Slot, sentences: list[Sentence]) -> Iterator[DraftValue]:
    count = 0
    pattern = _name_of(slot)
    for sentence in sentences:
        for draft in _look(slot, sentence, pattern):
            if slot.kind != "number" and not slot.many and count:
                return
            yield draft.model_copy(update={"path": _numbered(slot.path, count if slot.many else 0)})
            count += 1


def _look(slot: Slot, sentence: Sentence, pattern: re.Pattern[str]) -> Iterator[DraftValue]:
    if slot.choices:
        for choice in slot.choices:
            found = re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", sentence.text, re.IGNORECASE)
            if found:
                yield DraftValue(
                    path=slot.path, value=choice, quote=found.group(), start=sentence.start + found.start()
                )
        return
    named = pattern.search(sentence.text)
    if named is None:
        return
    if slot.kind == "number":
        nearest = _nearest(slot, sentence.text, named)
        if nearest:
            quote = sentence.text[nearest.start : nearest.end]
            yield DraftValue(
                path=slot.path,
                value=nearest.value,
                unit=nearest.unit or None,
                quote=quote.strip(),
                start=sentence.start + nearest.start,
            )
    elif slot.kind == "text":
        said = _SAID.match(sentence.text, named.end())
        if said:
            yield DraftValue(
                path=slot.path, value=said[1], quote=said[1], start=sentence.start + said.start(1)
            )


def _nearest(slot: Slot, text: str, named: re.Match[str]) -> Amount | None:
    """The number nearest behind the name, or before it, whose unit has the slot's dimension."""
    fitting = [one for one in find_amounts(text) if _fits(slot, one)]
    far = {
        one: one.start - named.end() if one.start >= named.end() else 2 * (named.start() - one.end)
        for one in fitting
    }
    near = [one for one in fitting if 0 <= far[one] <= FARTHEST]
    return min(near, key=far.__getitem__) if near else None


def _fits(slot: Slot, amount: Amount) -> bool:
    if slot.unit is None:
        return not amount.unit
    return bool(amount.unit) and same_dimension(amount.unit, slot.unit)


def _name_of(slot: Slot) -> re.Pattern[str]:
    """The last part of a slot's path as words, with blanks, hyphens or nothing between them."""
    name = slot.path.replace("[]", "").rpartition(".")[2][:LONGEST_NAME]
    words = [re.escape(word) for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", name)] or [re.escape(name)]
    joined = r"[\s_-]?".join(words)
    return re.compile(rf"(?<!\w){joined}s?(?!\w)", re.IGNORECASE)


def _numbered(path: str, number: int) -> str:
    """The first list counts, lists within it hold one thing."""
    return path.replace("[]", f"[{number}]", 1).replace("[]", "[0]")
