"""The optional packages of this tool: what is missing is told with the command that installs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.generation.errors import MissingPackage

EXTRAS: Final = {
    "ase": "stability",
    "chgnet": "stability",
    "fcd_torch": "generation-fcd",
    "matminer": "generation-cov",
    "matplotlib": "generation",
    "plotly": "generation",
    "pymatgen": "generation",
    "pyxtal": "generation-train",
    "rdkit": "generation",
    "scipy": "generation",
    "selfies": "generation",
    "smact": "generation",
    "spglib": "generation",
    "torch": "generation-train",
}
"""Packages, and the extra that brings each."""


@contextmanager
def needing_extra() -> Iterator[None]:
    """Raises MissingPackage in place of the ModuleNotFoundError of an optional package."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        command = f"pip install 'hypothesis-finder[{EXTRAS[package]}]'"
        raise MissingPackage(f"{package} is not installed: {command}") from error
