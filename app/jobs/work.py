"""Answers one job: the run's folder, the report, and what is told of them."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

import agents
from agents import AgentsError, Report, Run, open_run
from agents.concurrency import run_to_end
from agents.run import Parent
from agents.schema import Call, Status
from app.errors import AppError
from app.exports import render_all
from app.jobs.job import Job, JobOutcome, Spent
from app.jobs.progress import JobProgress
from app.jobs.state import RunState
from app.jobs.watching import Reporter, StopRequest
from app.literature import project_library
from app.settings import Settings
from physh import PhyshError
from prompts import PromptError
from retrieval import RetrievalError
from tools import ToolError
from tools.runner import BrokeOff

if TYPE_CHECKING:
    from app.runtime import Runtime

FORESEEN = (AppError, AgentsError, PhyshError, PromptError, RetrievalError, ToolError, OSError)
LOG_FORMAT = "%(asctime)s %(name)s: %(message)s"  # of the service, and of the process that answers
log = logging.getLogger("hypofind")


def with_choices(settings: Settings, job: Job) -> Settings:
    """The service's settings with what was chosen for this run, and the library of its project."""
    chosen = job.asked.settings.model_dump(exclude_unset=True)
    update: dict[str, object] = {"run": settings.run.model_copy(update=chosen)}
    shelves = project_library(settings, job.asked.project)
    if shelves is not None and shelves.is_dir():
        update["paths"] = settings.paths.model_copy(update={"library": shelves})
    elif not job.asked.library:
        update["literature"] = settings.literature.model_copy(update={"library": False})
    return settings.model_copy(update=update)


def answer(runtime: "Runtime", job: Job, reporter: Reporter) -> None:
    """From where the run's folder is. Raises what its parts raise."""
    runtime = replace(runtime, settings=with_choices(runtime.settings, job))
    runs = runtime.settings.paths.runs
    run = _begun(runs, job) or runtime.begin(
        job.asked.question, job.asked.pins, job.id, _parent(runs, job.asked.parent)
    )
    runtime.finish(run, reporter.watch)


def recount(run: Run) -> None:
    """The report's files, written anew with the marks that persons gave since. Raises AgentsError."""
    with run.writing():
        run.write(render_all(run_to_end(agents.recount(run))))


def _begun(runs: Path, job: Job) -> Run | None:
    return open_run(runs, job.id) if (runs / job.id / "run.json").exists() else None


def _parent(runs: Path, name: str | None) -> Parent | None:
    """Return the run that it is forked from. Its folder may be gone since: then its name alone."""
    if name is None:
        return None
    try:
        return open_run(runs, name).as_parent()
    except AgentsError:
        return Parent(run=name, report_sha256=None)


def reason_of(error: Exception) -> str:
    """In a line. What nobody foresaw goes to the log in full."""
    if isinstance(error, (*FORESEEN, BrokeOff)):  # the latter is in the log already
        return " ".join(str(error).split())
    log.error("a run broke off", exc_info=error)
    return f"this is a bug of ours ({type(error).__name__}): the service's log has the details"


def outcome(report: Report, stop: StopRequest) -> tuple[RunState, str | None]:
    if stop.asked:
        return RunState.CANCELLED, None
    if report.status is Status.FAILED:
        return RunState.FAILED, next((failure.reason for failure in report.failures), "no hypothesis")
    if not report.hypotheses:
        return RunState.FAILED, f"{report.status.value} before there was a hypothesis"
    return RunState.SUCCEEDED, None


def spent_in(folder: Path) -> Spent:
    """Return what the journal's readable lines add up to.

    A line that is being written or is damaged is left out: whoever resumes or replays the run is told of
    damage by the journal's own reader, and looking at a run must not depend on it.
    """
    calls = _read_calls(folder)
    costs = [call.cost_usd for call in calls]
    known = [cost for cost in costs if cost is not None]
    return Spent(
        calls=len(calls),
        input_tokens=sum(call.input_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        cost_usd=sum(known) if len(known) == len(costs) else None,
    )


def find_call(folder: Path, number: int) -> Call | None:
    """Return the call of this number, from 0 in the journal's order; None where there are fewer."""
    calls = _read_calls(folder)
    return calls[number] if number < len(calls) else None


def _read_calls(folder: Path) -> list[Call]:
    """Return the readable ones, each once."""
    try:
        lines = (folder / "calls.jsonl").read_bytes().split(b"\n")[:-1]
    except OSError:
        return []
    found: dict[str, Call] = {}
    for line in lines:
        if call := _read_call(line):
            found.setdefault(call.key, call)
    return list(found.values())


def _read_call(line: bytes) -> Call | None:
    try:
        return Call.model_validate_json(line)
    except ValidationError:
        return None


def summary(folder: Path, progress: JobProgress, report: Report | None) -> JobOutcome:
    models = sorted({h.model for h in report.hypotheses}) if report else []
    return JobOutcome(
        status=report.status if report else None,
        models=models,
        progress=progress,
        spent=spent_in(folder),
    )
