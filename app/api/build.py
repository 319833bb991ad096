"""The application, put together."""

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi

from agents.schema import Report
from app.api import (
    atlas,
    concepts,
    crates,
    data,
    events,
    forks,
    health,
    hypotheses,
    links,
    long_tests,
    long_tools,
    mining,
    mining_export,
    problems,
    projects,
    recorded,
    reports,
    runs,
    tests,
    tools,
)
from app.api.access import Limiter, Service
from app.api.guard import Guard
from app.api.schema import Problem
from app.api.telemetry import Metrics, MetricsMiddleware, make_telemetry
from app.checking import CheckHypothesis
from app.hosts import host_rule
from app.jobs.activity import Activities
from app.jobs.jobs import JobService
from app.jobs.keys import Keys
from app.jobs.links import Links
from app.jobs.people import Projects
from app.settings import Settings
from tools import Tool, all_tools
from tools.runner import Runner

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

VERSION = "1.0.0"  # of the interface
_describing = threading.Lock()
ABOUT = """Questions in physics and materials science become ranked, testable hypotheses.

A question is handed in and becomes a run; it is answered in the background, can be followed by server-sent
events, and ends with a report. No field of any request takes an address to fetch from.
"""


def create_app(
    settings: Settings, available: Sequence[Tool] | None = None, runner: Runner | None = None
) -> FastAPI:
    """Opens the jobs at once and closes them with the application. Raises what JobService raises."""
    jobs = JobService(settings, runner, available)
    service = Service(
        jobs,
        Keys(jobs.database),
        Limiter(settings.service.requests_per_minute),
        Metrics(),
        Links(jobs.database),
        Projects(jobs.database),
        Activities(jobs.database),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.close()

    app = _make_app(settings, lifespan)
    app.state.service = service
    _add_routes(app, settings, all_tools() if available is None else available, jobs.runner)
    problems.install(app)
    app.add_exception_handler(runs.NotModified, runs.not_modified)
    _add_middleware(app, settings, service)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def describe_interface(settings: Settings) -> dict[str, Any]:
    """Return the OpenAPI document of the service with every tool. Nothing is opened or started."""
    app = _make_app(settings)
    _add_routes(app, settings, all_tools(), Runner())
    return _describe(app)


def _make_app(settings: Settings, lifespan: Lifespan | None = None) -> FastAPI:
    return FastAPI(
        title="Hypothesis Finder",
        version=VERSION,
        description=ABOUT,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # both pages load their scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        telemetry=make_telemetry(settings.service.telemetry),
    )


def _add_routes(app: FastAPI, settings: Settings, available: Sequence[Tool], runner: Runner) -> None:
    for router in (
        runs.router,
        events.router,
        reports.router,
        forks.router,
        reports.steps,
        links.router,
        links.shared,
        projects.router,
        projects.me,
        hypotheses.router,
        concepts.router,
        atlas.router,
        recorded.router,
        mining.router,
        mining_export.router,
        crates.router,
        long_tools.router,  # before a tool that somebody called "jobs"
        tools.make_router(available, runner),
        tools.results,
        tests.make_router(runner),
        long_tests.router,
        tests.make_checks_router(CheckHypothesis(settings.paths.cache), runner),
        data.make_router(settings, runner),
        health.router,
    ):
        app.include_router(router)


def _add_middleware(app: FastAPI, settings: Settings, service: Service) -> None:
    """The last one added stands outermost."""
    ours = settings.service
    app.add_middleware(events.Departures)
    app.add_middleware(Guard, rule=host_rule(ours, keyed=service.keys.configured), service=service)
    app.add_middleware(MetricsMiddleware, metrics=service.metrics)
    if ours.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=ours.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
        )


def _describe(app: FastAPI) -> dict[str, Any]:
    """Return the document, made once: the first requests all want it, and each would take a second of all."""
    with _describing:
        return _make_document(app)


def _make_document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        schemas = document["components"]["schemas"]
        for model in (Problem, Report):
            described = model.model_json_schema(
                ref_template="#/components/schemas/{model}", mode="serialization"
            )
            parts = described.pop("$defs", {})
            for name, schema in {**parts, model.__name__: described}.items():
                schemas.setdefault(name, schema)
        app.openapi_schema = document
    return app.openapi_schema
