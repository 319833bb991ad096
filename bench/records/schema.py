"""The record of one run of a bench, as it stands in `bench/results`."""

from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from tools.strict import Strict

RESULTS = Path(__file__).parents[1] / "results"


class DataFile(Strict):
    """A file that the bench read, or a folder of which it read many files."""

    file: str = Field(description="from the repository's root or ~; a folder ends with /")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of a folder: of its files' hashes and names")
    size: int = Field(ge=0, description="bytes")
    files: int = Field(default=1, ge=1, description="how many were read of a folder")
    name: str | None = Field(default=None, description="of the data set, where it is known")
    licence: str | None = None


class Machine(Strict):
    """What it ran on, and how busy that was."""

    system: str
    processor: str
    cores: int = Field(ge=1)
    memory_gb: float = Field(gt=0)
    load_before: float = Field(ge=0, description="runnable processes, mean of the last minute")
    load_after: float = Field(ge=0)


class PrintedTable(Strict):
    """A Markdown table of the output, cells as printed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Record(Strict):
    """One run of one bench. A run that failed has an exit code other than 0, and says why in `errors`."""

    format: Literal[1] = 1
    command: str = Field(min_length=1, description="as one types it")
    settings: dict[str, str] = Field(description="HYPOFIND_… and numbers of threads; no addresses, no keys")
    data: tuple[DataFile, ...] = Field(description="read by the bench; what ships is named by the commit")
    seed: str | None = Field(description="option, default or constant of the bench; null: not found")
    commit: str | None = Field(description="checked out as it began; null: no git")
    uncommitted: tuple[str, ...] | None = Field(description="files that differed from it; null: no git")
    begun: AwareDatetime
    machine: Machine
    python: str
    packages: dict[str, str] = Field(description="direct dependencies that were imported, with versions")
    wall_seconds: float = Field(ge=0)
    processor_seconds: float = Field(ge=0, description="of the bench and all processes that it waited for")
    peak_memory_mb: float = Field(ge=0, description="of the largest process")
    exit_code: int = Field(description="negative: the signal that ended it")
    lines: tuple[str, ...] = Field(description="of standard output, whole")
    tables: tuple[PrintedTable, ...]
    values: tuple[JsonValue, ...] = Field(description="JSON objects and lists of the output")
    errors: tuple[str, ...] = Field(default=(), description="last lines of standard error, where it failed")


def read_record(path: Path) -> Record:
    """Return the record in a file. Raises OSError or pydantic.ValidationError."""
    return Record.model_validate_json(path.read_text(encoding="utf-8"))
