"""What survives a bad day: faults in 30 % of all calls, and a process killed at a random moment.

Run: python -m bench.faults

Each of 20 runs asks for 6 perspectives through the command line, from a server that fails three answers in
ten (429, 500, cut connections and streams, web pages, broken JSON, wrong shapes, empty and endless answers).
The process is killed with SIGKILL at two random moments, resumed after each, and then left to end. Counted
over all runs: reports, recorded calls that a kill lost, and recorded answers that were paid for again. Only
calls in flight at the kill may be asked again, as nobody has seen their answers.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from agents.model import Journal
from agents.scripted import ScriptedServer, chance

RUNS, PERSPECTIVES, SHARE, KILLS = 20, 6, 0.3, 2
QUESTION = "Why does the resistance of a polydomain film depend on its history?"


@dataclass
class Count:
    """Of one run, and added up over all."""

    reports: int = 0
    hypotheses: int = 0
    failed_perspectives: int = 0
    kills: int = 0
    calls: int = 0
    faults: int = 0
    calls_lost: int = 0
    recorded_calls_paid_again: int = 0
    replays_that_differ: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    total = Count()
    for seed in range(chosen.runs):
        add(total, one_run(seed))
        print(f"run {seed + 1} of {chosen.runs}", file=sys.stderr)
    if chosen.json:
        print(json.dumps(asdict(total)))
        return
    print(
        f"{chosen.runs} runs of {PERSPECTIVES} perspectives, faults in {SHARE:.0%} of calls, seeds 0 to n - 1"
    )
    for field in fields(Count):
        print(f"{field.name.replace('_', ' '):28}{getattr(total, field.name):6}")


def add(total: Count, part: Count) -> None:
    for field in fields(Count):
        setattr(total, field.name, getattr(total, field.name) + getattr(part, field.name))


def one_run(seed: int) -> Count:
    dice, count = random.Random(seed), Count()  # noqa: S311 - when to kill is no secret
    with (
        tempfile.TemporaryDirectory() as folder,
        ScriptedServer(faults=chance(SHARE, seed=seed), delay_s=0.2, retry_after_s=0.1) as server,
    ):
        runs = Path(folder)
        for _ in range(KILLS):
            with watched(runs, server, count) as process:
                count.kills += kill_midway(process, runs, dice.uniform(0.0, 1.0))
        with watched(runs, server, count) as process:
            process.communicate()
            assert process.returncode == 0, process.returncode
        count.calls, count.faults = server.delivered.total(), server.injected.total()
        judge(runs, count)
    return count


@contextmanager
def watched(runs: Path, server: ScriptedServer, count: Count) -> Iterator[subprocess.Popen[bytes]]:
    """A start of the run. What the journal held before must stand there after, and not be asked again."""
    before, delivered = recorded(runs), Counter(server.delivered)
    yield ask(runs, server.base_url)
    count.calls_lost += len(before - recorded(runs))
    count.recorded_calls_paid_again += sum(server.delivered[key] > delivered[key] for key in before)


def ask(runs: Path, url: str) -> subprocess.Popen[bytes]:
    """Begin a run, or go on with the one that is there."""
    begun = next((path.parent.name for path in runs.glob("*/run.json")), None)
    what = ["--resume", begun] if begun else [QUESTION, "-k", str(PERSPECTIVES)]
    return hypofind(runs, url, "ask", *what)


def hypofind(runs: Path, url: str, *words: str) -> subprocess.Popen[bytes]:
    given = {"MODEL__NAME": "scripted", "MODEL__BASE_URL": url, "PATHS__RUNS": str(runs)}
    environment = os.environ | {f"HYPOFIND_{name}": value for name, value in given.items()}
    command = [str(Path(sys.executable).with_name("hypofind")), *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command


def kill_midway(process: subprocess.Popen[bytes], runs: Path, seconds: float) -> bool:
    """Kill it that long after it recorded a call: there is something to lose. False if it had ended."""
    known = len(recorded(runs))
    while len(recorded(runs)) == known and process.poll() is None:
        time.sleep(0.02)
    time.sleep(seconds)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive


def recorded(runs: Path) -> set[str]:
    return {call.key for path in runs.glob("*/calls.jsonl") for call in Journal(path).calls}


def judge(runs: Path, count: Count) -> None:
    paths = list(runs.glob("*/report.json"))
    count.reports = len(paths)
    for path in paths:
        written = path.read_bytes()
        report = json.loads(written)
        count.hypotheses += len(report["hypotheses"])
        count.failed_perspectives += len(report["failures"])
        again, _ = hypofind(runs, "http://127.0.0.1:9/v1", "replay", path.parent.name, "--json").communicate()
        count.replays_that_differ += again != written


if __name__ == "__main__":
    main()
