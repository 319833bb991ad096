"""Reading a text as a tool that agents and people can call, and how a person sees what was read."""

from collections.abc import Iterator
from typing import Final

from tools.quantity import write
from tools.reading.schema import ExtractedRecord, ReadRequest, ReadResult, Value
from tools.spec import Scene, ToolSpec
from tools.views import Block, Sentences, Table


class ReadText(ToolSpec[ReadRequest, ReadResult]):
    """Text in, records out."""

    name = "read_text"
    title = "reader of papers"
    version = "1"
    purpose = (
        "Reads a text into records: who is doped with what, measured properties with units, synthesis steps, "
        "perovskite solar cells, or any JSON schema; each value with its quote, units converted"
    )
    when = "never: an agent would hand it words of its own"
    example = '{"text": "The film had a band gap of 1.55 eV and a thickness of 300 nm."}'
    arguments, result = ReadRequest, ReadResult
    for_small_models = False
    for_judges = False

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - whatever is asked
        return False

    def run(self, arguments: ReadRequest) -> ReadResult:
        """Raises BadText and BadSchema."""
        from tools.reading.reading import read

        return read(arguments.text, arguments.form)

    def digest(self, result: ReadResult) -> str:
        checked = sum(len(record.values) for record in result.records)
        found = f"{len(result.records)} records, {checked} values, {len(result.conflicts)} conflicts"
        return f"{found} ({result.reader})"

    def tell(self, arguments: ReadRequest) -> tuple[str, ...]:
        name = (
            arguments.form
            if isinstance(arguments.form, str)
            else str(arguments.form.get("title", "a schema"))
        )
        return (f"{name[:60]} in a text of {len(arguments.text):,} characters",)

    def view(self, arguments: ReadRequest, result: ReadResult) -> tuple[Block, ...]:  # noqa: ARG002
        return view(result)


READ = ReadText()


MOST_ROWS: Final = 40
MOST_COLUMNS: Final = 6  # of a table with a row a record; more slots have a row each
TOLD: Final = "what the text says (~: inferred)"
LONGEST: Final = 90  # characters of a cell


def view(result: ReadResult) -> tuple[Block, ...]:
    """Return a table of all values with their quotes, conflicts, rejections and notes."""
    return tuple(_blocks(result))


def _blocks(result: ReadResult) -> Iterator[Block]:
    count = len(result.records)
    told = f"{count:,} {'record' if count == 1 else 'records'} of {result.form} by {result.reader}."
    yield Sentences((told, *result.notes))
    slots = list(dict.fromkeys(value.path for record in result.records for value in record.values))
    rows = [row for number, record in enumerate(result.records, 1) for row in _rows(number, record)]
    if count and len(slots) <= MOST_COLUMNS and not any("[" in slot for slot in slots):
        yield _by_record(result, slots)
    elif rows:
        yield Table(
            ("Record", "Slot", "Value", "Quote", "How"), tuple(rows[:MOST_ROWS]), TOLD,
            max(0, len(rows) - MOST_ROWS),
        )  # fmt: skip
    if result.conflicts:
        conflicts = tuple((_cut(one.about), _cut(" or ".join(one.values)), _cut(" | ".join(one.quotes)))
                          for one in result.conflicts)  # fmt: skip
        yield Table(
            ("About", "The text says", "Quotes"),
            conflicts[:MOST_ROWS],
            "conflicts",
            max(0, len(conflicts) - MOST_ROWS),
        )
    if result.rejected:
        rejected = tuple(
            (_cut(one.path), _cut(one.value), _cut(one.quote), one.reason) for one in result.rejected
        )
        yield Table(("Slot", "Given", "Quote", "Why not"), rejected[:MOST_ROWS], "not borne out by the text",
                    max(0, len(rejected) - MOST_ROWS))  # fmt: skip
    if result.missing and result.records:
        yield Sentences((f"Nothing was found for {', '.join(result.missing)[:300]}.",))


def _by_record(result: ReadResult, slots: list[str]) -> Table:
    """One row a record; what is inferred bears a ~."""
    shown = [slot for slot in slots if slot != "unit"]  # it stands behind the value
    rows = []
    for record in result.records[:MOST_ROWS]:
        told = {value.path: value for value in reversed(record.values)}
        cells = [_mark(told[slot]) if slot in told else "" for slot in shown]
        quotes = dict.fromkeys(value.quote for value in record.values)
        rows.append((*cells, _cut(" … ".join(quotes))))
    return Table((*shown, "Quote"), tuple(rows), TOLD, max(0, len(result.records) - MOST_ROWS))


def _mark(value: Value) -> str:
    return _cut(("~" if value.how == "inferred" else "") + _say(value))


def _rows(number: int, record: ExtractedRecord) -> Iterator[tuple[str, ...]]:
    for value in record.values:
        how = value.how + (f" ({value.note})" if value.note else "")
        yield str(number), value.path, _cut(_say(value)), _cut(value.quote), how


def _say(value: Value) -> str:
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    return write(value.value, unit=value.unit or "") if isinstance(value.value, float) else str(value.value)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[: LONGEST - 1]}…" if len(line) > LONGEST else line
