"""What OpenTelemetry is told."""

from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agents.scripted import ScriptedServer
from app.api import telemetry
from tests.app.live import make_settings, run_service

pytestmark = pytest.mark.slow

SECRET = "canary-of-the-question"  # noqa: S105 - a word to look for


def ask_traced(
    warm: Path, runs: Path, monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> tuple[str, list[ReadableSpan]]:
    """The key that asked, and the spans of one question and of one refused request."""
    kept, plain = InMemorySpanExporter(), telemetry.make_provider

    def traced() -> TracerProvider:
        provider = plain()
        provider.add_span_processor(SimpleSpanProcessor(kept))
        return provider

    monkeypatch.setattr(telemetry, "make_provider", traced)
    with ScriptedServer() as model:
        settings = make_settings(model, warm, runs, telemetry=wanted)
        with run_service(settings, model) as live:
            key = live.key()
            with live.client(key) as client:
                client.wait(client.ask(f"Why do {SECRET} glasses age?").id, 150)
            with live.http(key) as http:
                http.get("/v1/hypotheses", params={"text": SECRET, "q": SECRET})
                http.post("/v1/runs", json={"question": 1, "key": SECRET})
    return key, list(kept.get_finished_spans())


def test_traces_name_routes_and_hold_no_question_and_no_key(
    warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, spans = ask_traced(warm, tmp_path / "runs", monkeypatch, wanted=True)
    told = "\n".join(span.to_json() for span in spans)
    assert "/v1/runs" in told
    assert SECRET not in told
    assert key[13:] not in told


def test_nothing_is_traced_unless_asked_for(
    warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask_traced(warm, tmp_path / "runs", monkeypatch, wanted=False)[1] == []
