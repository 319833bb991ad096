"""What a Ray worker does, and how its results reach the store. The cluster is in bench/mining/__main__.py."""

import time
from pathlib import Path

import pytest

import physh
from agents.mining import JobState, PairState
from agents.mining.calls import FolderCalls
from agents.mining.shared_folder import StopSignal, watch_for_stop
from agents.model import Endpoint
from agents.scripted import InjectedFault, listed
from tests.agents.mining.conftest import Adder
from tests.agents.mining.test_running import go
from tests.conftest import ServerFactory

pa = pytest.importorskip("pyarrow", reason="pyarrow comes with the extra ray")


def test_a_worker_answers_a_block_and_the_store_takes_it_in(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, tmp_path: Path
) -> None:
    from pyarrow import parquet

    from agents.mining.on_ray import MiningWorker
    from agents.mining.shared_folder import ResultCollector

    store, server = planned(pairs=6), scripted()
    folder, spec = tmp_path / "job", store.spec("job")
    folder.mkdir()
    endpoint = Endpoint(name="scripted", base_url=server.base_url)
    pairs = list(store.open_pairs("job"))
    table = pa.table({"id": [p.id for p in pairs], "pair": [p.model_dump_json() for p in pairs]})
    answered = MiningWorker(ontology, endpoint, spec, str(folder), 3)(table)
    assert answered["id"].to_pylist() == [pair.id for pair in pairs]
    assert not any(answered["reason"].to_pylist())

    again = MiningWorker(ontology, endpoint, spec, str(folder), 3)(table)
    assert again == answered
    assert max(server.requests.values()) == 1

    (folder / "results").mkdir()
    parquet.write_table(answered, folder / "results" / "part.parquet")
    (folder / "results" / "cut.parquet").write_bytes(b"PAR1")
    for _ in range(2):
        ResultCollector(folder).bring_in(store, "job")
        progress = store.progress("job")
        assert (progress.done, progress.calls) == (6, 6)
    assert store.state("job") is JobState.PLANNED
    assert {one.state for one in store.mined("job")} == {PairState.DONE}


def test_a_step_that_failed_says_why(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, tmp_path: Path
) -> None:
    from agents.mining.on_ray import MiningWorker

    store = planned(pairs=1)
    endpoint = Endpoint(name="scripted", base_url=scripted(faults=listed(InjectedFault.REFUSED)).base_url)
    pair = next(store.open_pairs("job"))
    table = pa.table({"id": [pair.id], "pair": [pair.model_dump_json()]})
    answered = MiningWorker(ontology, endpoint, store.spec("job"), str(tmp_path), 1)(table)
    assert answered["finding"].to_pylist() == [""]
    assert "refuses this request" in answered["reason"].to_pylist()[0]


def test_a_spent_budget_or_a_pause_leaves_pairs_open(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, tmp_path: Path
) -> None:
    from agents.mining.on_ray import MiningWorker

    store = planned(pairs=6, budget={"tokens": 4_000})
    endpoint = Endpoint(name="scripted", base_url=scripted().base_url)
    pairs = list(store.open_pairs("job"))
    table = pa.table({"id": [p.id for p in pairs], "pair": [p.model_dump_json() for p in pairs]})
    worker = MiningWorker(ontology, endpoint, store.spec("job"), str(tmp_path), 1)
    ended = worker(table)
    assert 0 < len(ended) < 6
    assert all(ended["finding"].to_pylist())
    signal = StopSignal(tmp_path)
    assert signal.state is JobState.BUDGET
    assert worker(table).num_rows == 0, "the others hear of it"
    signal.clear()
    signal.send(JobState.PAUSED)
    empty = MiningWorker(ontology, endpoint, store.spec("job"), str(tmp_path), 1)(table)
    assert (empty.num_rows, empty.schema) == (0, ended.schema)


@pytest.mark.slow
def test_a_wish_reaches_the_workers(planned: Adder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.mining.shared_folder.LOOK_S", 0.01)
    store, signal, shown = planned(pairs=2), StopSignal(tmp_path), list[int]()
    with watch_for_stop(store.folder, "job", signal, lambda own: shown.append(own.progress("job").pairs)):
        store.set_wish("job", JobState.PAUSED)
        for _ in range(500):
            if signal.state and shown:
                break
            time.sleep(0.01)
    assert signal.state is JobState.PAUSED
    assert set(shown) == {2}


def test_a_worker_has_its_part_of_what_is_left(planned: Adder) -> None:
    from agents.mining.on_ray import _share

    store = planned(pairs=2, budget={"tokens": 10_000})
    so_far = store.progress("job").model_copy(update={"tokens": 4_000})
    assert _share(store.spec("job"), so_far, 3).budget.tokens == 2_000
    spent = so_far.model_copy(update={"tokens": 12_000})
    assert _share(store.spec("job"), spent, 3).budget.tokens == 1


def test_a_call_of_another_version_is_asked_again(tmp_path: Path) -> None:
    calls = FolderCalls(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abc.json").write_text('{"key": "abc", "unknown": 1}')
    assert calls.get("abc") is None
    assert calls.get("none") is None


async def test_what_the_store_has_paid_for_reaches_no_worker(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    from agents.mining.on_ray import _answer_known

    store, server = planned(pairs=3), scripted()
    await go(store, server, ontology)
    planned(name="twin", pairs=5)
    await _answer_known(store, "twin", Endpoint(name="scripted", base_url=server.base_url), ontology)
    twin = store.progress("twin")
    assert (twin.done, twin.failed, twin.calls, sum(server.requests.values())) == (3, 0, 0, 3)
