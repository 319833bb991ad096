"""OpenTelemetry that tells of routes, and of nothing that was asked."""

from typing import TYPE_CHECKING

from fastapi.telemetry import TelemetryConfig

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

WITHHELD = ("url.path", "url.query")  # a run's name begins with its question; http.route stays


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
