"""Tables of observed rows as instruments: ours, and with `open_table` the user's own."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.instruments.contract import Instrument

__all__ = ["INSTRUMENTS", "open_table"]

SHIPPED = ("crystals", "perovskites")


def open_table(path: Path) -> "Instrument":
    """Return a CSV (plain, .gz or .xz) as an instrument.

    A YAML file of the same name may describe its columns (`reading.TableDescription`). Raises InstrumentError
    where the table cannot be used.
    """
    from tools.instruments.tables.instrument import TableInstrument

    return TableInstrument(path)


@cache
def _shipped() -> "tuple[Instrument, ...]":
    with as_file(files(__name__) / "data") as folder:
        return tuple(open_table(folder / f"{name}.csv.gz") for name in SHIPPED)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute
    if name == "INSTRUMENTS":
        return _shipped()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
