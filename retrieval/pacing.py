"""Services are spared: one question at a time, no more often than each allows, none twice within a day."""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, get_ident

PATIENCE_S = 300.0  # for others who ask the same service

_HERE: dict[Path, Lock] = {}  # a file lock that cannot be made still leaves this process polite
_NAMING = Lock()
DAY_S = 86_400.0


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


class KeptAnswers:
    """Bodies under the hash of their question. A disk that fails only means that we ask again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, site: str, path: str, parameters: Mapping[str, str]) -> bytes | None:
        file = self._file(site, path, parameters)
        with suppress(OSError):
            if _is_fresh(file):
                return file.read_bytes()
        return None

    def keep(self, site: str, path: str, parameters: Mapping[str, str], body: bytes) -> None:
        file = self._file(site, path, parameters)
        part = file.with_suffix(f".{os.getpid()}-{get_ident()}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _forget_old(file.parent)
            part.write_bytes(body)
            part.replace(file)
        except OSError:
            with suppress(OSError):
                part.unlink()

    def _file(self, site: str, path: str, parameters: Mapping[str, str]) -> Path:
        question = json.dumps([site, path, sorted(parameters.items())])
        return self.folder / site / hashlib.sha256(question.encode()).hexdigest()


def _is_fresh(file: Path) -> bool:
    return 0 <= time.time() - file.stat().st_mtime < DAY_S


def _forget_old(folder: Path) -> None:
    for file in folder.iterdir():
        with suppress(OSError):  # another process was quicker
            if not _is_fresh(file):
                file.unlink()
