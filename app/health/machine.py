"""Python, packages, disk and folders."""

import platform
import re
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from app.health.finding import FindingState, HealthFinding
from app.settings import Settings, find_file
from tools.extras import PROJECT, is_installed

INSTALL = f"{sys.executable} -m pip install -e ."
SPARE = 2_300_000_000  # bytes: the embedded model's parts, the file that they are joined to, and runs


def check_python() -> HealthFinding:
    return HealthFinding(
        what="Python", state=FindingState.OK, found=f"{platform.python_version()}, {sys.executable}"
    )


def check_packages() -> HealthFinding:
    try:
        needed = [line for line in requires(PROJECT) or () if "extra ==" not in line]
    except PackageNotFoundError:
        found = f"{PROJECT} runs from its source folder and is not installed"
        return HealthFinding(what="packages", state=FindingState.WARN, found=found, mend=INSTALL)
    names = [match[0] for line in needed if (match := re.match(r"[\w.-]+", line))]
    missing = [name for name in names if not is_installed(name)]
    if missing:
        found = f"missing: {', '.join(missing)}"
        return HealthFinding(what="packages", state=FindingState.MISSING, found=found, mend=INSTALL)
    return HealthFinding(what="packages", state=FindingState.OK, found=f"all {len(names)} are installed")


def check_settings_file(file: Path | None) -> HealthFinding:
    path = file or find_file()
    found = str(path.resolve()) if path else "none; defaults and the environment"
    return HealthFinding(what="settings file", state=FindingState.OK, found=found)


def check_disk(settings: Settings) -> HealthFinding:
    folder = _existing(settings.paths.cache)
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:,.1f} GB free at {folder}"
    if free < SPARE:
        mend = f"free {(SPARE - free) / 1e9:.1f} GB, or set HYPOFIND_PATHS__CACHE to another disk"
        return HealthFinding(what="disk", state=FindingState.WARN, found=found, mend=mend)
    return HealthFinding(what="disk", state=FindingState.OK, found=found)


def check_folder(what: str, folder: Path, variable: str) -> HealthFinding:
    """Writable, or creatable: tried for real, since rights alone do not tell of read-only disks."""
    there = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        found = f"{folder} cannot be written: {(error.strerror or str(error)).lower()}"
        return HealthFinding(
            what=what, state=FindingState.MISSING, found=found, mend=f"set {variable} to a folder of yours"
        )
    return HealthFinding(what=what, state=FindingState.OK, found=str(folder))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
