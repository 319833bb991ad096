"""Whole runs on ten questions over five disciplines: how many claims are tested, verdicts, seconds.

python -m bench.real_runs [--first N] [--questions FILE] [--runs FOLDER] [-- OPTIONS OF hypofind ask]

Each run is `hypofind ask` as it stands, with the embedded model unless the options name another. A run that
the folder holds is read and not made again. One line of JSON a run, then the sums. A file of questions
has one a line.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from agents.experiments.verdicts import UNTESTED
from agents.schema import Report
from tools.experiments import Verdict

QUESTIONS: Sequence[tuple[str, str]] = (
    ("condensed matter", "How do domain walls form and vanish when a magnet cools through its transition?"),
    ("condensed matter", "What decides whether electrons in a narrow ribbon of graphene conduct?"),
    ("statistical physics", "Why do some diseases die out among contacts while others become endemic?"),
    ("statistical physics", "When does a mixture of two liquids separate, and how do its droplets grow?"),
    ("quantum information", "What limits how long a superconducting qubit keeps its phase?"),
    ("quantum information", "How does the coupling between an atom and a cavity change the light in it?"),
    ("nonlinear dynamics", "How do coupled oscillators come to beat together, and what keeps them apart?"),
    ("nonlinear dynamics", "What sets the speed and the width of a travelling reaction front?"),
    ("astrophysics", "Why do massive stars live so much shorter than light ones?"),
    ("astrophysics", "How does a planet's temperature depend on its distance and its albedo?"),
)


def main() -> None:
    options = _options()
    questions = QUESTIONS
    if options.questions:
        lines = options.questions.read_text(encoding="utf-8").splitlines()
        questions = [("own", line) for line in lines if line.strip()]
    totals: Counter[str] = Counter()
    for number, (field, question) in enumerate(questions[: options.first], start=1):
        report, seconds = _run(options.runs / f"{number:02}", question, options.ask)
        told = summarise(report) | {"field": field, "question": question, "wall_s": round(seconds, 1)}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        totals.update({name: value for name, value in told.items() if isinstance(value, int)})
        totals["runs"] += 1
        totals["runs_with_a_tested_claim"] += told["tested"] > 0  # type: ignore[operator]  # a count
    sys.stdout.write(json.dumps({"sum": dict(totals)}) + "\n")


def summarise(report: Report) -> dict[str, object]:
    """Return what the tests of a run came to, and what took how long."""
    tests = [test for hypothesis in report.hypotheses for test in hypothesis.attempts]
    verdicts = Counter(UNTESTED if t.verdict is Verdict.OUTSIDE else t.verdict.value for t in tests)
    return {
        "hypotheses": len(report.hypotheses),
        "claims": len(tests),
        "tested": len(tests) - verdicts[UNTESTED],
        **{verdict: verdicts[verdict] for verdict in ("survived", "refuted", "undecided", UNTESTED)},
        "revised": sum(test.key.endswith("/revised") for test in tests),
        "from_data": sum(hypothesis.found_in_data is not None for hypothesis in report.hypotheses),
        "instruments": sorted({t.result.experiment.instrument for t in tests if t.result.experiment}),
        "model_s": report.usage.model_seconds,
        "measuring_s": round(sum(test.result.seconds for test in tests), 1),
        "model_calls": report.usage.calls,
    }


def _run(folder: Path, question: str, ask: Sequence[str]) -> tuple[Report, float]:
    """The report of a run in this folder, made now unless it is there. The seconds are of the clock."""
    known = next(_reports(folder), None)
    if known is not None:
        return known, 0.0
    start = time.monotonic()
    started = [sys.executable, "-c", "from app.cli import main; main()", "ask", "--out", str(folder)]
    command = [*started, *ask, "--", question]
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own
    report = next(_reports(folder), None)
    if report is None:
        raise SystemExit(f"hypofind ended with {ended.returncode} and left no report in {folder}")
    return report, time.monotonic() - start


def _reports(folder: Path) -> Iterator[Report]:
    for path in sorted(folder.glob("*/report.json")):
        yield Report.model_validate_json(path.read_bytes())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.real_runs", description=__doc__)
    parser.add_argument("--first", type=int, default=len(QUESTIONS), help="only so many questions")
    parser.add_argument("--questions", type=Path, help="a file, one question a line")
    parser.add_argument("--runs", type=Path, default=Path("real-runs"), help="where the runs are kept")
    parser.add_argument("ask", nargs="*", help="options of hypofind ask, behind --")
    return parser.parse_args()


if __name__ == "__main__":
    main()
