"""Which weights are shipped, and the version that they make: data/weights.json."""

import hashlib
import json
from functools import cache
from importlib.resources import files

from tools.strict import Strict


class Entry(Strict):
    """A line of data/weights.json."""

    dataset: str
    host: str
    file: str
    sha256: str
    loads: tuple[float, float]
    """Fewest and most defects in a training structure."""


@cache
def catalogue() -> tuple[Entry, ...]:
    text = (files("tools.defects") / "data" / "weights.json").read_text(encoding="utf-8")
    return tuple(Entry(**row) for row in json.loads(text))


@cache
def version() -> str:
    """Hash over the hashes of all weights."""
    hashes = "".join(entry.sha256 for entry in catalogue())
    return f"defects-{hashlib.sha256(hashes.encode()).hexdigest()[:12]}"
