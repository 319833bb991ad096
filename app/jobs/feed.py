"""A run's events: a file that only grows, one writer, and readers who each keep their own place in it.

Nobody is pushed anything. A reader takes what is there and waits for more, so that a slow one costs its own
connection's buffer, holds up no run, and misses nothing.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from pydantic import ValidationError

from app.jobs.events import EVENTS, RunEvent, StateEvent
from app.jobs.progress import JobProgress, ProgressTracker
from app.jobs.state import RunState

FILE = "events.jsonl"
CHUNK = 1 << 16  # bytes that a reader takes at once
Make = Callable[[int, datetime], RunEvent]
"""Makes an event of its id and time."""


class Feed:
    """The writer's side, and who waits for it. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._tally = ProgressTracker()
        self._last, self._size, self._unwritten = 0, 0, b""
        self._ended, self._cuts = False, 0
        self._waiting: set[Callable[[], None]] = set()
        for line, event in _whole_lines(path):
            self._size += len(line)
            if event is not None:
                self._note(event)
                self._ended = _is_end(event)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def size(self) -> int:
        """Bytes of whole events on disk."""
        return self._size

    @property
    def cuts(self) -> int:
        """How often somebody deleted or cut the file meanwhile: places in it mean nothing any more."""
        return self._cuts

    @property
    def ended(self) -> bool:
        return self._ended

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self._last

    @property
    def progress(self) -> JobProgress:
        with self._lock:
            return self._tally.progress

    def read(self) -> list[RunEvent]:
        """Return all events that are on disk; damaged ones are left out."""
        return [event for _, event in _whole_lines(self._path) if event is not None]

    def add(self, make: Make) -> None:
        """Write an event down and wake who waits. Nothing follows a run's end but that it is queued again.

        A full disk delays events and harms no run.
        """
        with self._lock:
            event = make(self._last + 1, datetime.now(UTC))
            if self._ended and not (isinstance(event, StateEvent) and event.state is RunState.QUEUED):
                return
            self._note(event)
            self._unwritten += event.model_dump_json().encode() + b"\n"
            self._write()
            self._ended = _is_end(event)  # only now: who has read to the file's end would go before
            waiting = list(self._waiting)
        for wake in waiting:
            wake()

    def _note(self, event: RunEvent) -> None:
        self._last = event.id
        self._tally.add(event)

    def _write(self) -> None:
        with contextlib.suppress(OSError):  # tried again with the next event
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if (left := _whole_size(self._path, self._size)) < self._size:
                self._size, self._cuts = left, self._cuts + 1
            with self._path.open("r+b" if self._path.exists() else "w+b") as file:
                file.truncate(self._size)
                file.seek(self._size)
                file.write(self._unwritten)
            self._size, self._unwritten = self._size + len(self._unwritten), b""

    @contextlib.contextmanager
    def listening(self, wake: Callable[[], None]) -> Iterator[None]:
        """Calls `wake` after every event, in the writer's thread."""
        with self._lock:
            self._waiting.add(wake)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.discard(wake)


class FeedReader:
    """One reader's place in a feed. Belongs to one event loop."""

    def __init__(self, feed: Feed, after: int) -> None:
        self._feed, self._after, self._offset = feed, after, 0
        self._last, self._cuts = after, feed.cuts
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def take(self) -> list[RunEvent]:
        """What has come since, at most a chunk of it."""
        events: list[RunEvent] = []
        while not events:
            lines = self._read()
            if not lines:
                break
            self._offset += sum(map(len, lines))
            events = [event for line in lines if (event := _read(line)) and event.id > self._after]
        self._last = events[-1].id if events else self._last
        return events

    @property
    def is_done(self) -> bool:
        """Whether everything was taken, and nothing will follow."""
        return self._feed.ended and self._cuts == self._feed.cuts and self._offset >= self._feed.size

    async def wait(self, seconds: float) -> bool:
        """Whether there may be more; False after so long a silence."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        with self._feed.listening(self._wake):
            yield

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._news.set)

    def _read(self) -> list[bytes]:
        """Whole lines. One longer than a chunk, a plan of twenty perspectives, is read to its end."""
        if self._cuts != self._feed.cuts:
            self._cuts, self._offset, self._after = self._feed.cuts, 0, self._last
        there = self._feed.size - self._offset
        if there <= 0:
            return []
        try:
            with self._feed.path.open("rb") as file:
                file.seek(self._offset)
                chunk = file.read(min(CHUNK, there))
                if not chunk.endswith(b"\n"):
                    chunk += file.readline()
        except FileNotFoundError:  # until the next event is written
            return []
        return [line + b"\n" for line in chunk.split(b"\n")[:-1]]


class Feeds:
    """One feed a run, as long as somebody holds it."""

    def __init__(self, runs: Path) -> None:
        self._runs, self._lock = runs, threading.Lock()
        self._open: WeakValueDictionary[str, Feed] = WeakValueDictionary()

    def get(self, run: str) -> Feed:
        with self._lock:
            feed = self._open.get(run)
            if feed is None:
                feed = self._open[run] = Feed(self._runs / run / FILE)
            return feed


def _is_end(event: RunEvent) -> bool:
    return isinstance(event, StateEvent) and event.state.is_final


def _whole_size(path: Path, size: int) -> int:
    """Return where new lines belong in a file of this size, or in what somebody has left of it."""
    if not path.exists():
        return 0
    return size if path.stat().st_size >= size else path.read_bytes().rfind(b"\n") + 1


def _whole_lines(path: Path) -> Iterator[tuple[bytes, RunEvent | None]]:
    """Yield all lines but a last one that was cut off; an event is None where its line is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    for line in content.split(b"\n")[:-1]:
        yield line + b"\n", _read(line)


def _read(line: bytes) -> RunEvent | None:
    try:
        return EVENTS.validate_json(line)
    except ValidationError:
        return None
