"""Test that a test of a claim and a use of a tool are gone on with after a restart.

It stands alone, as a process has one queue and every other test of the tasks has a service open.
"""

import time
from pathlib import Path

import pytest

from agents.scripted import ScriptedServer
from app.jobs.benches import LongTest, ToolUse
from app.jobs.jobs import JobService
from app.jobs.state import RunState
from app.jobs.tasks import TaskKind
from app.results import list_results
from tests.app.live import make_settings

pytestmark = pytest.mark.slow

FALLS = "In the ideal gas the pressure falls as the volume rises."


def test_what_a_service_left_is_gone_on_with_by_the_next(warm: Path, tmp_path: Path) -> None:
    with ScriptedServer() as model:
        settings = make_settings(model, warm, tmp_path / "runs")
        jobs = JobService(settings)
        jobs.tasks.close()  # as if it ended while the test is measured
        task = jobs.tasks.add(TaskKind.TEST, LongTest(statement=FALLS).model_dump_json(), "local")
        asked = ToolUse(tool="calculator", arguments={"expression": "2 * 3 m", "unit": "m"})
        use = jobs.tasks.add(TaskKind.TOOL, asked.model_dump_json(), "local")
        jobs.close()
        jobs = JobService(settings)
        try:
            end = time.monotonic() + 300
            for one in (task, use):
                while not (found := jobs.tasks.get(one.id, None, one.kind)).state.is_final:
                    assert time.monotonic() < end, found
                    time.sleep(0.2)
                assert found.state is RunState.SUCCEEDED
                assert found.result
        finally:
            jobs.close()
    kept = list_results(settings.paths.runs, {"local"})
    assert {one.result.tool for one in kept} == {"test_claim", "calculator"}
