"""How far something is, on standard error: live or a bar at a terminal, a line now and then elsewhere."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from app.cli.output import clean, ending, notice, told

if TYPE_CHECKING:
    from agents.run.events import Happening
    from agents.schema import Perspective


EVERY_S = 5.0  # between lines about one thing that takes long
MEGABYTE = 1e6


class RunProgress(Protocol):
    """Shows what is made ready for a run, and what happens in it."""

    def doing(self, what: str) -> None: ...

    def download(self, what: str, done: int, total: int) -> None: ...

    def embedded(self, what: str, done: int, total: int) -> None: ...

    def progressed(self, stage: str, done: int, total: int) -> None: ...

    def watch(self, event: "Happening") -> None: ...


@contextmanager
def show_progress() -> Iterator[RunProgress]:
    if not sys.stderr.isatty():
        yield ProgressLines()
        return
    from app.cli.live import Live

    with Live() as live:
        yield live


class ProgressLines:
    """For logs and pipes."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}  # when a count is worth a line again
        self._ended, self._all = 0, 0
        self._begun = time.monotonic()

    def download(self, what: str, done: int, total: int) -> None:
        self._count(what, done, total, megabytes(done, total))

    def embedded(self, what: str, done: int, total: int) -> None:
        self._count(what, done, total, f"{done:,} of {total:,} texts")

    def _count(self, what: str, done: int, total: int, told: str) -> None:
        now, due = time.monotonic(), self._due.get(what, 0.0)
        if not total:  # nobody knows how many there are
            if now >= due:
                self._due[what] = now + EVERY_S
                notice(f"{what}: {done:,}")
            return
        if due < math.inf and (done >= total or now >= due):
            self._due[what] = now + EVERY_S if done < total else math.inf
            notice(f"{what}: {told}")

    def doing(self, what: str) -> None:
        notice(f"{what} …")

    def watch(self, event: "Happening") -> None:
        from agents.model import Event
        from agents.run.events import Ended, Joined, Noticed, Planned, Progressed

        match event:
            case Noticed(text):
                notice(text)
            case Planned(plan):
                for perspective in plan.perspectives:
                    self._join(perspective)
            case Joined(perspective):
                self._join(perspective)
            case Event():
                if said := told(event):
                    self._tell(f"{event.who}: {said}")
            case Ended(outcome):
                self._ended += 1
                key, counted = outcome.perspective.key, f"{self._ended} of {self._all} perspectives"
                self._tell(f"{key}: {ending(outcome)} ({counted})")
            case Progressed(stage, done, total):
                self.progressed(stage, done, total)

    def progressed(self, stage: str, done: int, total: int) -> None:
        self._count(stage, done, total, f"{done} of {total}")

    def _tell(self, what: str) -> None:
        """Write it behind the minutes and seconds since the beginning: an embedded model takes minutes."""
        minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
        notice(f"{minutes}:{seconds:02} {what}")

    def _join(self, perspective: "Perspective") -> None:
        self._all += 1
        notice(f"{perspective.key}: {perspective.role} / {perspective.framework} ({perspective.distance})")


def megabytes(done: int, total: int) -> str:
    return f"{done / MEGABYTE:,.1f} of {total / MEGABYTE:,.1f} MB"


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
