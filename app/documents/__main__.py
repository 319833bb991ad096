"""Write the generated pages, and tables inside others, into docs/: `python -m app.documents [FOLDER]`."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from app.documents.gallery import write_gallery
from app.documents.reference import (
    replace_table,
    write_assistant_tools,
    write_commands,
    write_errors,
    write_operations,
)
from app.settings import reference
from app.tools import list_tools_in_markdown


def write_pages() -> Iterator[tuple[str, str]]:
    """Yield the path below docs/ and the text of every generated page and figure."""
    yield "reference/commands.md", write_commands()
    yield "reference/rest.md", write_operations()
    yield "reference/mcp.md", write_assistant_tools()
    yield "reference/errors.md", write_errors()
    for name, text in write_gallery():
        yield f"gallery/{name}", text


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app.documents", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(__file__).parents[2] / "docs", help="default: docs/"
    )
    write_documents(parser.parse_args().folder)


def write_documents(folder: Path) -> None:
    """Write every generated page, and the tables of those pages of the folder that hold one."""
    for name, text in write_pages():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, written in (("settings.md", reference.render()), ("evidence.md", list_tools_in_markdown())):
        if (folder / name).exists():
            text = (folder / name).read_text(encoding="utf-8")
            (folder / name).write_text(replace_table(text, written), encoding="utf-8")


if __name__ == "__main__":
    main()
