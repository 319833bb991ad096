"""The instruments that there are: one folder and one line each. Imported when first asked for, and once."""

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from threading import Lock
from typing import TypeVar

from tools.instruments.contract import Instrument

T = TypeVar("T")


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Make a value at the first call, while others wait: `functools.cache` has each who comes first make it.

    What raises is tried again by the next.
    """
    lock, made = Lock(), cache(make)

    @wraps(make)
    def get() -> T:
        with lock:
            return made()

    return get


FOLDERS: tuple[str, ...] = (
    "tools.instruments.bands",
    "tools.instruments.crystals",
    "tools.instruments.dynamics",
    "tools.instruments.fields",
    "tools.instruments.formulas",
    "tools.instruments.lattice",
    "tools.instruments.molecules",
    "tools.instruments.networks",
    "tools.instruments.point_defects",
    "tools.instruments.quantum",
    "tools.instruments.tables",
)
"""Modules that export `INSTRUMENTS`, a tuple of instruments."""


@once
def instruments() -> tuple[Instrument, ...]:
    """Return all of them, in the registry's order. Raises ValueError where two have one name."""
    found = tuple(one for folder in FOLDERS for one in import_module(folder).INSTRUMENTS)
    names = [one.name for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two instruments are called {twice[0]}")
    return found
