"""The work of `hypofind read`, apart from its options."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from app.cli.exit_codes import Exit
from app.cli.output import console, notice, print_json, print_table
from app.errors import InputError
from app.papers import Line, Paper, find_form, open_chat, open_papers, read_papers, write_table
from tools.reading import Form
from tools.reading.schema import LONGEST

INPUT = "-"


def answer(
    files: list[str], schema: str, *, model: str | None, base_url: str | None, out: Path | None,
    table: Path | None, rdf: Path | None, journal: Path | None, json: bool, settings: Path | None,
) -> Exit:  # fmt: skip
    """Read all files; papers that cannot be read are told and skipped. Raises InputError if none can."""
    from app.cli.progress import show_progress
    from app.settings import load_settings

    form = find_form(schema)
    _check(out, table, rdf)
    papers = _papers(files)
    with ExitStack() as stack:
        chat = None
        if model or base_url:
            loaded = load_settings({"model": {"name": model, "base_url": base_url}}, settings)
            progress = stack.enter_context(show_progress())
            chat = stack.enter_context(open_chat(loaded, progress, journal))
        lines = read_papers(
            papers, form, chat, out, lambda line, known: _tell(line, form, json=json, known=known)
        )
        for failure in getattr(chat, "failed", ()):
            notice(failure)
    _write(lines, form, table, rdf)
    if not any(line.result for line in lines):
        raise InputError("none of these could be read: the reasons are above")
    return Exit.DONE


def _check(out: Path | None, table: Path | None, rdf: Path | None) -> None:
    """Check before anything is read that what is made can be written."""
    for path, endings in ((out, (".jsonl",)), (table, (".csv", ".parquet")), (rdf, (".ttl",))):
        if path is not None and path.suffix not in endings:
            raise InputError(f"{path.name} must end in {' or '.join(endings)}")
        if path is not None and not path.absolute().parent.is_dir():
            raise InputError(f"there is no folder {path.parent}")


def _papers(files: list[str]) -> Iterator[Paper]:
    if INPUT in files:
        if files != [INPUT]:
            raise InputError('"-" must be the only source: the text comes from standard input')
        raw = sys.stdin.buffer.read(4 * LONGEST + 1)
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            raise InputError(
                f"standard input is not UTF-8 (at byte {error.start + 1}): convert it"
            ) from error
        return iter([Paper("standard input", text)])
    return open_papers(map(Path, files))


def _tell(line: Line, form: Form, *, json: bool, known: bool) -> None:
    if line.problem:
        notice(f"{line.source}: {line.problem}")
    elif json:
        print_json(line.model_dump(mode="json"))
    elif line.result is not None:
        from app.cli.output import clean
        from tools.reading.viewing import TOLD, view
        from tools.views import Sentences, Table

        console().print(
            clean(f"{line.source}{' (read before)' if known else ''}"), style="bold", soft_wrap=True
        )
        for block in view(line.result):
            if isinstance(block, Sentences):
                for text in block.texts:
                    console().print(clean(text), soft_wrap=True)
            elif isinstance(block, Table):
                if block.title != TOLD:
                    console().print(f"\n{block.title}", style="bold")
                print_table(
                    block.columns, block.rows, flexible="Quote" if block.title == TOLD else block.columns[-1]
                )
        if not line.result.records:
            console().print(f"The text says nothing of {form.name}.")


def _write(lines: list[Line], form: Form, table: Path | None, rdf: Path | None) -> None:
    if table is not None:
        notice(f"{write_table(lines, form, table):,} rows in {table}")
    if rdf is not None:
        from app.papers_graph import write_turtle

        notice(f"{write_turtle(lines, form, rdf):,} triples in {rdf}")
