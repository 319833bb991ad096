"""Read a text into records, and check every value against the text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from tools.reading.errors import BadText
from tools.reading.forms import Form, read_schema
from tools.reading.grounding import SearchableText, ground, reject
from tools.reading.schema import LONGEST, Conflict, DraftValue, ExtractedRecord, ReadResult, Rejected, Value
from tools.reading.shipped import SCHEMAS, shipped

MOST_RECORDS: Final = 5_000
AGREE: Final = 0.02  # relative difference of two numbers that say the same
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class ExtractionChat(Protocol):
    """A chat model that fills a form, handed in from above."""

    @property
    def name(self) -> str: ...

    def extract(self, text: str, form: Form) -> Iterable[Sequence[DraftValue]]:
        """Return records as the model gives them; nothing of it is believed before it is checked."""
        ...


def load_form(given: str | Mapping[str, object]) -> Form:
    """Return the form of a schema's name or of a JSON schema. Raises BadSchema."""
    return shipped(given) if isinstance(given, str) else read_schema(given)


def read(
    text: str, form: Form | str | Mapping[str, object], chat: ExtractionChat | None = None
) -> ReadResult:
    """Return what the text says in the shape of the form.

    Without a chat model: rules, word lists and a small trained tagger. Raises BadText and BadSchema, and what
    the chat model raises.
    """
    asked = form if isinstance(form, Form) else load_form(form)
    clean = _CONTROL.sub(" ", text)
    if len(clean) > LONGEST:
        raise BadText(
            f"the text has {len(clean):,} characters and may have {LONGEST:,}: split it, by chapter say"
        )
    if not any(char.isalpha() for char in clean):
        raise BadText("there is no text in it: a scan needs OCR first")
    notes = []
    if chat is None:
        name, drafted = _without_model(clean, asked)
        if asked.name not in SCHEMAS:
            notes.append(
                "Without a chat model a schema of your own is read by names of slots alone: a floor."
            )
    else:
        name, drafted = chat.name, chat.extract(clean, asked)
    records, rejected = _check(drafted, asked, SearchableText(clean))
    if len(records) == MOST_RECORDS:
        notes.append(f"Only the first {MOST_RECORDS:,} records are kept.")
    if clean != text:
        notes.append("Control characters were read as spaces.")
    filled = {re.sub(r"\[\d+\]", "[]", value.path) for record in records for value in record.values}
    return ReadResult(
        form=asked.name, reader=name, characters=len(clean), records=records, rejected=rejected,
        conflicts=find_conflicts(records, asked),
        missing=[slot.path for slot in asked.slots if slot.path not in filled], notes=notes,
    )  # fmt: skip


def _without_model(text: str, form: Form) -> tuple[str, Iterable[Sequence[DraftValue]]]:
    """Return what reads this form without a chat model, with its version, and what it reads."""
    from tools.reading.tagger import load

    if form.name not in SCHEMAS or form != shipped(form.name):
        from tools.reading.by_name import read_by_name

        return "names of slots, version 1", read_by_name(text, form)
    if form.name == "doping":
        from tools.reading.doping import read_doping

        return f"rules and tagger {load('doping').version}", read_doping(text)
    if form.name == "measurements":
        from tools.reading.measurements import read_measurements

        return f"rules and tagger {load('materials').version}", read_measurements(text)
    if form.name == "synthesis":
        from tools.reading.synthesis import read_synthesis

        return f"rules and tagger {load('synthesis').version}", read_synthesis(text)
    from tools.reading.cells import read_cell

    return "rules and word lists, version 1", read_cell(text)


def _check(
    drafted: Iterable[Sequence[DraftValue]], form: Form, text: SearchableText
) -> tuple[list[ExtractedRecord], list[Rejected]]:
    records: list[ExtractedRecord] = []
    rejected: list[Rejected] = []
    for drafts in drafted:
        values: list[Value] = []
        for draft in drafts:
            slot = form.slot(draft.path)
            if slot is None:
                rejected.append(reject(draft, "the schema has no such slot"))
                continue
            checked = ground(draft, slot, text)
            if isinstance(checked, Value):
                values.append(checked)
            else:
                rejected.append(checked)
        told = {value.path for value in values}
        if values and (form.single or told.issuperset(form.required)):
            records.append(ExtractedRecord(content=assemble(values), values=values))
        if len(records) == MOST_RECORDS:
            break
    return records, rejected


def assemble(values: Iterable[Value]) -> dict[str, object]:
    """Return values as one JSON object. Of two for one slot the first stands: the other is a conflict."""
    content: dict[str, object] = {}
    for value in values:
        steps = [step for step in re.split(r"\.|(?=\[)", value.path) if step]
        _put(content, steps, value.value)
    return content


def _put(node: object, steps: Sequence[str], value: object) -> None:
    for step, behind in zip(steps, [*steps[1:], None], strict=True):
        empty: object = value if behind is None else [] if behind.startswith("[") else {}
        if isinstance(node, list):
            place = int(step.strip("[]") or len(node))
            while len(node) <= place:
                node.append(empty if len(node) == place else {})
            node = node[place]
        elif isinstance(node, dict):
            node = node.setdefault(step, empty)


def find_conflicts(records: Sequence[ExtractedRecord], form: Form) -> list[Conflict]:
    """Return slots for which the text says two things of one subject, with both quotes."""
    said: dict[tuple[str, str], list[Value]] = {}
    for number, record in enumerate(records):
        about = _subject(record, form) if not form.single else ""
        if about is None:
            about = f"record {number + 1}"
        for value in record.values:
            if value.path.split("[")[0] not in form.key or form.single:
                said.setdefault((value.path, about), []).append(value)
    return [
        conflict for (path, about), values in said.items() if (conflict := _conflict(path, about, values))
    ]


def _subject(record: ExtractedRecord, form: Form) -> str | None:
    named = [value for value in record.values if value.path in form.key]
    if not named or form.key[0] not in {value.path for value in named}:
        return None  # of what it is is not known
    return ", ".join(str(value.value) for value in named)


def _conflict(path: str, about: str, values: Sequence[Value]) -> Conflict | None:
    different: list[Value] = []
    for value in values:
        if not any(_agree(value, other) for other in different):
            different.append(value)
    if len({value.quote for value in different}) < 2:  # noqa: PLR2004 - one sentence that tells two is a trend
        return None
    return Conflict(
        about=f"{path} of {about}" if about else path,
        values=[f"{value.value}{f' {value.unit}' if value.unit else ''}" for value in different],
        quotes=[value.quote for value in different],
    )


def _agree(one: Value, other: Value) -> bool:
    if isinstance(one.value, float) and isinstance(other.value, float):
        return one.unit != other.unit or abs(one.value - other.value) <= AGREE * max(
            abs(one.value), abs(other.value)
        )
    return str(one.value).casefold() == str(other.value).casefold()
