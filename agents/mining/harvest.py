"""Brings what workers have written into the store."""

from pathlib import Path

from agents.mining.calls import JobCalls
from agents.mining.running import Shown
from agents.mining.schema import Finding
from agents.mining.shared_calls import FolderCalls
from agents.mining.store import Store
from agents.schema import Call


class Harvest:
    """Reads every file of a job's folder once. Again changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Path] = set()

    def bring_in(self, store: Store, job: str) -> None:
        kept = JobCalls(store, job)
        for path in FolderCalls(self._folder / "calls").every():
            if path not in self._seen and not store.rows("select 1 from call where key = ?", path.stem):
                kept.append(Call.model_validate_json(path.read_bytes()))
            self._seen.add(path)
        self._bring_results(store, job)

    def show(self, job: str, shown: Shown, store: Store) -> None:
        """How far it is: what calls took is told at the end."""
        self._bring_results(store, job)
        shown(store.progress(job))

    def _bring_results(self, store: Store, job: str) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        for path in set((self._folder / "results").glob("*.parquet")) - self._seen:
            try:
                rows = parquet.read_table(path).to_pylist()
            except (pa.ArrowInvalid, OSError):  # being written, or cut by a kill: its calls are kept
                continue
            for row in rows:
                if row["finding"]:
                    store.finish(job, row["id"], Finding.model_validate_json(row["finding"]))
                else:
                    store.fail(job, row["id"], row["reason"])
            self._seen.add(path)
