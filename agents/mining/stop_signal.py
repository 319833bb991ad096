"""Tells workers on many machines that a job has to stop, by a small file in the folder that all see."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from agents.errors import AgentsError
from agents.files import explained, write_whole
from agents.mining.running import LOOK_S
from agents.mining.schema import JobState
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
