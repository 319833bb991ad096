"""hypofind ask: a question becomes a report in a folder, in a new run or a resumed one."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.input import read_question
from app.cli.output import notice
from app.cli.progress import RunProgress, show_progress
from app.cli.report import print_brief, print_report, report_exit
from app.errors import InputError
from app.program import program

if TYPE_CHECKING:
    from agents import Pins, Report, Run
    from agents.run import Parent
    from app.runtime import Runtime
    from app.settings import Settings
    from app.settings.layers import Flags

FIXED = ("perspectives", "seed", "sources", "matches", "children", "test_seconds")  # of a run that has begun


def ask(
    question: Annotated[
        str | None, typer.Argument(help='The question; "-" reads it from standard input.')
    ] = None,
    *,
    perspectives: options.Perspectives = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    role: options.Roles = None,
    framework: options.Frameworks = None,
    discipline: options.Disciplines = None,
    search: options.Sources = None,
    matches: options.Matches = None,
    children: options.Children = None,
    test_seconds: options.TestSeconds = None,
    budget_tokens: options.BudgetTokens = None,
    budget_usd: options.BudgetUsd = None,
    concurrency: options.Concurrency = None,
    seed: options.Seed = None,
    out: options.Out = None,
    resume: options.Resume = None,
    full: options.Full = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> int:
    """Answer a question with ranked, testable hypotheses."""
    flags: dict[str, dict[str, object]] = {
        "model": {"name": model, "base_url": base_url},
        "run": {
            "perspectives": perspectives,
            "sources": search,
            "matches": matches,
            "children": children,
            "test_seconds": test_seconds,
            "concurrency": concurrency,
            "seed": seed,
            "budget_tokens": budget_tokens,
            "budget_usd": budget_usd,
        },
        "paths": {"runs": out},
    }
    pins = {"roles": role or (), "frameworks": framework or (), "disciplines": discipline or ()}
    return answer(AskOptions(question, resume, pins, flags, settings), full=full, json=json)


class AskOptions(NamedTuple):
    """The command line, sorted."""

    question: str | None
    resume: str | None
    pins: Mapping[str, Sequence[str]]
    flags: "Flags"
    settings: Path | None
    parent: "Parent | None" = None


def answer(given: AskOptions, *, full: bool, json: bool) -> Exit:
    """Begin or resume a run, print its report in brief or whole, and tell where it is and how to go on."""
    from app.settings import load_settings

    settings = load_settings(given.flags, given.settings)
    with show_progress() as progress:
        run, report = (
            _resume(given, settings, progress) if given.resume else _begin(given, settings, progress)
        )
    from agents.schema import Status
    from app.exports import EXPORTERS

    if full or json:
        print_report(report, json=json)
    else:
        print_brief(report)
    notice(f"{report.status}; the whole report is in {run.folder.resolve()} in {len(EXPORTERS)} formats")
    if report.status is not Status.COMPLETE:
        notice(f"to go on: {_resume_command(given, run)}")
    return report_exit(report)


def _begin(given: AskOptions, settings: "Settings", progress: RunProgress) -> "tuple[Run, Report]":
    from app.runtime import open_runtime

    if given.question is None:
        raise InputError(f"a question is missing: {program()} ask 'Why …?', or {program()} ask - to read it")
    question = read_question(given.question)
    pins = _read_pins(given)
    with open_runtime(settings, pins, settings.run.perspectives, progress) as runtime:
        run = runtime.begin(question, pins, parent=given.parent)
        return run, _finish(runtime, run, given, progress)


def _read_pins(given: AskOptions) -> "Pins":
    from pydantic import ValidationError

    from agents import Pins
    from app.settings.explain import explain

    try:
        return Pins.model_validate({name: tuple(values) for name, values in given.pins.items()})
    except ValidationError as error:
        raise InputError(explain(error)) from error


def _resume(given: AskOptions, settings: "Settings", progress: RunProgress) -> "tuple[Run, Report]":
    from app.history import find_run
    from app.runtime import open_runtime

    fixed = [name for name, values in given.pins.items() if values]
    fixed += [name for name in FIXED if given.flags["run"].get(name) is not None]
    if given.question is not None or fixed:
        what = ", ".join((["the question"] if given.question is not None else []) + fixed)
        raise InputError(f"--resume goes on with the run as it was asked: leave out {what}")
    run = find_run(settings.paths.runs, given.resume or "")
    begun = run.record.settings
    with open_runtime(settings, begun.pins, begun.perspectives, progress) as runtime:
        return run, _finish(runtime, run, given, progress)


def _finish(runtime: "Runtime", run: "Run", given: AskOptions, progress: RunProgress) -> "Report":
    from agents import AgentsError
    from app.failures import GO_ON

    try:
        return runtime.finish(run, progress.watch)
    except AgentsError as error:
        error.add_note(f"{GO_ON}{_resume_command(given, run)}")
        raise


def _resume_command(given: AskOptions, run: "Run") -> str:
    """Return the command that goes on with the run; it names the model, with which a run stays."""
    model = given.flags["model"]
    flags = {
        "--model": model.get("name"),
        "--base-url": model.get("base_url"),
        "--settings": given.settings,
    }
    named = [part for name, value in flags.items() if value for part in (name, str(value))]
    return f"{program()} {shlex.join(['ask', '--resume', str(run.folder.resolve()), *named])}"
