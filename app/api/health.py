"""/healthz, /readyz and /metrics, for whoever keeps the service running. Outside the OpenAPI document."""

import shutil

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.api.access import MAY_ADMINISTER, Given
from app.api.problems import without_paths
from app.api.schema import Readiness
from app.api.telemetry import Metrics
from app.health.finding import FindingState, HealthFinding
from app.jobs.errors import JobError
from app.jobs.jobs import JobService

router = APIRouter(include_in_schema=False)
LEAST_FREE = 50_000_000  # bytes: room for the runs that are under way


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(service: Given, response: Response) -> Readiness:
    """Needs no key, and says nothing of anybody's questions."""
    checks = [_check_database(service.jobs), service.jobs.workshop.finding, _check_disk(service.jobs)]
    checks = [check.model_copy(update={"found": without_paths(check.found)}) for check in checks]
    ready = all(check.state is FindingState.OK for check in checks)
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, checks=checks)


@router.get("/metrics", dependencies=[MAY_ADMINISTER])
def metrics(service: Given) -> Response:
    figures: Metrics = service.metrics
    figures.set_jobs(service.jobs.store.counts())
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


def _check_database(jobs: JobService) -> HealthFinding:
    try:
        counts = jobs.store.counts()
    except JobError as error:
        return HealthFinding(what="database", state=FindingState.MISSING, found=str(error))
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "no runs yet"
    return HealthFinding(what="database", state=FindingState.OK, found=told)


def _check_disk(jobs: JobService) -> HealthFinding:
    free = shutil.disk_usage(jobs.runs).free
    state = FindingState.OK if free >= LEAST_FREE else FindingState.MISSING
    return HealthFinding(what="disk", state=state, found=f"{free / 1e6:,.0f} MB free for runs")
