"""hypofind read: papers into records, every value with its quote."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.input import read_all
from app.cli.output import clean, console, notice, print_json, print_table
from app.cli.progress import show_progress
from app.errors import InputError

if TYPE_CHECKING:
    from app.papers import PaperLine, PaperText
    from tools.reading import Form

INPUT = "-"  # the only source, where it is one


def read(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help='PDF, text, Markdown, BibTeX, RIS, or folders of them; "-" reads text.'
        ),
    ],
    *,
    schema: Annotated[
        str,
        typer.Option(
            help="doping, measurements, synthesis, perovskite_cell, or a .json file with a JSON schema."
        ),
    ] = "measurements",
    model: Annotated[
        str | None,
        typer.Option(
            help='Read with this chat model; "embedded" needs nothing else and reads worse than none. '
            "Default: none."
        ),
    ] = None,
    base_url: options.BaseUrl = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON Lines, one a paper; what stands there is not read again."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Records as rows: .csv (for hypofind laws) or .parquet."),
    ] = None,
    rdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Records as Turtle, with PhySH concepts and quotes.")
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the chat model's answers, and use those kept before."),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Read papers into records: by rules and a small tagger, or by a chat model; quotes are checked."""
    from app.papers import find_form, open_chat, read_papers
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


def _papers(files: list[str]) -> "Iterator[PaperText]":
    from app.papers import PaperText, open_papers
    from tools.reading.schema import LONGEST

    if INPUT in files:
        if files != [INPUT]:
            raise InputError('"-" must be the only source: the text comes from standard input')
        return iter([PaperText("standard input", read_all(4 * LONGEST + 1))])
    return open_papers(map(Path, files))


def _tell(line: "PaperLine", form: "Form", *, json: bool, known: bool) -> None:
    if line.problem:
        notice(f"{line.source}: {line.problem}")
    elif json:
        print_json(line.model_dump(mode="json"))
    elif line.result is not None:
        from tools.reading.tool import TOLD, view
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


def _write(lines: "list[PaperLine]", form: "Form", table: Path | None, rdf: Path | None) -> None:
    from app.papers import write_table

    if table is not None:
        notice(f"{write_table(lines, form, table):,} rows in {table}")
    if rdf is not None:
        from app.papers_graph import write_turtle

        notice(f"{write_turtle(lines, form, rdf):,} triples in {rdf}")
