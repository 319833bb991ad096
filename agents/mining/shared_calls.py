"""Answered calls as files in a folder that many machines see: one small file a call, named by its content."""

from pathlib import Path

from pydantic import ValidationError

from agents.files import explained
from agents.model.keys import NOWHERE, Place
from agents.records import require_room
from agents.schema import Call


class FolderCalls:
    """As a run's journal. Two workers that ask the same at once write one file twice: harmless."""

    replay = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with explained(folder, "make"):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def calls(self) -> list[Call]:
        """None: what a worker may spend is counted from its start."""
        return []

    def every(self) -> list[Path]:
        return sorted(self.folder.glob("??/*.json"))

    def get(self, key: str, _place: Place = NOWHERE, /) -> Call | None:
        try:
            return Call.model_validate_json(self._path(key).read_bytes())
        except (FileNotFoundError, ValidationError):  # not there, or kept by another version
            return None

    def check_room(self) -> None:
        require_room(self.folder / "calls")

    def append(self, record: Call) -> None:
        path = self._path(record.key)
        beside = path.with_suffix(f".{id(self)}")
        with explained(path, "write"):
            path.parent.mkdir(exist_ok=True)
            beside.write_bytes(record.model_dump_json().encode())
            beside.replace(path)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"
