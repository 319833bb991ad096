"""Every answered call of a run."""

from pathlib import Path
from typing import ClassVar

from agents.model.keys import NOWHERE, Place
from agents.records import RecordFile
from agents.schema import Call


class Journal(RecordFile[Call]):
    """calls.jsonl

    A call is found by the content of what was asked. In a run (`by_place`) another version of the finder may
    have asked it with another prompt or schema: then it is the next unused one of the same step and speaker.
    """

    what: ClassVar[str] = "call"

    def __init__(
        self, path: Path, *, replay: bool = False, first: int | None = None, by_place: bool = False
    ) -> None:
        super().__init__(path, Call, replay=replay, first=first)
        self._by_place = by_place
        self._used: set[str] = set()

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._known.values())

    def get(self, key: str, place: Place = NOWHERE, /) -> Call | None:
        """None means: ask. Raises ReplayMiss where that is not allowed."""
        if self._by_place and key not in self._known:
            key = next((call.key for call in self._unused(place)), key)
        call = super().get(key)
        self._used.add(key)
        return call

    def append(self, record: Call) -> None:
        super().append(record)
        self._used.add(record.key)

    def _unused(self, place: Place) -> list[Call]:
        return [c for c in self._known.values() if (c.step, c.who) == place and c.key not in self._used]
