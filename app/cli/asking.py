"""What `hypofind ask` does: a new run or a resumed one, its report, and what to do next."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from agents import AgentsError, Pins, Report, Run
from agents.run import Parent
from agents.schema import Status
from app.cli.exit_codes import Exit
from app.cli.output import notice
from app.cli.progress import Progress, show_progress
from app.cli.reading import read_question
from app.cli.report import print_report, report_exit
from app.errors import InputError
from app.exports import EXPORTERS
from app.failures import GO_ON
from app.history import find_run
from app.program import program
from app.settings import Settings, load_settings
from app.settings.explain import explain
from app.settings.layers import Flags
from app.work import Workshop, open_workshop

FIXED = ("perspectives", "seed", "sources", "matches", "children", "test_seconds")  # of a run that has begun


@dataclass(frozen=True)
class Asked:
    """The command line, sorted."""

    question: str | None
    resume: str | None
    pins: Mapping[str, Sequence[str]]
    flags: Flags
    settings: Path | None
    parent: Parent | None = None


def answer(asked: Asked, *, json: bool) -> Exit:
    settings = load_settings(asked.flags, asked.settings)
    with show_progress() as progress:
        run, report = (
            _resume(asked, settings, progress) if asked.resume else _begin(asked, settings, progress)
        )
    print_report(report, json=json)
    notice(f"{report.status}; the report is in {run.folder.resolve()} in {len(EXPORTERS)} formats")
    if report.status is not Status.COMPLETE:
        notice(f"to go on: {_resume_command(asked, run)}")
    return report_exit(report)


def _begin(asked: Asked, settings: Settings, progress: Progress) -> tuple[Run, Report]:
    if asked.question is None:
        raise InputError(f"a question is missing: {program()} ask 'Why …?', or {program()} ask - to read it")
    question = read_question(asked.question)
    pins = _read_pins(asked)
    with open_workshop(settings, pins, settings.run.perspectives, progress) as workshop:
        run = workshop.begin(question, pins, parent=asked.parent)
        return run, _finish(workshop, run, asked, progress)


def _read_pins(asked: Asked) -> Pins:
    try:
        return Pins.model_validate({name: tuple(values) for name, values in asked.pins.items()})
    except ValidationError as error:
        raise InputError(explain(error)) from error


def _resume(asked: Asked, settings: Settings, progress: Progress) -> tuple[Run, Report]:
    given = [name for name, values in asked.pins.items() if values]
    given += [name for name in FIXED if asked.flags["run"].get(name) is not None]
    if asked.question is not None or given:
        what = ", ".join((["the question"] if asked.question is not None else []) + given)
        raise InputError(f"--resume goes on with the run as it was asked: leave out {what}")
    run = find_run(settings.paths.runs, asked.resume or "")
    begun = run.record.settings
    with open_workshop(settings, begun.pins, begun.perspectives, progress) as workshop:
        return run, _finish(workshop, run, asked, progress)


def _finish(workshop: Workshop, run: Run, asked: Asked, progress: Progress) -> Report:
    try:
        return workshop.finish(run, progress)
    except AgentsError as error:
        error.add_note(f"{GO_ON}{_resume_command(asked, run)}")
        raise


def _resume_command(asked: Asked, run: Run) -> str:
    """Return the command that goes on with the run; it names the model, with which a run stays."""
    model = asked.flags["model"]
    flags = {
        "--model": model.get("name"),
        "--base-url": model.get("base_url"),
        "--settings": asked.settings,
    }
    given = [part for name, value in flags.items() if value for part in (name, str(value))]
    return f"{program()} {shlex.join(['ask', '--resume', str(run.folder.resolve()), *given])}"
