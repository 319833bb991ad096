"""The store refuses what is not its own, in a line."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.errors import MiningError, RecordDamaged, RunRefused
from agents.mining import JobState, MiningStore
from agents.mining.atlas import surprises
from agents.mining.meetings import contrasts
from agents.mining.schema import TransferPair
from tests.agents.mining.conftest import Adder, Planner
from tests.agents.samples import FINDING


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    MiningStore(tmp_path).close()
    with sqlite3.connect(tmp_path / "mining.sqlite") as database:
        database.execute("update meta set value = '0'")
    database.close()
    with pytest.raises(MiningError, match=r"made by another version \(format 0, this one has 3\)"):
        MiningStore(tmp_path)


def test_a_store_of_the_format_before_is_migrated(planned: Adder, tmp_path: Path) -> None:
    store = planned()
    folder, before = store.folder, store.progress("job")
    store.close()
    with sqlite3.connect(folder / "mining.sqlite") as database:
        database.execute("update meta set value = '2'")
        database.execute("alter table job drop column owner")
        database.execute("alter table job drop column wanted")
    database.close()
    with MiningStore(folder) as again:
        assert again.progress("job") == before
        assert again.owner("job") is None
        assert again.wanted() == []
        assert again.rows("select value from meta")[0]["value"] == "3"


def test_choosing_pairs_keeps_nobody_from_writing(planned: Adder, select: Planner) -> None:
    """A plan that takes long must not stop a job that runs beside it."""
    store, selection = planned(), select(name="slow")

    def slowly() -> Iterator[TransferPair]:
        for pair in selection.pairs():
            with MiningStore(store.folder) as other:
                other.set_wish("job", JobState.PAUSED)
            yield pair

    with MiningStore(store.folder) as planning:
        planning.add_job(selection.spec, "2.7", slowly(), lambda: selection.cells)
    assert sorted(store.jobs()) == ["job", "slow"]
    assert store.state("job") is JobState.PLANNED


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mining.sqlite").write_bytes(b"something else, and long enough to be looked at" * 20)
    with pytest.raises(MiningError, match="damaged or no store"):
        MiningStore(tmp_path)


def test_a_plan_is_kept_whole_or_not_at_all(planned: Adder) -> None:
    store = planned()
    with pytest.raises(MiningError, match="there is a job 'job' already"):
        planned()
    with pytest.raises(MiningError, match="nothing to try"):
        planned(name="empty", sources=["Networks"], targets=["Networks"])
    assert store.jobs() == ["job"]
    assert store.rows("select count(*) from pair where job = 'empty'")[0][0] == 0


def test_what_is_not_there_names_what_is(planned: Adder) -> None:
    store = planned()
    with pytest.raises(MiningError, match=r"no mining job 'x' in .*; there are: job"):
        store.progress("x")
    with pytest.raises(MiningError, match="has no pair whose id begins with 'zz'"):
        store.get_mined("job", "zz")
    with pytest.raises(MiningError, match="has no discipline 'Alchemy'; there are: Accelerators"):
        store.discipline("job", "Alchemy")


def test_pairs_come_in_the_order_of_the_plan_while_they_are_written(planned: Adder) -> None:
    store, seen = planned(), list[str]()
    for pair in store.open_pairs("job"):
        seen.append(pair.id)
        store.fail("job", pair.id, "for the test")
    assert len(seen) == len(set(seen)) == 20
    assert store.reopen_failed("job") == 20
    assert [pair.id for pair in store.open_pairs("job")] == seen


def test_where_nothing_may_be_written_it_is_still_read(
    planned: Adder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = planned()
    monkeypatch.setattr("os.access", lambda *_: False)
    for is_open_elsewhere in (True, False):
        with MiningStore(store.folder) as read_only:
            assert read_only.progress("job").pairs == 20
            with pytest.raises(RunRefused, match="may not be written: copy it to a folder of yours"):
                read_only.set_state("job", JobState.DONE)
        if is_open_elsewhere:
            store.close()


def test_a_record_that_cannot_be_read_hides_no_other(planned: Adder) -> None:
    store = planned()
    first, second, *_ = store.open_pairs("job")
    record = FINDING.model_dump_json()
    for pair, finding in ((first, "{"), (second, record)):
        store.do(
            "update pair set state = 'done', mark = 5, verdict = 'yes', finding = ? where id = ?",
            finding,
            pair.id,
        )
    assert [mined.pair.id for mined in store.mined("job")] == [second.id]
    assert {surprise.mined.pair.id for surprise in surprises(store, "job", 9)} <= {second.id}
    with pytest.raises(RecordDamaged, match="another version"):
        store.get_mined("job", first.id)
    store.do("insert into contrast values ('job', 'a', 'b', 'scripted', '{')")
    assert contrasts(store, "job") == []


@pytest.mark.slow
@pytest.mark.parametrize("column", ["state", "spec"])
def test_a_job_that_cannot_be_read_hides_no_other(planned: Adder, select: Planner, column: str) -> None:
    store, selection = planned(), select(name="healthy")
    store.add_job(selection.spec, "2.7", selection.pairs(), lambda: selection.cells)
    store.do(f"update job set {column} = 'of tomorrow' where id = 'job'")  # noqa: S608 - a name of ours
    assert "healthy" in [progress.job for progress in store.overview()]
    with pytest.raises(RecordDamaged):
        store.spec("job") if column == "spec" else store.state("job")
