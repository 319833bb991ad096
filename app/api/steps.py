"""/v1/runs/{run}/pipeline and /calls: the steps of a run, and what a model answered in one."""

from typing import Annotated

from fastapi import APIRouter, Path

from agents.schema import Call, Strict
from app.api.access import Given, Viewer
from app.api.problems import ProblemError, ProblemKind, documented
from app.api.runs import RunId
from app.jobs.work import find_call
from app.steps import Pipeline, from_events, from_report
from prompts import PromptError, load

router = APIRouter(prefix="/v1/runs", tags=["runs"])


class CallDetail(Strict):
    """A model call with its answer, and the template of its prompt as it is in this version."""

    call: Call
    template: str | None


@router.get(
    "/{run}/pipeline",
    operation_id="get_pipeline",
    summary="The steps of a run: who did what, when",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_pipeline(run: RunId, service: Given, caller: Viewer) -> Pipeline:
    """Of a run that is under way as far as its events tell; of one with a report from that."""
    job = service.jobs.store.get(run, caller.sees)
    if job.state.is_final and job.ended and job.ended.status:
        return from_report(service.jobs.report(run, caller.sees))
    return from_events(service.jobs.feed(run).read())


@router.get(
    "/{run}/calls/{number}",
    operation_id="get_call",
    summary="One model call of a run, with its answer",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_call(
    run: RunId, number: Annotated[int, Path(ge=0, lt=1_000_000)], service: Given, caller: Viewer
) -> CallDetail:
    """By its number in the report's calls, from 0."""
    job = service.jobs.store.get(run, caller.sees)
    call = find_call(service.jobs.folder(job), number)
    if call is None:
        raise ProblemError(ProblemKind.NOT_FOUND, f"run {run} has no call {number}")
    return CallDetail(call=call, template=_template(call.prompt))


def _template(prompt: str) -> str | None:
    """None for a prompt of another version."""
    try:
        return load(prompt).body
    except PromptError:
        return None
