"""Tables and JSON in what a bench printed."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from pydantic import JsonValue

from bench.records.schema import PrintedTable

RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")


def find_tables(lines: Sequence[str]) -> Iterator[PrintedTable]:
    """Yield the Markdown tables among lines: rows in bars, a rule below the first."""
    for in_bars, group in groupby(lines, key=lambda line: line.startswith("|")):
        rows = list(group)
        if in_bars and len(rows) > 1 and RULE.match(rows[1]):
            head, *body = (_cells(row) for row in (rows[0], *rows[2:]))
            yield PrintedTable(columns=head, rows=tuple(body))


def _cells(row: str) -> tuple[str, ...]:
    inner = row.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", inner))


def find_values(text: str) -> Iterator[JsonValue]:
    """Yield the JSON objects and lists that begin at the start of a line and end at the end of one."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        end = text.find("\n", place) + 1 or len(text)
        if text[place] in "{[":
            try:
                value, after = decoder.raw_decode(text, place)
            except ValueError:
                pass
            else:
                rest, newline, _ = text[after:].partition("\n")
                if not rest.strip():
                    yield value
                    end = after + len(rest) + len(newline)
        place = end
