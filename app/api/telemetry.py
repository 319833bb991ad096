"""Figures for Prometheus and traces for OpenTelemetry: they tell of routes, and of nothing that was asked."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.jobs.state import RunState

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

WITHHELD = ("url.path", "url.query")  # a run's name begins with its question; http.route stays


class Metrics:
    """Of one application: a process may hold several, as tests do."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "hypofind_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "hypofind_request_seconds", "Until the answer began", ("method", "route"), registry=self.registry
        )
        self.jobs = Gauge("hypofind_runs", "Runs by state", ("state",), registry=self.registry)

    def set_jobs(self, counts: Mapping[RunState, int]) -> None:
        for state, count in counts.items():
            self.jobs.labels(state.value).set(count)


class MetricsMiddleware:
    """Counts by route and never by path: a label a run would be a memory leak."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                self._metrics.requests.labels(scope["method"], route, str(message["status"])).inc()
                self._metrics.seconds.labels(scope["method"], route).observe(time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, sending)


def make_telemetry(wanted: bool) -> TelemetryConfig:
    """No logs, which would carry what was asked, and no request's content."""
    told: TelemetryConfig = {
        "tracing": wanted,
        "metrics": wanted,
        "logs": False,
        "operation_spans": False,
        "auto_configure": wanted,
    }
    return {**told, "tracer_provider": make_provider()} if wanted else told


def make_provider() -> "TracerProvider":
    """Its spans lose what is withheld before any exporter sees them."""
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider

    class Withholding(SpanProcessor):
        def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - OpenTelemetry calls it
            known = span.attributes or {}
            span.set_attributes({name: "withheld" for name in WITHHELD if name in known})

    provider = TracerProvider(shutdown_on_exit=False)  # FastAPI ends the exporters that it adds
    provider.add_span_processor(Withholding())
    return provider
