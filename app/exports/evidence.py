"""What a tool said, in Markdown: under a point of a list, in which every foreign word is inert."""

import re
from collections.abc import Iterator

from agents.schema import Evidence
from app.evidence import show
from app.exports.escape import Safe, inert
from app.exports.plain import write_block
from app.exports.tables import fill_table
from tools.views import Block, Quantities, Table

INDENT = "  "


def write_evidence(piece: Evidence) -> Safe:
    """Return a point with what was asked, and under it the answer or why there is none."""
    shown = show(piece)
    asked_by = "" if piece.asked_by == "author" else f", asked by {inert(piece.asked_by)}"
    asked = "; ".join(shown.asked).removesuffix(".")
    head = (
        f"- **{inert(shown.title)}** ({inert(piece.source)}{asked_by}){f': {inert(asked)}.' if asked else ''}"
    )
    if piece.error is not None:
        return Safe(f"{head} It failed: {inert(piece.error)}\n")
    lines = (f"{INDENT}{line}".rstrip() for block in shown.blocks for line in _write(block))
    return Safe(re.sub(r"\n{3,}", "\n\n", "\n".join([head, *lines, ""])))


def _write(block: Block) -> Iterator[str]:
    match block:
        case Quantities(items):
            yield from (f"- {inert(name)}: **{inert(str(quantity))}**" for name, quantity in items)
        case Table():
            yield from _write_table(block)
        case _:
            yield from (f"- {inert(line)}" for line in write_block(block))


def _write_table(table: Table) -> Iterator[str]:
    """A table ends a list that stands before it."""
    if not table.rows:
        return
    table = fill_table(table)
    yield ""
    if table.title:
        yield f"{inert(table.title)}:"
        yield ""
    yield _row(table.columns)
    yield "|---" * len(table.columns) + "|"
    yield from map(_row, table.rows)
    yield ""
    if table.left_out:
        yield f"{table.left_out} more are in the JSON."
        yield ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(inert(cell) if cell else ' ' for cell in cells)} |"
