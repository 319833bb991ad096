"""Brings what workers have written into the store."""

import time
from pathlib import Path

from agents.mining.calls import FolderCalls, JobCalls
from agents.mining.rows import read_kept
from agents.mining.running import Shown
from agents.mining.schema import TransferFinding
from agents.mining.store import MiningStore


class ResultCollector:
    """Reads every file of a job's folder once. Again changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Path] = set()
        self._begun, self._ended = time.monotonic(), 0

    def bring_in(self, store: MiningStore, job: str) -> None:
        kept, written = JobCalls(store, job), FolderCalls(self._folder / "calls")
        for path in written.every():
            known = path in self._seen or store.rows("select 1 from call where key = ?", path.stem)
            if not known and (call := written.get(path.stem)):
                kept.append(call)
            self._seen.add(path)
        self._bring_results(store, job)

    def show(self, job: str, shown: Shown, store: MiningStore) -> None:
        """How far it is: what calls took is told at the end."""
        self._ended += self._bring_results(store, job)
        store.set_pace(job, self._ended, time.monotonic() - self._begun)
        shown(store.progress(job))

    def _bring_results(self, store: MiningStore, job: str) -> int:
        """How many pairs are new."""
        import pyarrow as pa
        from pyarrow import parquet

        new = 0
        for path in set((self._folder / "results").glob("*.parquet")) - self._seen:
            try:
                rows = parquet.read_table(path).to_pylist()
            except (pa.ArrowInvalid, OSError):  # being written, or cut by a kill: its calls are kept
                continue
            for row in rows:
                if row["finding"]:
                    store.finish(job, row["id"], read_kept(TransferFinding, row["finding"], job))
                else:
                    store.fail(job, row["id"], row["reason"])
            self._seen.add(path)
            new += len(rows)
        return new
