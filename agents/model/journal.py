"""Every answered call of a run."""

from pathlib import Path
from typing import ClassVar

from agents.records import Records
from agents.schema import Call


class Journal(Records[Call]):
    """calls.jsonl"""

    what: ClassVar[str] = "call"

    def __init__(self, path: Path, *, replay: bool = False, first: int | None = None) -> None:
        super().__init__(path, Call, replay=replay, first=first)

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._known.values())
