"""The one workshop that all jobs share: opened in the background, or when first needed."""

import threading
from contextlib import ExitStack
from dataclasses import replace

from agents import AgentsError, Pins
from app.errors import AppError
from app.health.finding import Finding, State
from app.settings import Settings
from app.work import Workshop, open_workshop
from physh import PhyshError
from retrieval import RetrievalError
from tools.runner import Runner

WHAT = "workshop"
MEGABYTE = 1e6
FORESEEN = (AppError, AgentsError, PhyshError, RetrievalError, OSError)


class SharedWorkshop:
    """Thread-safe. `close` ends what it started, an embedded model's server for instance."""

    def __init__(self, settings: Settings, runner: Runner) -> None:
        """`runner` computes the tools of every run."""
        self._settings, self._runner, self._lock = settings, runner, threading.Lock()
        self._parts = ExitStack()
        self._open: Workshop | None = None
        self._doing, self._failed = "not opened yet", False
        self._fault: str | None = None

    def begin(self) -> None:
        """In the background. What goes wrong is told by `finding`, and tried again when it is needed."""

        def attempt() -> None:
            try:
                self.get()
            except FORESEEN:
                return

        threading.Thread(target=attempt, daemon=True, name="opens the workshop").start()

    @property
    def ready(self) -> Workshop | None:
        return self._open

    def get(self) -> Workshop:
        """Waits until it is open. Raises what opening it raises."""
        with self._lock:
            if self._open is None:
                try:
                    opening = open_workshop(self._settings, Pins(), self._settings.run.perspectives, self)
                    self._open = replace(self._parts.enter_context(opening), runner=self._runner)
                except FORESEEN as error:
                    self._failed, self._doing = True, " ".join(str(error).split())
                    raise
                self._failed = False
            return self._open

    def answered(self, fault: str | None = None) -> None:
        """Note whether the model answered the last run, for `finding`."""
        self._fault = fault

    def close(self) -> None:
        with self._lock:
            self._open = None
            self._parts.close()

    @property
    def finding(self) -> Finding:
        if self._open and self._fault:
            found = f"the model did not answer the last question: {self._fault}"
            return Finding(what=WHAT, state=State.MISSING, found=found, mend="hypofind doctor")
        if self._open:
            names = ", ".join(sorted({endpoint.name for endpoint in self._open.endpoints.values()}))
            return Finding(what=WHAT, state=State.OK, found=f"models: {names}")
        if self._failed:
            return Finding(what=WHAT, state=State.MISSING, found=self._doing, mend="hypofind doctor")
        return Finding(what=WHAT, state=State.WARN, found=f"{self._doing} …")

    # ---- it watches itself being opened

    def doing(self, what: str) -> None:
        self._doing = what

    def download(self, what: str, done: int, total: int) -> None:
        self._doing = f"{what}: {done / MEGABYTE:,.1f} of {total / MEGABYTE:,.1f} MB"

    def embedded(self, what: str, done: int, total: int) -> None:
        self._doing = f"{what}: {done:,} of {total:,} texts"
