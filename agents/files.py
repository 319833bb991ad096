"""Files that are whole or absent, and the operating system's refusals in words that say what to do."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.errors import DiskFull, RunRefused

_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def explained(path: Path, doing: str) -> Iterator[None]:
    """Turn an OSError into a RunRefused that names the path."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in _FULL else RunRefused
        raise kind(f"cannot {doing} {path}: {_advice(error)}") from error


def _advice(error: OSError) -> str:
    if error.errno in _NOT_ALLOWED:
        return "this folder is read-only for you; choose another folder for the runs"
    if error.errno in _FULL:
        return "the disk is full; free some space and resume, what is finished is kept"
    return (error.strerror or str(error)).lower()


def write_whole(path: Path, text: str) -> None:
    """Write beside the file, then rename: a reader or a power cut sees the old file or the new one."""
    with explained(path, "write"):
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise


def append_line(path: Path, line: str, lock: Path) -> None:
    """Add a line, on disk when this returns. Half a line that a crash left is cut off before it."""
    from filelock import FileLock

    with explained(path, "write"), FileLock(lock), path.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # what was cut off was never told as kept
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
