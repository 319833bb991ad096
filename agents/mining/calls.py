"""Answered calls in the store, by content: what any job has asked before is not asked again."""

from collections.abc import Iterator

from pydantic import ValidationError

from agents.errors import ReplayMiss
from agents.mining.rows import read_kept
from agents.mining.store import Store
from agents.model.journal import Journal
from agents.model.keys import NOWHERE, Place
from agents.records import require_room
from agents.schema import Call

CHECK_ROOM_EVERY = 64  # calls


class JobCalls:
    """As a run's journal, for one job of a store. What other jobs have paid for is free."""

    replay = False

    def __init__(self, store: Store, job: str) -> None:
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


def write_journal(store: Store, job: str, journal: Journal) -> int:
    """The job's calls as a run's journal, from which `agents.scripted` answers. Returns how many."""
    count = 0
    for call in JobCalls(store, job).calls:
        journal.append(call)
        count += 1
    return count
