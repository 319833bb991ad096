"""Workers answer in order, and what stalls or dies costs one sample."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.generation.errors import NotStarted
from tools.generation.judging import pool
from tools.generation.judging.facts import MoleculeFacts, RequestedFacts, SampleFinding
from tools.generation.judging.pool import CHUNK, Workers
from tools.generation.schema import LossReason, Sample, SampleForm

STALLING = """
import os, signal, time
from tools.generation.judging import examine as real, worker
def examine(sample, wanted):
    if sample.text == "stall":
        time.sleep(60)
    if sample.text == "work":
        sum(range(10**10))
    if sample.text == "wait":
        time.sleep(2)
    if sample.text == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    return real.examine(sample, wanted)
worker.examine = examine
worker.serve()
"""


@pytest.fixture
def stalling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that stall or die when a sample says so."""
    (tmp_path / "stalling_worker.py").write_text(STALLING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pool, "SERVE", "import stalling_worker")


def said(finding: SampleFinding) -> str | LossReason | None:
    if isinstance(finding.facts, MoleculeFacts):
        return finding.facts.smiles
    return finding.loss.reason if finding.loss else None


def sample(text: str) -> Sample:
    return Sample(form=SampleForm.SMILES, text=text)


def test_findings_come_in_the_order_of_the_samples() -> None:
    texts = ["C" * (k % 7 + 1) for k in range(3 * CHUNK + 5)]
    with Workers(2, 20) as workers:
        found = [(s.text, said(f)) for s, f in workers.examine(map(sample, texts), RequestedFacts())]
        assert found == [(text, text) for text in texts]
        assert list(workers.examine(iter(()), RequestedFacts())) == []


@pytest.mark.slow
@pytest.mark.usefixtures("stalling")
def test_what_stalls_or_dies_is_lost_alone() -> None:
    texts = ["C", "stall", "CC", "die", "CCC", "work"]
    with Workers(1, 0.5) as workers:
        found = [said(f) for _, f in workers.examine(map(sample, texts), RequestedFacts())]
    assert found == ["C", LossReason.TOO_SLOW, "CC", LossReason.CRASHED, "CCC", LossReason.TOO_SLOW]


@pytest.mark.slow
@pytest.mark.usefixtures("stalling")
def test_time_in_which_the_machine_does_something_else_does_not_count() -> None:
    """As much longer than the limit as a process on a busy machine would take."""
    with Workers(1, 1) as workers:
        waited, worked = [
            f.loss for _, f in workers.examine([sample("wait"), sample("work")], RequestedFacts())
        ]
    assert (waited and waited.reason) is LossReason.NOT_SMILES
    assert (worked and worked.detail) == "not done after 1 s of a core"


def test_only_as_much_of_a_stream_is_read_as_is_worked_on() -> None:
    taken = 0

    def stream() -> Iterator[Sample]:
        nonlocal taken
        for _ in range(100_000):
            taken += 1
            yield sample("C")

    with Workers(1, 20) as workers:
        next(iter(workers.examine(stream(), RequestedFacts())))
    assert taken <= (pool.AHEAD + 1) * CHUNK


def test_no_process_is_left_behind() -> None:
    with Workers(1, 20) as workers:
        list(workers.examine([sample("C")], RequestedFacts()))
        (pid,) = workers.pids
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_that_is_stopped_in_between_is_replaced() -> None:
    with Workers(1, 20) as workers:
        list(workers.examine([sample("C")], RequestedFacts()))
        os.kill(workers.pids[0], signal.SIGKILL)
        time.sleep(0.1)
        assert [said(f) for _, f in workers.examine([sample("C"), sample("CC")], RequestedFacts())] == [
            "C",
            "CC",
        ]


STARTS_LATE = """
import pathlib, time
marker = pathlib.Path({marker!r})
if not marker.exists():
    marker.touch()
    time.sleep(60)
from tools.generation.judging.worker import serve
serve()
"""


@pytest.mark.slow
def test_a_start_that_stalls_costs_no_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SERVE", STARTS_LATE.format(marker=str(tmp_path / "once")))
    monkeypatch.setattr(pool, "STARTING", 15.0)
    with Workers(1, 0.5) as workers:
        found = [said(f) for _, f in workers.examine([sample("C"), sample("CC")], RequestedFacts())]
    assert found == ["C", "CC"]


@pytest.mark.slow
@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "raise SystemExit(3)"])
def test_a_process_that_never_comes_up_is_said(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SERVE", code)
    monkeypatch.setattr(pool, "STARTING", 0.1)
    with Workers(1, 20) as workers, pytest.raises(NotStarted, match="did not come up in 3 tries"):
        list(workers.examine([sample("C")], RequestedFacts()))
