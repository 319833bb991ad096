"""Reports that have to be made again, since a person marked a hypothesis: one thread, each run once."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("hypofind")


class Recounts:
    """Thread-safe. A hundred marks of a run that come while it waits are one recount."""

    def __init__(self, recount: Callable[[str], None]) -> None:
        self._recount = recount
        self._wanted: dict[str, None] = {}  # in the order of asking
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, run: str) -> None:
        with self._changed:
            self._wanted[run] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="counts marks")
                self._thread.start()
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._wanted))
                run = next(iter(self._wanted))
                del self._wanted[run]  # a mark that comes from here on is counted in another round
            try:
                self._recount(run)
            except Exception:  # the thread serves the next run whatever befell this one
                log.exception("the marks of run %s are kept and not yet counted", run)
