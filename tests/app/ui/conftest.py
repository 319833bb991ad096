"""A service behind each module's page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.scripted import ScriptedServer
from tests.app.live import Live, make_settings, run_service


@pytest.fixture(scope="module")
def live(
    request: pytest.FixtureRequest, warm: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """Serve as the module asks: `RUN` says what a run does, `MODEL` holds arguments of the scripted model."""
    run = getattr(request.module, "RUN", None)
    with ScriptedServer(**getattr(request.module, "MODEL", {})) as model:
        settings = make_settings(model, warm, tmp_path_factory.mktemp("runs"), run=run)
        with run_service(settings, model) as running:
            yield running
