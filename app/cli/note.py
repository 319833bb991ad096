"""hypofind note: what people say of a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import clean, print_json
from app.errors import InputError

if TYPE_CHECKING:
    from app.notes import Note

LOCAL = "local"  # says what is said without a key


def note(
    run: options.RunName,
    text: Annotated[str, typer.Argument(help="What you have to say; nothing lists what was said.")] = "",
    *,
    name: Annotated[bool, typer.Option("--name", help="The text is the run's name.")] = False,
    tag: Annotated[bool, typer.Option("--tag", help="The text is a tag.")] = False,
    untag: Annotated[bool, typer.Option("--untag", help="Take this tag off.")] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Name or tag a run, or write a note beside it. Nothing that was written is changed."""
    kinds = [kind for kind, given in (("name", name), ("tag", tag), ("untag", untag)) if given]
    notes = _keep_note(run, text, kinds, settings)
    if json:
        print_json([one.model_dump(mode="json") for one in notes])
        return
    for one in notes:
        typer.echo(clean(f"{one.at:%Y-%m-%d %H:%M} {one.by} {one.kind}: {one.text}"))


def _keep_note(name: str, text: str, kinds: Sequence[str], settings: Path | None) -> "list[Note]":
    """Write the text down, if there is one, and return all that was said of the run.

    Raises RunError, TooManyNotes, or InputError for a text that is none.
    """
    from pydantic import ValidationError

    from app.history import find_run
    from app.jobs.job import now
    from app.notes import NewNote, Note, NoteKind, add_note, read_notes
    from app.settings import load_settings
    from app.settings.explain import explain

    folder = find_run(load_settings(file=settings).paths.runs, name).folder
    if len(kinds) > 1:
        raise InputError(f"a text is a {' or a '.join(kinds)}: leave all but one of them out")
    if kinds and not text:
        raise InputError(f"a {kinds[0]} has a text: write it behind the run")
    if text:
        try:
            given = NewNote(kind=NoteKind(kinds[0]) if kinds else NoteKind.NOTE, text=text)
        except ValidationError as error:
            raise InputError(explain(error)) from error
        add_note(folder, Note(kind=given.kind, text=given.text, by=LOCAL, at=now()))
    return read_notes(folder)
