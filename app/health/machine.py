"""What is on this machine: Python and packages, folders and room, downloaded files, PhySH and tools."""

import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import physh
import retrieval
from app.health.finding import FindingState, HealthFinding
from app.program import program
from app.settings import Settings, find_file
from tools import AnyTool, ToolError, all_tools
from tools.extras import PROJECT, install_command, is_installed, missing_packages
from tools.registry import unusable_plugins

INSTALL = f"{sys.executable} -m pip install -e ."
SPARE = 2_300_000_000  # bytes: the embedded model's parts, the file that they are joined to, and runs
EMBEDDER = ("minilm-int8", "minilm-tokenizer")


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


def check_download(settings: Settings, name: str, what: str, getting: str) -> HealthFinding:
    """Whether a file is in the cache, by its size. Its checksum is verified when it is used."""
    wanted = retrieval.artefact(name)
    path = settings.paths.cache / wanted.name / wanted.filename
    if path.is_file() and path.stat().st_size == wanted.bytes:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{name}, {path}")
    found = f"{name} is not here yet: {wanted.bytes / 1e6:,.0f} MB, downloaded when first needed"
    return HealthFinding(what=what, state=FindingState.WARN, found=found, mend=getting)


def check_own_file(path: Path, name: str, what: str) -> HealthFinding:
    """Whether a file that the user names is the model, by its size."""
    wanted, own = retrieval.artefact(name), path.expanduser()
    if own.is_file() and own.stat().st_size == wanted.bytes:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{name}, {own}")
    fault = f"is not {name} of {wanted.bytes:,} bytes" if own.exists() else "does not exist"
    return HealthFinding(
        what=what,
        state=FindingState.MISSING,
        found=f"{own} {fault}",
        mend="mend embedded.file, or leave it out",
    )


def check_embedder(settings: Settings) -> Iterator[HealthFinding]:
    for name in EMBEDDER:
        yield check_download(settings, name, "embedder", f"{program()} physh route 'spin waves'")


def check_ontology(settings: Settings) -> HealthFinding:
    update = f"{program()} physh update"
    try:
        ontology = physh.load(cache=settings.paths.cache)
    except physh.PhyshError as error:
        return HealthFinding(what="ontology", state=FindingState.MISSING, found=str(error), mend=update)
    found = f"PhySH {ontology.release}, {len(ontology.concepts):,} concepts"
    return HealthFinding(what="ontology", state=FindingState.OK, found=found)


def check_tools() -> Iterator[HealthFinding]:
    yield from map(_check_tool, all_tools())
    for entry, reason in unusable_plugins():
        yield HealthFinding(
            what="tool",
            state=FindingState.WARN,
            found=f"{entry} is left out: {reason}",
            mend="update that package",
        )


def _check_tool(tool: AnyTool) -> HealthFinding:
    what = f"tool {tool.name}"
    if tool.extra and (missing := missing_packages(tool.extra)):
        found = f"missing: {', '.join(missing)}"
        mend = install_command(tool.extra)
        return HealthFinding(what=what, state=FindingState.WARN, found=found, mend=mend)
    try:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{tool.title}, version {tool.version}")
    except ToolError as error:
        return HealthFinding(
            what=what, state=FindingState.MISSING, found=str(error), mend=f"install {PROJECT} again"
        )
    except Exception as error:  # noqa: BLE001 - another package's code, whose fault stops no check
        told = " ".join(str(error).split()) or type(error).__name__
        return HealthFinding(
            what=what, state=FindingState.WARN, found=f"fails: {told}", mend="update that package"
        )
