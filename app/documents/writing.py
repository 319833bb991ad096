"""What the generated pages share."""

from collections.abc import Iterable

NOTE = "<!-- Written by `python -m app.documents`: change the code, not this page. -->\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; a vertical bar inside a cell is escaped."""
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
