"""What docs/service.md says is so."""

import re
from pathlib import Path

import pytest

from app.api.problems import ProblemKind
from app.cli.commands import COMMANDS
from app.jobs.engine import STATES
from tests.app.live import Live

PAGE = (Path(__file__).parents[3] / "docs" / "service.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_client_s_example_works(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```py\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    exec(code.replace("http://127.0.0.1:8000", live.address), {})  # noqa: S102 - our own page
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "state"
    assert told[-1].startswith("Scripted statement")


def test_every_problem_is_listed_with_its_status() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", PAGE, re.MULTILINE)
    assert {(kind.slug, str(kind.status)) for kind in ProblemKind} == set(listed)


def test_every_state_of_the_engine_is_listed() -> None:
    assert all(f"`{state}`" in PAGE for state in STATES)


def test_every_path_is_listed(live: Live) -> None:
    for path in live.app.openapi()["paths"]:
        if not path.startswith("/v1/tools/"):
            assert path.removeprefix("/v1/concepts").removeprefix("/v1/mining/{job}") in PAGE


def test_every_command_is_there() -> None:
    assert {"serve", "keys"} <= {command.name for command in COMMANDS}
