"""The machine, the versions and the commit that a bench runs on."""

import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from bench.records.schema import Machine

ROOT = Path(__file__).parents[2]
FIGURES = ("bench/results", "bench/figures.yaml", "docs/benchmarks.md")
"""What is written about measurements changes none."""

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PRIVATE = re.compile("KEY|TOKEN|SECRET|PASSWORD|URL|AUTH", re.IGNORECASE)


def describe_machine(load_before: float) -> Machine:
    """Return what this machine is, with its load now as that after the run."""
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        load_before=load_before,
        load_after=load_now(),
    )


def load_now() -> float:
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        told = ""
    named = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return named[1] if named else platform.processor() or "unknown"


def find_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of the program and the numbers of threads, private ones as "set"."""
    return {
        name: "set" if PRIVATE.search(name) else value
        for name, value in sorted(environment.items())
        if name.startswith("HYPOFIND_") or name in THREADS
    }


def find_packages(modules: Iterable[str]) -> dict[str, str]:
    """Return the versions of the project's direct dependencies among imported top-level modules."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    direct = {_normal(re.match(r"[\w.-]+", one)[0]) for one in wanted}  # type: ignore[index]  # a requirement has a name
    known, found = packages_distributions(), {}
    for name in {name for module in modules for name in known.get(module, ())}:
        if _normal(name) in direct - {project["name"]}:
            try:
                found[_normal(name)] = version(name)
            except PackageNotFoundError:
                continue
    return dict(sorted(found.items()))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def find_commit(root: Path = ROOT) -> tuple[str | None, tuple[str, ...] | None]:
    """Return the commit and the files that differ from it, those about figures aside; None without git."""
    aside = [f":(exclude){name}" for name in FIGURES]
    commit = run_git(root, "rev-parse", "HEAD")
    status = run_git(root, "status", "--porcelain", "--untracked-files=all", "--", ".", *aside)
    if commit is None or status is None:
        return None, None
    return commit.strip(), tuple(line[3:] for line in status.splitlines())


def run_git(root: Path, *words: str) -> str | None:
    """Return what git prints; None where it fails or is missing."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
