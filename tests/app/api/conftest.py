from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.scripted import ScriptedServer
from app.client import Client
from tests.app.live import Live, make_settings, run_service


@pytest.fixture(scope="module")
def live(warm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One service a module: opening it takes seconds, and there is one a process."""
    with ScriptedServer() as model:
        settings = make_settings(model, warm, tmp_path_factory.mktemp("runs"), jobs=2)
        with run_service(settings, model) as running:
            yield running


@pytest.fixture
def eve(live: Live) -> Iterator[Client]:
    """With a key: where another test has made one, the service asks everybody for theirs."""
    with live.client(live.key("eve")) as client:
        yield client


@pytest.fixture
def client(live: Live) -> Iterator[Client]:
    with live.client() as client:
        yield client
