"""One process a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.errors import MiningError, RunRefused
from agents.files import explained


@contextmanager
def working(folder: Path, job: str) -> Iterator[None]:
    """Keep other processes off the job. Raises MiningError if one is at it."""
    from filelock import FileLock, Timeout

    lock = FileLock(_path(folder, job))
    with explained(folder, "write"):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise MiningError(
                f"job {job!r} is being run by another process: wait for it, or pause it"
            ) from error
    try:
        yield
    finally:
        lock.release()


def is_worked_on(folder: Path, job: str) -> bool:
    """Whether somebody holds the job: a process that was killed does not."""
    try:
        with working(folder, job):
            return False
    except MiningError:
        return True
    except RunRefused:  # nobody writes in a folder that may not be written
        return False


def _path(folder: Path, job: str) -> Path:
    return folder / f".{job}.lock"
