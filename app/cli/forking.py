"""What `hypofind fork`, `compare` and `note` do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from agents import Report, Run
from app.errors import InputError
from app.history import find_run
from app.jobs.job import now
from app.notes import NewNote, Note, NoteKind, add_note, read_notes
from app.settings import load_settings
from app.settings.explain import explain
from app.settings.sections import INHERITED

LOCAL = "local"


def inherit(
    name: str, changed: Mapping[str, object], out: Path | None, settings: Path | None
) -> tuple[Run, dict[str, object]]:
    """Return the parent, and the settings of its fork. Raises RunError.

    Args:
        name: of the parent, or its folder.
        changed: what the fork has otherwise, by the setting's name; None: as the parent.
        out: the folder of runs, where it is not that of the settings.
        settings: a settings file.
    """
    parent = find_run(load_settings({"paths": {"runs": out}}, settings).paths.runs, name)
    had = parent.record.settings
    given = {key: value for key, value in changed.items() if value is not None}
    return parent, {key: getattr(had, key) for key in INHERITED} | given


def read_report(name: str, settings: Path | None) -> Report:
    """Return a run's report. Raises RunError, or InputError for a run without a report."""
    run = find_run(load_settings(file=settings).paths.runs, name)
    report = run.report()
    if report is None:
        raise InputError(f"run {run.id} has no report yet: hypofind ask --resume {run.id} finishes it")
    return report


def keep_note(name: str, text: str, kinds: Sequence[str], settings: Path | None) -> list[Note]:
    """Write the text down, if there is one, and return all that was said of the run.

    Raises RunError, TooManyNotes, or InputError for a text that is none.
    """
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
