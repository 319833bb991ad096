"""Gets a described file into the cache folder, once, and only if its checksum is right."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from retrieval import urls, wheels
from retrieval.artefacts import Artefact, Source, UrlSource, WheelSource, artefact
from retrieval.errors import (
    DownloadError,
    FolderNotWritable,
    NoSpaceForFile,
    SourceFailed,
    SourcesFailed,
    WrongFile,
)

__all__ = ["Artefact", "Progress", "UrlSource", "WheelSource", "artefact", "fetch"]

Progress = Callable[[str, int, int], None]  # what, bytes done, bytes in all


def fetch(
    wanted: Artefact, *, cache: Path, local: Path | None = None, progress: Progress | None = None
) -> Path:
    """Return the file's path: `local` if given, else the cached file, downloaded first where it is missing.

    Raises DownloadError. A file that was verified before is recognised by size and time, not hashed again.
    """
    folder = cache / wanted.name
    with _plain_errors(wanted, folder):
        if local is not None:
            return _accept_local(wanted, local, folder)
        path = folder / wanted.filename
        if path.is_file() and _is_right(wanted, path, folder):
            return path
        folder.mkdir(parents=True, exist_ok=True)
        told = progress or _ignore
        with _alone(wanted, path, told):
            if not _is_right(wanted, path, folder):
                _download(wanted, path, told)
        return path


def _ignore(what: str, done: int, total: int) -> None:
    """Nobody watches."""


@contextmanager
def _alone(wanted: Artefact, path: Path, progress: Progress) -> Iterator[None]:
    """Keep other processes from this file. Who has to wait for one is told so."""
    from filelock import FileLock, Timeout

    lock, waiting = FileLock(path.parent / "lock"), f"{wanted.name}, which another process is fetching"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress(waiting, 0, wanted.bytes)
        lock.acquire()
        if path.is_file():
            progress(waiting, wanted.bytes, wanted.bytes)
    try:
        yield
    finally:
        lock.release()


def _accept_local(wanted: Artefact, local: Path, folder: Path) -> Path:
    local = local.expanduser()
    if not local.is_file():
        raise WrongFile(f"{local} does not exist: mend the path in the settings or remove it")
    if not _is_right(wanted, local, folder):
        raise WrongFile(
            f"{local} is not {wanted.name}: expected {wanted.bytes:,} bytes with SHA-256 {wanted.sha256}"
        )
    return local


def _download(wanted: Artefact, path: Path, progress: Progress) -> None:
    reasons = []
    for source in wanted.sources:
        try:
            _keep(wanted, _get(wanted, source, path.parent, progress), path)
        except SourceFailed as failure:
            reasons.append(str(failure))
        else:
            shutil.rmtree(path.parent / "wheels", ignore_errors=True)
            return
    raise SourcesFailed(
        f"{wanted.name} could not be downloaded: {'; '.join(dict.fromkeys(reasons))}. "
        "Check the connection, or get the file elsewhere and name its path in the settings"
    )


def _get(wanted: Artefact, source: Source, folder: Path, progress: Progress) -> Path:
    report = partial(progress, wanted.name)
    if isinstance(source, UrlSource):
        target = folder / f"{wanted.filename}.part"
        _check_room(wanted, folder, wanted.bytes - (target.stat().st_size if target.exists() else 0))
        urls.download(source.url, target, wanted.bytes, report)
        return target
    kept = folder / "wheels"
    _check_room(wanted, folder, source.bytes - wheels.size(kept) + wanted.bytes)
    gathered = wheels.gather(source, kept, report)
    target = folder / f"{wanted.filename}.joined"
    wheels.join(source, gathered, target, partial(progress, f"{wanted.name}, joining"), wanted.bytes)
    return target


def _check_room(wanted: Artefact, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpaceForFile(
            f"{folder} has {free:,} bytes free and {wanted.name} needs {needed:,}: "
            "free some or set another cache folder"
        )


def _keep(wanted: Artefact, candidate: Path, path: Path) -> None:
    found = hash_file(candidate)
    if found != wanted.sha256:
        candidate.unlink()
        raise SourceFailed(f"what came has SHA-256 {found[:12]}…, not {wanted.sha256[:12]}…: removed")
    with candidate.open("rb") as file:
        os.fsync(file.fileno())
    candidate.replace(path)
    _mark(wanted, path, path.parent)


def _is_right(wanted: Artefact, path: Path, folder: Path) -> bool:
    if not path.is_file() or path.stat().st_size != wanted.bytes:
        return False
    with suppress(OSError, ValueError):  # no marker, or a cut one: the file is hashed
        if json.loads((folder / "verified.json").read_text(encoding="utf-8")) == _seal(wanted, path):
            return True
    if hash_file(path) != wanted.sha256:
        return False
    _mark(wanted, path, folder)
    return True


def _mark(wanted: Artefact, path: Path, folder: Path) -> None:
    with suppress(OSError):  # a read-only cache: the next start hashes again
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "verified.json").write_text(json.dumps(_seal(wanted, path)), encoding="utf-8")


def _seal(wanted: Artefact, path: Path) -> dict[str, object]:
    """Return what a changed file cannot keep: nobody sets when its entry was last changed (ctime)."""
    found = path.stat()
    seen = {"bytes": found.st_size, "mtime_ns": found.st_mtime_ns, "ctime_ns": found.st_ctime_ns}
    return {"path": str(path.resolve()), "sha256": wanted.sha256, **seen}


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _plain_errors(wanted: Artefact, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                raise NoSpaceForFile(
                    f"the disk became full while {wanted.name} was written to {folder}: "
                    "free some or set another cache folder; what is there is used again"
                ) from error
            case errno.EACCES | errno.EPERM | errno.EROFS | errno.ENOTDIR | errno.EEXIST:
                raise FolderNotWritable(
                    f"{folder} cannot be written ({error.strerror}): set another cache folder"
                ) from error
            case _:
                raise DownloadError(f"{wanted.name} in {folder}: {error}") from error
