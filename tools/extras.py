"""Optional packages: all that are missing are told at once, with the command. And doors that open late."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, requires
from json import loads
from typing import Any, Final

from tools.errors import ToolError

PROJECT: Final = "hypothesis-finder"
INSTALLED_AS: Final = {"sklearn": "scikit-learn"}
"""Packages that pip knows by another name than Python."""


def say_missing(extra: str, failed: str) -> str:
    """Return a line that names the packages of an extra that are not installed, and the command for all.

    `failed` is the one that could not be imported, by its name in Python.
    """
    first = INSTALLED_AS.get(failed, failed)
    known = {_normal(name): name for name in packages_of(extra)}
    named = {_normal(name): name for name in (known.get(_normal(first), first), *missing_packages(extra))}
    names = list(named.values())
    verb = "is" if len(names) == 1 else "are"
    return f"{', '.join(names)} {verb} not installed: {install_command(extra)}"


def install_command(extra: str) -> str:
    """Return the command that brings an extra, and where the project is a clone, the one for that."""
    in_clone = f", or in the clone: pip install -e '.[{extra}]'" if _is_clone() else ""
    return f"pip install '{PROJECT}[{extra}]'{in_clone}"


@cache
def _is_clone() -> bool:
    """Tell whether the project is installed as a folder in which it is worked on (PEP 610)."""
    try:
        told = distribution(PROJECT).read_text("direct_url.json") or "{}"
    except PackageNotFoundError:
        return False
    return bool(loads(told).get("dir_info", {}).get("editable"))


def _normal(name: str) -> str:
    """Return a package's name as indexes compare it: prometheus_client is prometheus-client."""
    return re.sub(r"[-_.]+", "-", name).lower()


def missing_packages(extra: str) -> list[str]:
    """Return the packages of an extra that are not installed, by the names that pip knows."""
    return [name for name in packages_of(extra) if not is_installed(name)]


def packages_of(extra: str) -> list[str]:
    """Return the packages that an extra brings, with those of the extras within it.

    Empty where the project itself is not installed, as in a source folder.
    """
    try:
        lines = requires(PROJECT) or ()
    except PackageNotFoundError:
        return []
    found: list[str] = []
    for line in lines:
        name = re.match(r"([\w.-]+)(?:\[([\w,-]+)\])?", line)
        if name is None or not re.search(rf"extra == ['\"]{re.escape(extra)}['\"]", line):
            continue
        within = name[2].split(",") if name[1] == PROJECT else ()
        found += [one for inner in within for one in packages_of(inner)] or [name[1]]
    return list(dict.fromkeys(found))


def is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


@contextmanager
def needing(extras: Mapping[str, str], missing: type[ToolError]) -> Iterator[None]:
    """Raises `missing` in place of the ModuleNotFoundError of a package; `extras`: package to extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in extras:
            raise
        raise missing(say_missing(extras[package], package)) from error


def open_late(door: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The `__getattr__` of a package that imports nothing before it is asked; `homes`: module to names."""

    def find(name: str) -> Any:  # noqa: ANN401 - whatever the door exports
        home = next((module for module, names in homes.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {door!r} has no attribute {name!r}")
        return getattr(import_module(f"{door}.{home}"), name)

    return find
