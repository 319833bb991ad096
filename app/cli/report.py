"""A report on standard output, and what it means for the exit code."""

import sys
from typing import TYPE_CHECKING

from app.cli.exit_codes import Exit
from app.cli.output import console

if TYPE_CHECKING:
    from agents.schema import Failure, Report

WIDEST = 110  # columns: longer lines of prose are hard to read


def report_exit(report: "Report") -> Exit:
    from agents.schema import Status

    codes = {
        Status.COMPLETE: Exit.DONE,
        Status.PARTIAL: Exit.DONE,
        Status.BUDGET: Exit.BUDGET,
        Status.INTERRUPTED: Exit.INTERRUPTED,
        Status.FAILED: Exit.FAILED,
    }
    if report.status is Status.PARTIAL and any(
        _is_unanswered(report, failure) for failure in report.failures
    ):
        return Exit.MODEL
    return codes[report.status]


def _is_unanswered(report: "Report", failure: "Failure") -> bool:
    """Return whether no model answered the step that failed; an unreadable answer is an answer."""
    who = failure.perspective.key
    return not any(c.step == failure.step and c.who.partition("/")[0] == who for c in report.calls)


def print_brief(report: "Report") -> None:
    """Print what a person needs to know first: the whole report is in the run's folder."""
    from rich.text import Text

    from app.cli.brief import write_brief
    from app.cli.output import clean

    screen = console()
    for line in write_brief(report, min(screen.width, WIDEST)):
        screen.print(Text(clean(line.text), style="bold" if line.strong else ""), soft_wrap=True)


def print_report(report: "Report", *, json: bool) -> None:
    """Print the JSON export, or Markdown: drawn at a terminal, as it is into a file or a pipe."""
    from app.exports import markdown, serialization

    if json:
        sys.stdout.write(serialization.render_json(report))
        return
    text = markdown.render(report)
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.markdown import Markdown

    screen = console()
    screen.print(Markdown(text), width=min(screen.width, WIDEST))
