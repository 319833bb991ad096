"""Measuring what an experiment planned: in a process that can be killed, from the cache where it is known."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing.connection import Pipe
from pathlib import Path
from signal import SIGPROF
from types import TracebackType
from typing import Final, Self

from tools.errors import ToolError
from tools.experiments.cache import MeasurementCache, key_of
from tools.experiments.planning import fill
from tools.experiments.schema import Experiment
from tools.experiments.worker import SERVE, Answer
from tools.instruments.contract import Instrument, Measurement, Settings
from tools.instruments.registry import instruments
from tools.processes import environment

MEMORY_MB: Final = 3000.0
"""That a measurement may use, unless its instrument declares more than a third of it."""
IMPORTS: Final = {True: 60.0, False: 5.0}
"""Seconds of a core that a first measurement may take more for imports, by whether they are an extra."""
PATIENCE: Final = 6.0
"""Times its limit that a measurement may wait for a busy machine, or do nothing at all."""
LONGEST: Final = 30.0
"""Times its declared cost that one measurement may take, but two seconds at least."""
MOST_KILLED: Final = 3
"""Processes that an experiment may cost before it is given up."""
POLL: Final = 0.1
"""Seconds between looks whether the test was cancelled."""
SAVED: Final = 2.0
"""Seconds after which finished measurements are written to the cache, so that a stopped test can go on."""


class Cancelled(ToolError):
    """Whoever asked for the test has stopped it."""


@dataclass
class MeasuredSeries:
    """What was measured, by the place of the value in the plan."""

    values: dict[int, list[Measurement]] = field(default_factory=dict)
    gaps: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    killed: int = 0

    @property
    def count(self) -> int:
        return sum(map(len, self.values.values()))

    def stopped(self, budget: float) -> str:
        """Return why no more is measured; "" where more may be."""
        if self.missing:
            return self.missing
        if self.killed >= MOST_KILLED:
            return "given up after three processes died"
        return "the budget was spent before" if self.seconds >= budget else ""

    @property
    def missing(self) -> str | None:
        """The command that installs what the instrument lacks, where that is why nothing was measured."""
        told = next((gap for gap in self.gaps.values() if "pip install" in gap), None)
        return None if self.values else told


class ExperimentRunner:
    """Measures experiments, one at a time, in one process that serves as long as it behaves."""

    def __init__(
        self,
        cache: Path | None = None,
        *,
        memory_mb: float = MEMORY_MB,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._cache, self._memory, self._cancelled = MeasurementCache(cache), memory_mb, cancelled
        self._worker: SolverWorker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run(
        self, experiment: Experiment, instrument: Instrument, *, again: int | None = None
    ) -> MeasuredSeries:
        """Measure every value and replicate that the budget allows. Raises Cancelled.

        `again`: as many measurements as were made before, on a machine that may have been faster.
        """
        budget = experiment.budget_seconds * (1 if again is None else PATIENCE)
        found = MeasuredSeries()
        tasks = list(_tasks(experiment, instrument))
        known = self._cache.load([task.key for task in tasks])
        fresh: dict[str, Measurement] = {}
        saved = time.monotonic()
        try:
            for task in tasks:
                measurement = known.get(task.key)
                if again is not None and found.count >= again:
                    found.gaps.setdefault(task.place, "it was not measured before")
                    continue
                if measurement is None and not (why := found.stopped(budget)):
                    measurement = self._measure(experiment, instrument, task, found, budget)
                    if measurement is not None:
                        fresh[task.key] = measurement
                elif measurement is None:
                    found.gaps.setdefault(task.place, why)
                if measurement is not None:
                    found.values.setdefault(task.place, []).append(measurement)
                if time.monotonic() - saved > SAVED:
                    self._cache.save(fresh)
                    fresh, saved = {}, time.monotonic()
        finally:
            self._cache.save(fresh)
        return found

    def _measure(
        self,
        experiment: Experiment,
        instrument: Instrument,
        task: "MeasurementTask",
        found: MeasuredSeries,
        budget: float,
    ) -> Measurement | None:
        """Return the value; without one, `found` says why."""
        if self._worker is None:
            self._worker = SolverWorker(max(self._memory, 3 * instrument.cost.memory_mb))
        limit = min(budget - found.seconds, max(2.0, LONGEST * instrument.cost.seconds))
        value, std, gap, seconds = self._worker.ask(
            instrument, experiment.response, task, limit, self._cancelled
        )
        found.seconds += seconds
        if not self._worker.alive:
            found.killed += 1
            self._stop()
        if value is None:
            found.gaps[task.place] = gap or "no value"
            return None
        return Measurement(value=value, std=std)

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.stop()
        self._worker = None


@dataclass(frozen=True)
class MeasurementTask:
    """One measurement: `place` is that of the value in the plan."""

    place: int
    settings: Settings
    seed: int
    key: str


def _tasks(experiment: Experiment, instrument: Instrument) -> Iterable[MeasurementTask]:
    """Yield a sweep after the other, coarse values first, so that a spent budget leaves the range covered."""
    order = _coarse_first(len(experiment.values))
    for replicate in range(experiment.replicates):
        for place in order:
            value = experiment.values[place]
            drawn = sha256(f"{experiment.seed}:{replicate}:{value!r}".encode()).digest()
            seed = int.from_bytes(drawn[:4]) >> 1 if instrument.stochastic else 0
            settings = fill(experiment, value)
            yield MeasurementTask(
                place, settings, seed, key_of(instrument, settings, experiment.response, seed)
            )


def _coarse_first(count: int) -> list[int]:
    """Return 0, the last, the middle, the quarters, …"""
    order, parts = [0, count - 1], 2
    while len(order) < 2 * count:
        order += [round(part * (count - 1) / parts) for part in range(1, parts, 2)]
        parts *= 2
    return list(dict.fromkeys([*order, *range(count)]))


class SolverWorker:
    """A process with limits of memory and time."""

    def __init__(self, memory_mb: float) -> None:
        self._connection, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-c", SERVE, str(theirs.fileno()), str(int(memory_mb * 1e6))],
            pass_fds=[theirs.fileno()],
            env=environment(),
            stdout=subprocess.DEVNULL,  # solvers print, and standard output belongs to whoever asked
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._seen: set[str] = set()
        self.alive = True

    def ask(
        self,
        instrument: Instrument,
        response: str,
        task: MeasurementTask,
        limit: float,
        cancelled: Callable[[], bool],
    ) -> Answer:
        """Return value, std, why there is none, and seconds. Raises Cancelled."""
        first = instrument.name not in self._seen
        allowed = limit + (IMPORTS[instrument.extra is not None] if first else 0.0)
        sent = instrument.name if any(one is instrument for one in instruments()) else instrument
        try:
            self._connection.send((sent, dict(task.settings), response, task.seed, allowed))
            if not self._wait(PATIENCE * allowed, cancelled):
                return self._lose(f"it was not done after {PATIENCE * allowed:.0f} s", limit)
            value, std, gap, seconds = self._connection.recv()
        except (EOFError, OSError):
            return self._lose(self._cause_of_death(allowed), limit)
        self._seen.add(instrument.name)
        return value, std, gap, min(seconds, instrument.cost.seconds) if first else seconds

    def _wait(self, seconds: float, cancelled: Callable[[], bool]) -> bool:
        """Tell whether an answer came, or the end of the process."""
        end = time.monotonic() + seconds
        while not self._connection.poll(POLL):
            if cancelled():
                self.stop()
                raise Cancelled("the test was cancelled")
            if time.monotonic() > end:
                return False
        return True

    def _lose(self, why: str, seconds: float) -> Answer:
        self.stop()
        return None, 0.0, why, seconds

    def _cause_of_death(self, limit: float) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        if code == -SIGPROF:
            return f"the solver was not done after {limit:.3g} s of a core"
        return "the process that measured died: memory may have run out"

    def stop(self) -> None:
        self.alive = False
        self._process.kill()
        self._process.wait()
        self._connection.close()
