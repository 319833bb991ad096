"""SIGKILL at random moments while questions are answered; the service is started again after each.

Counted: jobs that did not end, calls that were on disk before a kill and were asked for again after it (the
one in flight may be: nobody has seen its answer), and runs whose events are not numbered 1, 2, 3, …
"""

import random
import statistics
import time
from pathlib import Path

from agents.model import Journal
from agents.scripted import ScriptedServer
from app.client import Client
from app.jobs.events import EVENTS
from app.jobs.feed import FILE
from app.jobs.state import RunState
from app.settings.sections import RunChoices
from bench.service.running import Running, serving

WAITING = 6  # questions that are always open, so that every kill hits some
PERSPECTIVES = 2
AT_WORK = 0.8  # share of the kills that wait for some answers; the others hit the start
ANSWERS = 6  # at most
LONGEST_S = 60.0  # that they are waited for


def kill(kills: int, seed: int) -> int:
    """The exit code: 0 if nothing was lost or repeated."""
    drawn, asked, repeated, back = random.Random(seed), 0, 0, []  # noqa: S311 - moments, not secrets
    names: list[str] = []
    with ScriptedServer(delay_s=0.2) as model, serving(model) as running:
        for number in range(kills):
            with running.client() as client:
                asked += _top_up(client, names, asked)
            _wait_for_work(model, drawn)
            running.kill()
            recorded, before = _recorded(running.runs, names), model.requests.copy()
            begun = time.monotonic()
            running.start()
            back.append(time.monotonic() - begun)
            repeated += _repeated(model, before, recorded)
            print(
                f"kill {number + 1} of {kills}: {len(names)} jobs, {len(recorded)} calls on disk", flush=True
            )
        lost = _lost(running, names)
        disordered = sum(not _in_order(running.runs / name) for name in names)
    print(
        f"kills {kills}, seed {seed}: jobs {len(names)}, lost {lost}; calls on disk repeated {repeated}; "
        f"event files out of order {disordered}; back after {statistics.median(back):.1f} s (median; "
        f"longest {max(back):.1f} s)"
    )
    return int(bool(lost or repeated or disordered))


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
