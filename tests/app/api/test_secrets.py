"""Fifty planted secrets, and every place where one could come to light."""

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.scripted import ScriptedServer
from app.api.reports import RENDER
from app.settings.sections import ModelChoice, StepModels
from tests.app.live import Live, make_settings, run_service

pytestmark = pytest.mark.slow

PLANTED = 50
HEADERS = ("Cookie", "Proxy-Authorization", "X-Api-Key", "Authorization", "Idempotency-Key")


def canaries() -> Iterator[str]:
    return (f"canary{number:03d}zq8x" for number in itertools.count())


@pytest.mark.parametrize("refused", [False, True])
def test_no_secret_comes_to_light(
    warm: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    refused: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    fresh = canaries()
    secrets: list[str] = []

    def plant() -> str:
        secrets.append(next(fresh))
        return secrets[-1]

    with ScriptedServer(api_key="another" if refused else None) as model:
        steps = {name: ModelChoice(key=SecretStr(plant())) for name in StepModels.model_fields}
        settings = make_settings(model, warm, tmp_path / "runs", key=plant())
        chosen = settings.model.model_copy(update={"key": SecretStr(plant())})
        settings = settings.model_copy(update={"model": chosen, "steps": StepModels(**steps)})
        with run_service(settings, model) as live:
            secrets += [live.key(str(number))[13:] for number in range(8)]
            key = live.key()
            secrets.append(key[13:])
            while len(secrets) < PLANTED:
                plant()
            answers = _provoke(live, key, secrets[-(PLANTED // 2) :])
    shown = capfd.readouterr()
    logged = [text for text in caplog.messages if live.address not in text]  # but the test's own client
    sinks = [*answers, shown.out, shown.err, *logged, *map(str, _files(tmp_path / "runs"))]
    assert len(secrets) >= PLANTED
    assert len(sinks) > 60
    found = {(secret, sink[:200]) for secret in secrets for sink in sinks if secret in sink}
    assert not found


def _provoke(live: Live, key: str, planted: list[str]) -> list[str]:
    """Every kind of answer, while secrets stand where clients put them."""
    told = []
    with live.http(key) as http, live.client(key) as client:
        run = client.ask("Why do glasses age?")
        client.wait(run.id, 150)
        paths = ("", "/events", "/feedback", "/report")
        told += [http.get(f"/v1/runs/{run.id}{path}").text for path in paths]
        told += [http.get(f"/v1/runs/{run.id}/report", headers={"Accept": kind}).text for kind in RENDER]
        told += [http.get("/v1/openapi.json").text, http.get("/v1/runs").text, http.get("/readyz").text]
    for secret, name in zip(planted, itertools.cycle(HEADERS), strict=False):
        told += _send(live, key, secret, name)
    with live.http(live.key(scopes=["admin"])) as http:
        told.append(http.get("/metrics").text)
    return told


def _send(live: Live, key: str, secret: str, header: str) -> list[str]:
    value = f"Bearer {secret}" if "Authorization" in header else secret
    with live.http(key) as http:
        bodies: list[object] = [
            {"question": 1, "key": secret},
            {"question": "Why?", "settings": {"seed": secret}},
        ]
        answers = [http.post("/v1/runs", json=body, headers={header: value}) for body in bodies]
        answers.append(http.get("/v1/tools", headers={header: value}))
        answers.append(http.get(f"/v1/runs?cursor={secret}"))
        return [answer.text + str(answer.headers) for answer in answers]


def _files(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())
