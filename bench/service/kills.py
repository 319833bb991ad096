"""SIGKILL at random moments while runs, mining jobs and tests are worked on, and a start after each.

Counted: runs, mining jobs and tests that did not end, calls that were on disk before a kill and were asked
for again after it (the one in flight may be: nobody has seen its answer), tests that had ended and changed,
and runs whose events are not numbered 1, 2, 3, …
"""

import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from agents.mining import JobState, MiningStore, Strategy
from agents.mining.database import FILE as FILE_OF_MINING
from agents.model import Journal
from agents.scripted import ScriptedServer
from app.api.long_tests import TestInfo
from app.api.mining_schema import NewMining
from app.client import Client
from app.jobs.benches import LongTest
from app.jobs.events import EVENTS
from app.jobs.feed import FILE
from app.jobs.state import RunState
from app.settings.sections import RunChoices
from bench.service.running import Running, serving

WAITING = 4  # questions that are always open, so that every kill hits some
TESTS = 2  # that are always open
PAIRS = 12  # of a mining job; one is always under way
CLAIM = (
    "In the two-dimensional Ising model the magnetisation falls as the temperature rises from 1 to 4 J/k_B."
)
PERSPECTIVES = 2
AT_WORK = 0.8  # share of the kills that wait for some answers; the others hit the start
ANSWERS = 6  # at most
LONGEST_S = 60.0  # that they are waited for


def kill(kills: int, seed: int) -> int:
    """The exit code: 0 if nothing was lost or repeated."""
    drawn, asked, repeated, back = random.Random(seed), 0, 0, []  # noqa: S311 - moments, not secrets
    names: list[str] = []
    others = _Others()
    with ScriptedServer(delay_s=0.2) as model, serving(model) as running:
        for number in range(kills):
            if drawn.random() < AT_WORK:
                running.wait("/readyz")  # a mining job is planned only then
            with running.client() as client:
                asked += _top_up(client, names, asked)
                others.top_up(client)
            _wait_for_work(model, drawn)
            running.kill()
            recorded = _recorded(running.runs, names) | _mined(running.folder / "mining")
            before = model.requests.copy()
            begun = time.monotonic()
            running.start()
            back.append(time.monotonic() - begun)
            repeated += _repeated(model, before, recorded)
            print(
                f"kill {number + 1} of {kills}: {len(names)} runs, {len(others.mining)} mining jobs, "
                f"{len(others.tests)} tests, {len(recorded)} calls on disk",
                flush=True,
            )
        lost = _lost(running, names) + others.count_lost(running)
        disordered = sum(not _in_order(running.runs / name) for name in names)
    print(
        f"kills {kills}, seed {seed}: runs {len(names)}, mining jobs {len(others.mining)}, tests "
        f"{len(others.tests)}, lost {lost}; calls on disk repeated {repeated}; ended tests that changed "
        f"{others.changed}; "
        f"event files out of order {disordered}; back after {statistics.median(back):.1f} s (median; "
        f"longest {max(back):.1f} s)"
    )
    return int(bool(lost or repeated or disordered or others.changed))


@dataclass
class _Others:
    """Mining jobs and tests beside the runs."""

    mining: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    ended: dict[str, TestInfo] = field(default_factory=dict)
    changed: int = 0

    def top_up(self, client: Client) -> None:
        """Keep one mining job and some tests open, and look whether what had ended has stayed as it was."""
        for name, before in self.ended.items():
            self.changed += client.queued_test(name) != before
        found = [client.queued_test(name) for name in self.tests if name not in self.ended]
        self.ended |= {one.id: one for one in found if one.state.is_final}
        for _ in range(TESTS - sum(not one.state.is_final for one in found)):
            self.tests.append(
                client.queue_test(LongTest(statement=CLAIM, seconds=5, seed=len(self.tests))).id
            )
        jobs = {one.job: one.state for one in client.mining_jobs()}
        idle = all(jobs.get(name) in (JobState.DONE, None) for name in self.mining)
        if idle and client.readiness().ready:  # else at the next kill
            self._mine(client)

    def _mine(self, client: Client) -> None:
        name = f"mine-{len(self.mining)}"
        chosen = NewMining(name=name, pairs=PAIRS, strategy=Strategy.RANDOM, seed=len(self.mining))
        client.plan_mining(chosen)
        client.steer_mining(name, "start")
        self.mining.append(name)

    def count_lost(self, running: Running) -> int:
        """Return how many tests and mining jobs do not end."""
        lost = 0
        with running.client() as client:
            for name in self.tests:
                lost += client.wait_for_test(name, 600).state is not RunState.SUCCEEDED
            for name in self.mining:
                end = time.monotonic() + 600
                while client.mining_job(name).state is not JobState.DONE and time.monotonic() < end:
                    time.sleep(0.5)
                lost += client.mining_job(name).state is not JobState.DONE
        return lost


def _mined(folder: Path) -> set[str]:
    """Return the keys of the calls of all mining jobs."""
    if not (folder / FILE_OF_MINING).exists():
        return set()
    with MiningStore(folder) as store:
        return {row["key"] for row in store.rows("select key from call")}


def _wait_for_work(model: ScriptedServer, drawn: random.Random) -> None:
    """To a random moment within a random answer, or within the start."""
    enough = model.delivered.total() + drawn.randint(1, ANSWERS)
    end = time.monotonic() + LONGEST_S
    if drawn.random() < AT_WORK:
        while model.delivered.total() < enough and time.monotonic() < end:
            time.sleep(0.005)
    time.sleep(drawn.uniform(0, 0.4))


def _top_up(client: Client, names: list[str], asked: int) -> int:
    open_now = sum(len(client.runs(state=s, limit=100).items) for s in (RunState.QUEUED, RunState.RUNNING))
    new = max(0, WAITING - open_now)
    for number in range(new):
        question = f"Why does sample {asked + number} age more slowly at high pressure?"
        names.append(client.ask(question, settings=RunChoices(perspectives=PERSPECTIVES)).id)
    return new


def _recorded(runs: Path, names: list[str]) -> set[str]:
    journals = (runs / name / "calls.jsonl" for name in names)
    return {call.key for path in journals if path.exists() for call in Journal(path).calls}


def _repeated(model: ScriptedServer, before: dict[str, int], recorded: set[str]) -> int:
    return sum(model.requests[key] > before.get(key, 0) for key in recorded)


def _lost(running: Running, names: list[str]) -> int:
    with running.client() as client:
        ended = [client.wait(name, 600) for name in names]
    return sum(run.state is not RunState.SUCCEEDED for run in ended)


def _in_order(folder: Path) -> bool:
    lines = (folder / FILE).read_bytes().splitlines()
    return [EVENTS.validate_json(line).id for line in lines] == list(range(1, len(lines) + 1))
