"""The instruments that there are: one folder and one line each. Imported when first asked for, and once."""

from importlib import import_module

from tools.instruments.contract import Instrument
from tools.once import once

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
