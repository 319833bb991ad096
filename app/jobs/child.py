"""One process that has the workshop: a thread starts and hears it, another writes to it.

It dies with the thread that started it, and nobody who says something to it waits for its reading.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from threading import Thread
from typing import Final

from app.jobs.errors import WorkshopEnded
from app.jobs.messages import SAID, CancelWork, Order, Said, ToolAnswer
from app.settings import Settings
from tools.processes import environment

SERVE: Final = "from app.jobs.at_work import serve; serve()"
HEAPS: Final = {"MALLOC_ARENA_MAX": "2"}
"""Each run has threads of its own, and glibc would keep a heap for each."""
CLOSES_S: Final = 5.0
log = logging.getLogger("hypofind")


class Child:
    """Begun when it is made. Raises WorkshopEnded where it cannot be."""

    def __init__(
        self,
        settings: Settings,
        heard: "Callable[[Child, Said], None]",
        ended: "Callable[[Child, int], None]",
    ) -> None:
        """`heard` is given what it says, `ended` how it ended; both in the thread that hears it."""
        self._heard, self._ended = heard, ended
        self._to_say: SimpleQueue[Settings | Order | CancelWork | ToolAnswer | _Nothing | None] = (
            SimpleQueue()
        )
        self._to_say.put(settings)
        begun: Future[subprocess.Popen[bytes]] = Future()
        Thread(target=self._run, args=(begun,), daemon=True, name="hears the workshop").start()
        self._process = begun.result()

    def say(self, said: Order | CancelWork | ToolAnswer) -> None:
        """Soon; where it ends before, `ended` tells."""
        self._to_say.put(said)

    def dismiss(self) -> None:
        """Let it end."""
        self._to_say.put(None)

    def close(self) -> None:
        """Let it end what it started, for some seconds."""
        self.dismiss()
        _end(self._process)

    def _run(self, begun: Future[subprocess.Popen[bytes]]) -> None:
        ours, theirs = Pipe()
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                # -P: nothing in the folder where a service was started may pass for ours
                [sys.executable, "-P", "-c", SERVE, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=environment() | HEAPS,
                stdin=subprocess.DEVNULL,
            )
        except OSError as error:
            ours.close()
            begun.set_exception(WorkshopEnded(f"the process that answers cannot be started: {error}"))
            return
        finally:
            theirs.close()
        begun.set_result(process)
        writing = Thread(target=self._write, args=(ours,), daemon=True, name="writes to the workshop")
        writing.start()
        try:
            while (line := _next(ours)) is not None:
                self._heard(self, SAID.validate_json(line))
        except Exception:
            log.exception("what the workshop says cannot be understood: its process is begun again")
            process.kill()
        code = _end(process)
        self._to_say.put(_NOTHING)
        writing.join()
        ours.close()
        self._ended(self, code)

    def _write(self, connection: Connection) -> None:
        """Until it has ended; what cannot be said any more is dropped."""
        while (said := self._to_say.get()) is not _NOTHING:
            with suppress(OSError):
                connection.send(said)


class _Nothing:
    """Nothing more will be said."""


_NOTHING: Final = _Nothing()


def _next(connection: Connection) -> bytes | None:
    """Wait for what it says next; None once it has ended."""
    try:
        return connection.recv_bytes()
    except (EOFError, OSError):
        return None


def _end(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(CLOSES_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
