"""What the generated pages share."""

from collections.abc import Iterable
from itertools import takewhile

NOTE = "<!-- Written by `python -m app.documents`: change the code, not this page. -->\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; a vertical bar inside a cell is escaped."""
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def replace_table(page: str, written: str) -> str:
    """Return the page with this table in place of the one with its head. Raises ValueError without one."""
    head = written.partition("\n")[0] + "\n"
    start = page.index(head)
    rows = page[start:].splitlines(keepends=True)
    old = "".join(takewhile(lambda row: row.startswith("|"), rows))
    return page[:start] + written + page[start + len(old) :]
