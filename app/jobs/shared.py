"""The one runtime that all jobs share: opened in the background, or when first needed."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from agents import AgentsError, Pins
from app.errors import AppError
from app.health.finding import FindingState, HealthFinding
from app.runtime import Runtime, open_runtime
from app.settings import Settings
from physh import PhyshError
from retrieval import RetrievalError
from tools.runner import RunsTools

WHAT = "workshop"
MEGABYTE = 1e6
FORESEEN = (AppError, AgentsError, PhyshError, RetrievalError, OSError)


class SharedRuntime:
    """Thread-safe. `close` ends what it started, an embedded model's server for instance."""

    def __init__(
        self, settings: Settings, runner: RunsTools, tell: Callable[[HealthFinding, bool], None]
    ) -> None:
        """`runner` computes the tools of every run; `tell` hears how it stands, and whether it is open."""
        self._settings, self._runner, self._tell = settings, runner, tell
        self._lock = threading.Lock()
        self._parts = ExitStack()
        self._open: Runtime | None = None

    def begin(self) -> None:
        """In the background. What goes wrong is told, and tried again when it is needed."""

        def attempt() -> None:
            try:
                self.get()
            except FORESEEN:
                return

        threading.Thread(target=attempt, daemon=True, name="opens the workshop").start()

    def get(self) -> Runtime:
        """Waits until it is open. Raises what opening it raises."""
        with self._lock:
            if self._open is None:
                try:
                    opening = open_runtime(self._settings, Pins(), self._settings.run.perspectives, self)
                    self._open = replace(self._parts.enter_context(opening), runner=self._runner)
                except FORESEEN as error:
                    found = " ".join(str(error).split())
                    self._tell(
                        HealthFinding(
                            what=WHAT, state=FindingState.MISSING, found=found, mend="hypofind doctor"
                        ),
                        False,
                    )
                    raise
                self.answered()
            return self._open

    def answered(self, fault: str | None = None) -> None:
        """Tell whether the model answered the last run."""
        assert self._open is not None  # noqa: S101 - something was answered in it
        if fault:
            found = f"the model did not answer the last question: {fault}"
            self._tell(
                HealthFinding(what=WHAT, state=FindingState.MISSING, found=found, mend="hypofind doctor"),
                True,
            )
        else:
            names = ", ".join(sorted({endpoint.name for endpoint in self._open.endpoints.values()}))
            self._tell(HealthFinding(what=WHAT, state=FindingState.OK, found=f"models: {names}"), True)

    def close(self) -> None:
        with self._lock:
            self._open = None
            self._parts.close()

    # ---- it watches itself being opened

    def doing(self, what: str) -> None:
        self._tell(HealthFinding(what=WHAT, state=FindingState.WARN, found=f"{what} …"), False)

    def download(self, what: str, done: int, total: int) -> None:
        self.doing(f"{what}: {done / MEGABYTE:,.1f} of {total / MEGABYTE:,.1f} MB")

    def embedded(self, what: str, done: int, total: int) -> None:
        self.doing(f"{what}: {done:,} of {total:,} texts")
