"""Progress that redraws itself: bars for what takes long, a line for each perspective."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live as Screen
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from agents.model import Event, EventKind
from agents.run.events import Ended, Happening, Joined, Noticed, Planned, Progressed
from agents.schema import Perspective
from app.cli.output import clean, ending, told

REDRAWS_PER_S = 5
KEY, STATE, TOKENS = 3, 26, 13  # columns; who speaks gets the rest


@dataclass
class PerspectiveRow:
    """Where one perspective is."""

    perspective: Perspective
    state: str = "waits"
    tokens: int = 0  # of finished calls
    streaming: int = 0  # of the call under way


class Live:
    """A context manager: the lines stay on the screen when it ends."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._downloads = self._make_bars(DownloadColumn(), TransferSpeedColumn())
        self._texts = self._make_bars(MofNCompleteColumn(), TextColumn("texts"))
        self._stages = self._make_bars(MofNCompleteColumn())
        self._tasks: dict[str, TaskID] = {}
        self._rows: dict[str, PerspectiveRow] = {}
        self._doing: Spinner | None = None
        self._screen = Screen(
            get_renderable=self._draw, console=self._console, refresh_per_second=REDRAWS_PER_S
        )

    def __enter__(self) -> Self:
        self._screen.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._doing = None
        self._screen.stop()

    def _make_bars(self, *columns: ProgressColumn) -> Bars:
        return Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            *columns,
            TimeRemainingColumn(),
            console=self._console,
        )

    def doing(self, what: str) -> None:
        self._doing = Spinner("dots", Text(clean(what)))

    def download(self, what: str, done: int, total: int) -> None:
        self._count(self._downloads, what, done, total)

    def embedded(self, what: str, done: int, total: int) -> None:
        self._count(self._texts, what, done, total)

    def _count(self, bars: Bars, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = bars.add_task(clean(what), total=total or None)
        bars.update(self._tasks[what], completed=done, total=total or None)

    def watch(self, event: Happening) -> None:
        match event:
            case Noticed(text):
                self._console.print(clean(text), soft_wrap=True)
            case Planned(plan):
                self._doing = None
                self._rows = {
                    perspective.key: PerspectiveRow(perspective) for perspective in plan.perspectives
                }
            case Joined(perspective):
                self._rows[perspective.key] = PerspectiveRow(perspective)
            case Event():
                self._call(event)
            case Ended(outcome):
                self._rows[outcome.perspective.key].state = ending(outcome)
            case Progressed(stage, done, total):
                self.progressed(stage, done, total)

    def progressed(self, stage: str, done: int, total: int) -> None:
        self._count(self._stages, stage, done, total)

    def _call(self, event: Event) -> None:
        row = self._rows.get(event.who.partition("/")[0])
        if row is None:
            return
        if event.kind is EventKind.TOKENS:
            row.state, row.streaming = f"{event.step} writes", event.tokens
            return
        row.state, row.streaming = told(event) or row.state, 0
        row.tokens += event.tokens

    def _draw(self) -> Group:
        table = Table(box=None, show_header=False, pad_edge=False, expand=True)
        table.add_column(no_wrap=True, min_width=KEY)
        table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
        table.add_column(no_wrap=True, width=STATE, overflow="ellipsis")
        table.add_column(no_wrap=True, min_width=TOKENS, justify="right")
        for key, row in self._rows.items():
            who = f"{row.perspective.role} / {row.perspective.narrow.label}"
            table.add_row(
                key, Text(clean(who)), Text(clean(row.state)), f"{row.tokens + row.streaming:,} tokens"
            )
        bars = [bars for bars in (self._downloads, self._texts) if bars.tasks]
        stages = self._stages if self._stages.tasks else None
        parts = [*bars, self._doing, table if self._rows else None, stages]
        return Group(*(part for part in parts if part))
