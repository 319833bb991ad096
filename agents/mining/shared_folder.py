"""What a job and its workers on many machines tell each other by files: that all must stop, and results."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from agents.errors import AgentsError
from agents.files import explained, write_whole
from agents.mining.calls import FolderCalls, JobCalls
from agents.mining.rows import read_kept
from agents.mining.running import LOOK_S, Shown
from agents.mining.schema import JobState, TransferFinding
from agents.mining.store import MiningStore


class StopSignal:
    """Sent by a worker whose budget is spent, or by whoever wants the job paused or cancelled."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "halt"

    @property
    def state(self) -> JobState | None:
        """What the job becomes; None: it goes on."""
        try:
            return JobState(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def send(self, state: JobState) -> None:
        write_whole(self._path, state.value)

    def clear(self) -> None:
        with explained(self._path, "write"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)


@contextmanager
def watch_for_stop(
    store: Path, job: str, signal: StopSignal, show: Callable[[MiningStore], None]
) -> Iterator[None]:
    """Looks now and then, beside the work, whether anybody wants it to stop, and shows how far it is."""
    over = threading.Event()

    def look() -> None:
        with suppress(AgentsError), MiningStore(store) as own:  # what ails the store is told at the end
            while not over.wait(LOOK_S):
                wish = own.wish(job)
                if wish is not None and signal.state is None:
                    signal.send(wish)
                show(own)

    thread = threading.Thread(target=look, daemon=True, name="watches")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class ResultCollector:
    """Reads every file of a job's folder once. Again changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Path] = set()
        self._begun, self._ended = time.monotonic(), 0

    def bring_in(self, store: MiningStore, job: str) -> None:
        kept, written = JobCalls(store, job), FolderCalls(self._folder / "calls")
        for path in written.every():
            known = path in self._seen or store.rows("select 1 from call where key = ?", path.stem)
            if not known and (call := written.get(path.stem)):
                kept.append(call)
            self._seen.add(path)
        self._bring_results(store, job)

    def show(self, job: str, shown: Shown, store: MiningStore) -> None:
        """How far it is: what calls took is told at the end."""
        self._ended += self._bring_results(store, job)
        store.set_pace(job, self._ended, time.monotonic() - self._begun)
        shown(store.progress(job))

    def _bring_results(self, store: MiningStore, job: str) -> int:
        """How many pairs are new."""
        import pyarrow as pa
        from pyarrow import parquet

        new = 0
        for path in set((self._folder / "results").glob("*.parquet")) - self._seen:
            try:
                rows = parquet.read_table(path).to_pylist()
            except (pa.ArrowInvalid, OSError):  # being written, or cut by a kill: its calls are kept
                continue
            for row in rows:
                if row["finding"]:
                    store.finish(job, row["id"], read_kept(TransferFinding, row["finding"], job))
                else:
                    store.fail(job, row["id"], row["reason"])
            self._seen.add(path)
            new += len(rows)
        return new
