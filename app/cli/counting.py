"""How far a long list is, on standard error: a bar at a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Protocol

from app.cli.output import clean, notice
from app.cli.progress import EVERY_S


class Counter(Protocol):
    """Shows a count until it is hidden, for output or for good."""

    def show(self, done: int) -> None: ...

    def hide(self) -> None: ...


def count(what: str, total: int | None) -> Counter:
    """Move the bar on; without a total it only moves."""
    return Bar(what, total) if sys.stderr.isatty() else CountLines(what, total)


class CountLines:
    """For logs and pipes: nothing for what is quick."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._total = what, total
        self._due = time.monotonic() + EVERY_S

    def show(self, done: int) -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_S
            notice(f"{self._what}: {done:,}" + (f" of {self._total:,}" if self._total else ""))

    def hide(self) -> None:
        """Take the bar away; a line stays where it is."""


class Bar:
    """For a terminal."""

    def __init__(self, what: str, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(
            TextColumn("{task.description}"), *columns,
            console=Console(stderr=True, markup=False), transient=True, redirect_stdout=False,
        )  # fmt: skip
        self._task = self._bars.add_task(clean(what), total=total)

    def show(self, done: int) -> None:
        self._bars.update(self._task, completed=done)
        self._bars.start()

    def hide(self) -> None:
        self._bars.stop()
