"""Answered calls, by content, so that nothing is asked again: in a store, or in files that workers share."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from agents.errors import ReplayMiss
from agents.files import explained
from agents.mining.rows import read_kept
from agents.mining.store import MiningStore
from agents.model.journal import NOWHERE, Journal, Place
from agents.records import require_room
from agents.schema import Call

CHECK_ROOM_EVERY = 64  # calls


class JobCalls:
    """As a run's journal, for one job of a store. What other jobs have paid for is free."""

    replay = False

    def __init__(self, store: MiningStore, job: str) -> None:
        self._store, self._job, self._asked = store, job, 0

    @property
    def calls(self) -> Iterator[Call]:
        """Those that this job has paid for. Raises MiningError for one of another version."""
        last = ""
        while rows := self._store.rows(
            "select key, record from call where job = ? and key > ? order by key limit 1000", self._job, last
        ):
            last = rows[-1]["key"]
            yield from (read_kept(Call, row["record"], self._job) for row in rows)

    def get(self, key: str, _place: Place = NOWHERE, /) -> Call | None:
        rows = self._store.rows("select record from call where key = ?", key)
        if not rows:
            return None
        try:
            return Call.model_validate_json(rows[0]["record"])
        except ValidationError:  # kept by another version: asked again
            self._store.do("delete from call where key = ?", key)
            return None

    def check_room(self) -> None:
        if self._asked % CHECK_ROOM_EVERY == 0:
            require_room(self._store.path)
        self._asked += 1

    def append(self, record: Call) -> None:
        self._store.do(
            "insert or ignore into call values (?, ?, ?, ?, ?)",
            record.key,
            self._job,
            record.input_tokens + record.output_tokens,
            record.cost_usd,
            record.model_dump_json(),
        )


class KnownCalls(JobCalls):
    """The same, but nothing is asked anew."""

    replay = True

    def get(self, key: str, _place: Place = NOWHERE, /) -> Call:
        call = super().get(key)
        if call is None:
            raise ReplayMiss("nobody has asked this yet")
        return call


def write_journal(store: MiningStore, job: str, journal: Journal) -> int:
    """The job's calls as a run's journal, from which `agents.scripted` answers. Returns how many."""
    count = 0
    for call in JobCalls(store, job).calls:
        journal.append(call)
        count += 1
    return count


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
