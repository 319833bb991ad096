"""Measurements that were made, by content: instrument, version, settings, response and seed."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from tools.instruments.contract import Instrument, Measurement, Settings

FILE: Final = "measurements.sqlite3"
WAIT: Final = 10.0
"""Seconds for another process to finish writing."""
SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS measurement (key TEXT PRIMARY KEY, value REAL, std REAL) WITHOUT ROWID"
)


def key_of(instrument: Instrument, settings: Settings, response: str, seed: int) -> str:
    """Return the SHA-256 of what determines a value."""
    content = [instrument.name, instrument.version, sorted(settings.items()), response, seed]
    return sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


class MeasurementCache:
    """A file that several processes may share. What cannot be read or written costs only the time saved."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE

    def load(self, keys: Iterable[str]) -> dict[str, Measurement]:
        if self._path is None or not self._path.is_file():
            return {}
        with suppress(sqlite3.Error, ValueError), closing(self._open()) as base:
            found = (
                base.execute("SELECT * FROM measurement WHERE key = ?", (key,)).fetchone() for key in keys
            )
            return {row[0]: Measurement(value=row[1], std=row[2]) for row in found if row}
        return {}

    def save(self, measurements: Mapping[str, Measurement]) -> None:
        """Write in one transaction."""
        if self._path is None or not measurements:
            return
        with suppress(sqlite3.Error, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            rows = [(key, one.value, one.std) for key, one in measurements.items()]
            with closing(self._open()) as base, base:
                base.execute(SCHEMA)
                base.executemany("INSERT OR IGNORE INTO measurement VALUES (?, ?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        assert self._path is not None  # noqa: S101 - both callers look
        return sqlite3.connect(self._path, timeout=WAIT)
