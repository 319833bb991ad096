"""Workers that examine many samples, in order, with a limit of time for each."""

import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import islice
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tools.generation.cache import folder
from tools.generation.errors import NotStarted
from tools.generation.judging.facts import RequestedFacts, SampleFinding
from tools.generation.judging.worker import PLACE
from tools.generation.schema import Loss, LossReason, Sample, Stage
from tools.processes import environment

CHUNK: Final = 64  # samples a message
SLOWLY: Final = 0.5  # seconds after which a chunk goes as it is
AHEAD: Final = 4  # chunks a worker that may wait for a slower one, so that memory stays flat
SERVE: Final = "from tools.generation.judging.worker import serve; serve()"
STARTING: Final = 120.0  # seconds that imports may take; the next try has twice as long
PATIENCE: Final = 6  # times the limit that a sample may wait for a busy machine or do nothing at all
TRIES: Final = 3  # starts of a process that dies or stalls before it sees a sample


class Workers:
    """`processes` workers; a sample that takes more than `seconds` of a core is lost, its worker replaced.

    The processor's time counts and not the clock's: what else the machine does costs no sample.
    """

    def __init__(self, processes: int, seconds: float) -> None:
        self._count, self._seconds, self._open = processes, seconds, ExitStack()
        self._workers: list[JudgingWorker] = []

    def __enter__(self) -> Self:
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        for number in range(self._count):
            worker = JudgingWorker(folder / f"place{number}", self._seconds)
            self._open.callback(worker.stop)
            self._workers.append(worker)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def pids(self) -> list[int]:
        """Return the identifiers of the processes that are there."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def examine(
        self, samples: Iterable[Sample], wanted: RequestedFacts
    ) -> Iterator[tuple[Sample, SampleFinding]]:
        """In the order of the samples."""
        source = iter(samples)
        chunks: deque[SampleChunk] = deque()
        exhausted = False
        while True:
            while not exhausted and len(chunks) < AHEAD * self._count and self._idle():
                chunk = SampleChunk(_take_some(source))
                if not chunk.samples:
                    exhausted = True
                    break
                chunks.append(chunk)
                self._idle()[0].take(chunk, wanted)
            while chunks and chunks[0].done:
                chunk = chunks.popleft()
                yield from zip(chunk.samples, chunk.findings, strict=True)
            if exhausted and not chunks:
                return
            self._await()

    def _idle(self) -> list["JudgingWorker"]:
        return [worker for worker in self._workers if worker.chunk is None]

    def _await(self) -> None:
        busy = {w.connection: w for w in self._workers if w.chunk is not None and w.connection is not None}
        if not busy:
            return
        for connection in wait(list(busy), timeout=min(self._seconds / 4, 1.0)):
            busy[connection].finish()  # type: ignore[index] # wait() answers with what it was given
        for worker in busy.values():
            worker.check()


def _take_some(source: Iterator[Sample]) -> list[Sample]:
    """A chunk, or fewer where they come slowly, as from a model."""
    start, taken = time.monotonic(), []
    for sample in islice(source, CHUNK):
        taken.append(sample)
        if time.monotonic() - start > SLOWLY:
            break
    return taken


class SampleChunk:
    """Samples that travel together, and what was found so far."""

    def __init__(self, samples: list[Sample]) -> None:
        self.samples = samples
        self._found: dict[int, SampleFinding] = {}

    @property
    def open(self) -> list[int]:
        return [number for number in range(len(self.samples)) if number not in self._found]

    @property
    def done(self) -> bool:
        return len(self._found) == len(self.samples)

    @property
    def findings(self) -> list[SampleFinding]:
        return [self._found[number] for number in range(len(self.samples))]

    def fill(self, findings: list[SampleFinding]) -> None:
        """What the open samples were found to be."""
        self._found.update(zip(self.open, findings, strict=True))

    def lose(self, place: int, finding: SampleFinding) -> None:
        """The open sample at this place is lost."""
        self._found[self.open[place]] = finding


class JudgingWorker:
    """One process, started when it is first needed."""

    def __init__(self, place: Path, seconds: float) -> None:
        self.chunk: SampleChunk | None = None
        self._wanted, self._place, self._seconds = RequestedFacts(), place, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self.connection: Connection | None = None
        self._at, self._since, self._tries = -1, 0.0, 0

    @property
    def pid(self) -> int | None:
        """Return the identifier of the process, if there is one."""
        return None if self._process is None else self._process.pid

    def take(self, chunk: SampleChunk, wanted: RequestedFacts) -> None:
        self.chunk, self._wanted = chunk, wanted
        self._send()

    def finish(self) -> None:
        """Takes the answer, or learns that the process died of the sample at hand."""
        assert self.connection is not None  # noqa: S101 - it is waited for, so it is there
        assert self.chunk is not None  # noqa: S101 - likewise
        try:
            self.chunk.fill(self.connection.recv())
        except (EOFError, OSError):
            self._lose_dead()
            return
        self.chunk, self._tries = None, 0

    def check(self) -> None:
        """Stops the process if the sample at hand has had its time."""
        if self.chunk is None:
            return
        place, now = self._read_place(), time.monotonic()
        if place != self._at:
            self._at, self._since = place, now
        allowed = PATIENCE * self._seconds if place >= 0 else STARTING * 2**self._tries
        if now - self._since > allowed:
            self._lose(LossReason.TOO_SLOW, f"not done after {allowed:g} s")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self.connection is not None:
            self.connection.close()
        self._process = self.connection = None

    def _lose_dead(self) -> None:
        """It was stopped by its own alarm, or by something else."""
        process = self._process
        self.stop()
        if process is not None and process.returncode == -signal.SIGPROF:
            self._lose(LossReason.TOO_SLOW, f"not done after {self._seconds:g} s of a core")
        else:
            self._lose(LossReason.CRASHED, "the process that examined it died")

    def _lose(self, reason: LossReason, detail: str) -> None:
        """The sample at hand is lost; the chunk's others are examined again, their answers died too."""
        assert self.chunk is not None  # noqa: S101 - it is busy
        place = self._read_place()
        self.stop()
        if place < 0:
            self._start_again()
            return
        self._tries = 0
        self.chunk.lose(place, SampleFinding(loss=Loss(stage=Stage.PARSED, reason=reason, detail=detail)))
        if self.chunk.done:
            self.chunk = None
        else:
            self._send()

    def _start_again(self) -> None:
        """No sample is to blame. Raises NotStarted."""
        self._tries += 1
        if self._tries == TRIES:
            raise NotStarted(
                f"the process that judges strings did not come up in {TRIES} tries: "
                "give the machine less to do, or reinstall the package"
            )
        self._send()

    def _send(self) -> None:
        assert self.chunk is not None  # noqa: S101 - it is busy
        if self._process is None:
            self._start()
        assert self.connection is not None  # noqa: S101 - just started
        with self._place.open("r+b") as file:  # in place: the worker has it mapped
            file.write(PLACE.pack(-1))
        self._at, self._since = -1, time.monotonic()
        with suppress(BrokenPipeError):  # it is dead, which its silence will tell
            self.connection.send((self._wanted, [self.chunk.samples[number] for number in self.chunk.open]))

    def _start(self) -> None:
        self._place.write_bytes(PLACE.pack(-1))
        self.connection, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [
                *(sys.executable, "-P", "-c", SERVE),
                *(str(theirs.fileno()), str(self._place), str(self._seconds), str(folder())),
            ],
            pass_fds=[theirs.fileno()],
            env=environment(),
        )
        theirs.close()

    def _read_place(self) -> int:
        return int(PLACE.unpack(self._place.read_bytes())[0])
