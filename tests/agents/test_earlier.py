"""Runs that an earlier version made (commit 9aa0ab8, scripted endpoint) replay byte for byte, and go on.

Their record is report.json. How Markdown lays it out may change; what it says comes from there alone.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import agents
import prompts
from agents import Run
from agents.model import Journal
from agents.schema import Report, Status
from agents.scripted import ScriptedServer
from app.exports import markdown, serialization
from prompts import Rendered
from tests.agents.runs import go

EARLIER = Path(__file__).parent / "earlier"
NAMES = sorted(folder.name for folder in EARLIER.iterdir())


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def copy(name: str, tmp_path: Path) -> Run:
    shutil.copytree(EARLIER / name, tmp_path / name)
    return agents.open_run(tmp_path, name)


@pytest.mark.parametrize("name", NAMES)
async def test_it_replays_byte_for_byte(tmp_path: Path, name: str) -> None:
    report = await agents.replay(copy(name, tmp_path))
    recorded = (EARLIER / name / "report.json").read_text()
    assert serialization.render_json(report) == recorded
    assert markdown.render(report) == markdown.render(Report.model_validate_json(recorded))


@pytest.mark.parametrize("name", NAMES)
async def test_it_replays_though_every_prompt_has_changed(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = prompts.Prompt.render

    def rendered(prompt: prompts.Prompt, **inputs: object) -> Rendered:
        text = render(prompt, **inputs)
        return text.model_copy(update={"system": f"{text.system} Be brief."})

    monkeypatch.setattr(prompts.Prompt, "render", rendered)
    report = await agents.replay(copy(name, tmp_path))
    assert serialization.render_json(report) == (EARLIER / name / "report.json").read_text()


async def test_an_unfinished_one_is_not_paid_twice(tmp_path: Path, server: ScriptedServer) -> None:
    run = copy("cut", tmp_path)
    paid = Journal(run.journal).calls
    report = await go(run, server)
    assert report.status is Status.COMPLETE
    assert Journal(run.journal).calls[: len(paid)] == paid
    assert {call.key for call in paid}.isdisjoint(
        call.key for call in Journal(run.journal).calls[len(paid) :]
    )
    places = [(call.step, call.who) for call in Journal(run.journal).calls if not call.retries]
    assert len(places) == len(set(places))
