"""What a Ray worker does, and how its results reach the store. The cluster is in bench/mining.py."""

from pathlib import Path

import pytest

import physh
from agents.mining import JobState, PairState
from agents.mining.shared_calls import FolderCalls
from agents.model import Endpoint
from agents.scripted import Fault, listed
from tests.agents.mining.conftest import Adder
from tests.conftest import ServerFactory

pa = pytest.importorskip("pyarrow", reason="pyarrow comes with the extra ray")


def test_a_worker_answers_a_block_and_the_store_takes_it_in(
    planned: Adder, scripted: ServerFactory, core: physh.Ontology, tmp_path: Path
) -> None:
    from pyarrow import parquet

    from agents.mining.on_ray import Worker, bring_in

    store, server = planned(pairs=6), scripted()
    calls, spec = tmp_path / "job" / "calls", store.spec("job")
    endpoint = Endpoint(name="scripted", base_url=server.base_url)
    pairs = list(store.open_pairs("job"))
    table = pa.table({"id": [p.id for p in pairs], "pair": [p.model_dump_json() for p in pairs]})
    answered = Worker(core, endpoint, spec, str(calls), 3)(table)
    assert answered["id"] == [pair.id for pair in pairs]
    assert not any(answered["reason"])

    again = Worker(core, endpoint, spec, str(calls), 3)(table)
    assert again == answered
    assert max(server.requests.values()) == 1

    (tmp_path / "job" / "results").mkdir()
    parquet.write_table(pa.table(dict(answered)), tmp_path / "job" / "results" / "part.parquet")
    for _ in range(2):
        bring_in(store, "job", tmp_path / "job")
        progress = store.progress("job")
        assert (progress.done, progress.calls) == (6, 6)
    assert store.state("job") is JobState.PLANNED
    assert {one.state for one in store.mined("job")} == {PairState.DONE}


def test_a_step_that_failed_says_why(
    planned: Adder, scripted: ServerFactory, core: physh.Ontology, tmp_path: Path
) -> None:
    from agents.mining.on_ray import Worker

    store = planned(pairs=1)
    endpoint = Endpoint(name="scripted", base_url=scripted(faults=listed(Fault.REFUSED)).base_url)
    pair = next(store.open_pairs("job"))
    table = pa.table({"id": [pair.id], "pair": [pair.model_dump_json()]})
    answered = Worker(core, endpoint, store.spec("job"), str(tmp_path), 1)(table)
    assert answered["finding"] == [""]
    assert "refuses this request" in answered["reason"][0]


def test_a_call_of_another_version_is_asked_again(tmp_path: Path) -> None:
    calls = FolderCalls(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abc.json").write_text('{"key": "abc", "unknown": 1}')
    assert calls.get("abc") is None
    assert calls.get("none") is None
