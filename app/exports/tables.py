"""Tables without what says nothing: a column in which every cell is empty is left out."""

from collections.abc import Mapping, Sequence

from app.exports.escape import Safe, inert
from tools.views import Table


def fill_columns(columns: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
    """Return the columns that say something, by their headings."""
    return {name: cells for name, cells in columns.items() if any(cell not in ("", None) for cell in cells)}


def fill_table(table: Table) -> Table:
    """Return a tool's table without its empty columns; as it is where its rows differ in length."""
    if any(len(row) != len(table.columns) for row in table.rows):
        return table
    kept = [i for i, cells in enumerate(zip(*table.rows, strict=True)) if any(cells)]
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    return Table(tuple(table.columns[i] for i in kept), rows, table.title, table.left_out)


def write_columns(columns: Mapping[str, Sequence[str]], right: Sequence[str] = ()) -> Safe:
    """Write columns of foreign text in Markdown; those named in `right` hold numbers.

    Nothing is written where every cell is empty.
    """
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    if not kept:
        return Safe("")
    head = [_write_row(list(kept)), "".join(f"|{'--:' if name in right else '---'}" for name in kept) + "|"]
    return Safe("\n".join([*head, *map(_write_row, zip(*kept.values(), strict=True))]))


def _write_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if isinstance(cell, Safe) else inert(cell) or ' ' for cell in cells)} |"
