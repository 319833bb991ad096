"""What is written where: results on standard output, everything else on standard error."""

import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from agents.model import Event
    from agents.run.events import Outcome
    from tools.views import Block

PIPED_WIDTH = 120  # columns where nobody looks: wide enough that lines stay whole
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def notice(text: str) -> None:
    sys.stderr.write(clean(text) + "\n")
    sys.stderr.flush()


def clean(text: str) -> str:
    """Return the text without what would steer the terminal: foreign text may hold escape sequences."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def console() -> "Console":
    """Return standard output for tables, without markup: labels and models' words are data."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def print_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, flexible: str) -> None:
    """Print plain columns. `flexible` names the one that may be folded; the others stay on one line."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=heading != flexible, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    console().print(table)


def print_blocks(blocks: "Sequence[Block]") -> None:
    """Print the sentences and tables among what a tool shows; the first column may be folded."""
    from rich.text import Text

    from tools.views import Sentences, Table

    for block in blocks:
        if isinstance(block, Sentences):
            for line in block.texts:
                console().print(Text(clean(line)), soft_wrap=True)
        elif isinstance(block, Table):
            console().print(Text(f"\n{clean(block.title)}", style="bold"), soft_wrap=True)
            rows = [tuple(map(clean, row)) for row in block.rows]
            print_table(block.columns, rows, flexible=block.columns[0])


def told(event: "Event") -> str | None:
    """Return an event in words; None for one that is not worth a line of a log."""
    from agents.model import EventKind

    words = {
        EventKind.SENT: "begins",
        EventKind.ANSWERED: f"done, {event.tokens} tokens",
        EventKind.RECALLED: "taken from the run's folder",
        EventKind.RETRY: f"is sent again: {event.reason}",
        EventKind.UNREADABLE: f"gave an answer that does not fit: {event.reason}",
        EventKind.PLANNED: f"measures {event.reason}",
        EventKind.TESTED: f"says {event.reason}",
    }.get(event.kind)
    return words and f"{event.step} {words}"


def ending(outcome: "Outcome") -> str:
    """Return how a perspective ended: its score, or where and why it failed."""
    from agents.schema import Hypothesis

    if isinstance(outcome, Hypothesis):
        return f"score {outcome.score.value:.1f}"
    return f"failed at {outcome.step}: {outcome.reason}"
