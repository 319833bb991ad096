"""Optional packages: what is missing is told with the command that installs it. And doors that open late."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from tools.errors import ToolError


@contextmanager
def needing(extras: Mapping[str, str], missing: type[ToolError]) -> Iterator[None]:
    """Raises `missing` in place of the ModuleNotFoundError of a package; `extras`: package to extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in extras:
            raise
        command = f"pip install 'hypothesis-finder[{extras[package]}]'"
        raise missing(f"{package} is not installed: {command}") from error


def open_late(door: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The `__getattr__` of a package that imports nothing before it is asked; `homes`: module to names."""

    def find(name: str) -> Any:  # noqa: ANN401 - whatever the door exports
        home = next((module for module, names in homes.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {door!r} has no attribute {name!r}")
        return getattr(import_module(f"{door}.{home}"), name)

    return find
