"""What survives a bad day: faults in 30 % of all calls, and a process killed at a random moment.

Run: python -m bench.faults

Each of 20 runs asks for 6 perspectives through the command line, from a server that fails three answers in
ten (429, 500, cut connections and streams, web pages, broken JSON, wrong shapes, empty and endless answers).
The process is killed with SIGKILL at a random moment and resumed, twice. Counted over all runs: reports,
recorded calls that a kill lost, and recorded answers that were paid for again. Only calls in flight at the
kill may be asked again, as nobody has seen their answers.
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
    faults = chance(SHARE, seed=seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        ScriptedServer(faults=faults, delay_s=0.2, retry_after_s=0.1) as server,
    ):
        runs = Path(folder)
        paid_again = 0
        for _ in range(KILLS):
            kill_midway(runs, server.base_url, dice.uniform(0.2, 2.0))
            count.kills += 1
            before, delivered = recorded(runs), Counter(server.delivered)
            ask(runs, server.base_url).communicate()
            count.calls_lost += len(before - recorded(runs))
            paid_again += sum(server.delivered[key] > delivered[key] for key in before)
        count.recorded_calls_paid_again = paid_again
        count.calls, count.faults = server.delivered.total(), server.injected.total()
        judge(runs, count)
    return count


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


def kill_midway(runs: Path, url: str, seconds: float) -> None:
    """Killed that long after its first call is recorded, so that there is something to lose."""
    process = ask(runs, url)
    known = len(recorded(runs))
    while len(recorded(runs)) == known and process.poll() is None:
        time.sleep(0.02)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()


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
