"""Runs made before."""

from pathlib import Path

from agents import Run, RunError, open_run, run_names
from agents.schema import Strict


class PastRun(Strict):
    """A run, in a line."""

    run: str
    question: str
    status: str
    hypotheses: int


def list_runs(runs: Path) -> list[PastRun]:
    """Newest first. A damaged one is listed as such: its folder may still hold paid answers."""
    return [_look(runs, name) for name in run_names(runs)]


def find_run(runs: Path, name: str) -> Run:
    """By id, or by the path of a folder that lies elsewhere. Raises RunError."""
    path = Path(name).expanduser()
    return open_run(path.resolve().parent, path.resolve().name) if "/" in name else open_run(runs, name)


def _look(runs: Path, name: str) -> PastRun:
    try:
        run = open_run(runs, name)
        report = run.report()
    except RunError:
        return PastRun(run=name, question="", status="damaged", hypotheses=0)
    status = report.status.value if report else "unfinished"
    return PastRun(
        run=name,
        question=run.record.question,
        status=status,
        hypotheses=len(report.hypotheses) if report else 0,
    )
