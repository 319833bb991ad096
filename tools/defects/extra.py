"""The optional packages of this tool: what is missing is told with the command that installs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.defects.errors import MissingExtra

PACKAGES: Final = frozenset({"matplotlib", "pymatgen", "safetensors", "scipy"})


@contextmanager
def needing_extra() -> Iterator[None]:
    """Raises MissingExtra in place of the ModuleNotFoundError of an optional package."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise MissingExtra(f"{package} is not installed: pip install 'hypothesis-finder[defects]'") from error
