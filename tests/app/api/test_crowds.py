"""A crowd that comes first: what is read or made once for all is made once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agents.scripted import ScriptedServer
from app.api import build
from app.api.build import create_app
from app.jobs import jobs
from tests.app.live import make_settings

CROWD = 12


def test_the_first_requests_read_and_describe_once(
    warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Counter[str]()
    for module, name in ((build, "get_openapi"), (jobs, "load_ontology")):
        real = getattr(module, name)

        def counted(*given: object, real: object = real, name: str = name, **named: object) -> object:
            made[name] += 1
            return real(*given, **named)  # type: ignore[operator]  # it was there

        monkeypatch.setattr(module, name, counted)
    with (
        ScriptedServer() as model,
        TestClient(create_app(make_settings(model, warm, tmp_path / "runs"), ())) as http,
        ThreadPoolExecutor(CROWD) as pool,
    ):
        http.base_url = "http://127.0.0.1"
        asked = [pool.submit(http.get, "/v1/concepts?text=glass") for _ in range(CROWD)]
        assert {one.result().status_code for one in asked} == {200}
    assert made == {"get_openapi": 1, "load_ontology": 1}
