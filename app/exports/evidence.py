"""What a tool said, in lines of plain text and in Markdown, in which every foreign word is inert."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from agents.schema import Evidence
from app.evidence import show
from app.exports.escape import Safe, inert
from app.exports.tables import fill_table
from tools.views import Block, Molecule, Plot, Quantities, Sentences, Structure, Table

INDENT = "  "


def write_lines(asked: Iterable[str], blocks: Iterable[Block]) -> str:
    lines = chain(asked, *map(write_block, blocks))
    return "".join(f"{line}\n" for line in lines)


def write_block(block: Block) -> Iterator[str]:
    """Lines of text; of a picture, what it shows."""
    match block:
        case Quantities(items):
            yield from (f"{name}: {quantity}" for name, quantity in items)
        case Sentences(texts):
            yield from texts
        case Table():
            yield from _write_plain_table(block)
        case Molecule(title, smiles):
            yield title if title == smiles else f"{title}: {smiles}"
        case Structure():
            yield describe_structure(block)
        case Plot():
            yield describe_plot(block)


def describe_structure(structure: Structure) -> str:
    marks = "; ".join(dict.fromkeys(mark.label for mark in structure.marks))
    return f"{structure.title} ({len(structure.elements)} atoms{f'; {marks}' if marks else ''})"


def describe_plot(plot: Plot) -> str:
    return f"{plot.title}: {plot.y} against {plot.x}, {', '.join(series.name for series in plot.series)}"


def _write_plain_table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"{table.title}:"
    yield from ("  " + " | ".join(row) for row in (table.columns, *table.rows))
    if table.left_out:
        yield f"  … {table.left_out} more"


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
    lines = (f"{INDENT}{line}".rstrip() for block in shown.blocks for line in _write_markdown(block))
    return Safe(re.sub(r"\n{3,}", "\n\n", "\n".join([head, *lines, ""])))


def _write_markdown(block: Block) -> Iterator[str]:
    match block:
        case Quantities(items):
            yield from (f"- {inert(name)}: **{inert(str(quantity))}**" for name, quantity in items)
        case Table():
            yield from _write_table(block)
        case _:
            yield from (f"- {inert(line)}" for line in write_block(block))


def _write_table(table: Table) -> Iterator[str]:
    """A table ends a list that stands before it."""
    table = fill_table(table)
    if not table.rows or not table.columns:
        return
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
