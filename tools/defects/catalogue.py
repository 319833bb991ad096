"""What is shipped in data/: which weights, the version that they make, and that nobody changed it."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import TypeAdapter

from tools.defects.errors import BadWeights
from tools.strict import Strict

SUMS: Final = "SHA256SUMS"  # of the JSON files; weights.json has those of the weights


class WeightsEntry(Strict):
    """A line of data/weights.json."""

    dataset: str
    host: str
    file: str
    sha256: str
    loads: tuple[float, float]
    """Fewest and most defects in a training structure."""


def shipped(name: str) -> bytes:
    """A JSON file of data/. Raises BadWeights if a byte of it is not what was shipped."""
    folder = files("tools.defects") / "data"
    try:
        content, sums = (folder / name).read_bytes(), (folder / SUMS).read_bytes()
    except OSError as error:
        raise BadWeights(f"{folder / name} cannot be read: {error}. Reinstall the package") from error
    if sum_line(name, content).encode() not in sums.splitlines():
        raise BadWeights(f"{name} is not the file that was shipped (SHA-256 differs). Reinstall the package")
    return content


def sum_line(name: str, content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}  {name}"


@cache
def catalogue() -> tuple[WeightsEntry, ...]:
    return TypeAdapter(tuple[WeightsEntry, ...]).validate_json(shipped("weights.json"))


@cache
def version() -> str:
    """Hash over the hashes of all weights."""
    hashes = "".join(entry.sha256 for entry in catalogue())
    return f"defects-{hashlib.sha256(hashes.encode()).hexdigest()[:12]}"
