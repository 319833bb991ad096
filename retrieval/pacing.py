"""One question at a time, and no more often than a service allows: across threads and processes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

PATIENCE_S = 300.0  # for others who ask the same service

_HERE: dict[Path, Lock] = {}  # a file lock that cannot be made still leaves this process polite
_NAMING = Lock()


class Busy(Exception):
    """Others have been asking this service for too long."""


@contextmanager
def turn(folder: Path, name: str, every_s: float) -> Iterator[None]:
    """Wait until `every_s` seconds have passed since anybody's last question, and keep others out meanwhile.

    The time stamp is a file in `folder`. Where that cannot be written, only this process keeps the interval.
    Raises Busy.
    """
    stamp = folder / f"{name}.asked"
    with _own_turn(stamp), _others_kept_out(folder / f"{name}.lock"):
        time.sleep(_left(stamp, every_s))
        try:
            yield
        finally:
            with suppress(OSError):
                stamp.touch()


@contextmanager
def _own_turn(stamp: Path) -> Iterator[None]:
    with _NAMING:
        lock = _HERE.setdefault(stamp, Lock())
    if not lock.acquire(timeout=PATIENCE_S):
        raise Busy
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _others_kept_out(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=PATIENCE_S)
    except Timeout as error:
        raise Busy from error
    except OSError:  # a read-only or full disk
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _left(stamp: Path, every_s: float) -> float:
    """Return the seconds still to wait; where a clock was set back, one interval at most."""
    try:
        passed = time.time() - stamp.stat().st_mtime
    except OSError:
        return 0.0
    return min(every_s, max(0.0, every_s - passed))
