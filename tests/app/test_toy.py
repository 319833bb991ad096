"""A tool of another package stands at every door: one folder (tests/toy), and one line that names it.

The line is an entry point here. For a tool of ours it is a line of `TOOLS`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastmcp import Client
from fastmcp.exceptions import ToolError as McpToolError
from streamlit.testing.v1 import AppTest

from agents.checks import CheckSubject, prediction_given
from agents.offers import Scene, make_tools, offered
from agents.redaction import redact
from agents.schema import Evidence, Perspective
from agents.tool_context import ToolContext
from app.api.tools import make_router
from app.cli import entry
from app.cli.exit_codes import Exit
from app.exports.evidence import write_evidence
from app.health.machine import check_tools
from app.mcp.backing import Backing
from app.mcp.server import make_server
from app.settings import load_settings
from app.tools import list_tools_in_markdown
from tests.agents.samples import PROPOSAL
from tools import TOOLS, all_tools, registry
from tools.runner import Runner

TOY = Path(__file__).parents[1] / "toy"
NAME = "photon_wavelength"
LINE = "photon_wavelength = photon:TOOL"
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    registry._plugins.cache_clear()  # noqa: SLF001 - a process reads them once
    yield
    registry._plugins.cache_clear()  # noqa: SLF001
    sys.modules.pop("photon", None)


def install(folder: Path, line: str) -> None:
    """What pip writes for a package with this entry point."""
    info = folder / "photon-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: photon\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{line}\n")


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, LINE)
    monkeypatch.syspath_prepend(str(TOY))
    monkeypatch.syspath_prepend(str(tmp_path))


def evidence(**inputs: float) -> Evidence:
    tool = next(tool for tool in all_tools() if tool.name == NAME)
    asked = tool.arguments.model_validate(inputs)
    content = json.loads(tool.run(asked).model_dump_json())
    return Evidence(source=f"{NAME} {tool.version}", inputs=asked.model_dump(), content=content)


@pytest.mark.usefixtures("toy")
def test_it_joins_behind_ours() -> None:
    assert [tool.name for tool in all_tools()] == [*(tool.name for tool in TOOLS), NAME]


@pytest.mark.usefixtures("toy")
def test_agents_are_offered_it_where_it_fits() -> None:
    assert NAME in offered(Scene("Which photons does GaN emit?", ()), small=True)
    assert NAME not in offered(Scene("Why is honey thick?", ()), small=False)
    assert [tool.name for tool in make_tools([NAME], ToolContext())] == [NAME]


@pytest.mark.usefixtures("toy")
def test_judges_see_its_line_and_the_checks_expect_it() -> None:
    piece = evidence(energy=2, std=0.01)
    assert redact([piece]) == [f"{NAME} 1, asked a photon of 2.000 ± 0.010 eV: wavelength 620 ± 3 nm"]
    claim = PROPOSAL.claim.model_copy(update={"system": "a single photon emitter"})
    proposal = PROPOSAL.model_copy(update={"claim": claim})
    for known, mark, how in (
        ([], 0, "none: the photon converter was not asked"),
        ([piece], 1, "by the photon converter: 1"),
    ):
        check = prediction_given(CheckSubject("Why?", [], perspective(), proposal, known))
        assert check
        assert (check.mark, check.how) == (mark, how)


@pytest.mark.usefixtures("toy")
def test_a_tool_that_raises_is_left_out_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tool = next(tool for tool in all_tools() if tool.name == NAME)

    def fits(*_: object) -> bool:
        raise ZeroDivisionError("no wave\nlength")

    def covers(*_: object) -> bool:
        return fits()

    monkeypatch.setattr(type(tool), "fits", fits)
    monkeypatch.setattr(type(tool), "covers", covers)
    assert "calculator" in offered(Scene("Which photons does GaN emit?", ()), small=False)
    assert "fits() fails (no wave length)" in caplog.text
    assert prediction_given(CheckSubject("Why?", [], perspective(), PROPOSAL, [])) is None
    assert "covers() fails" in caplog.text
    monkeypatch.setattr(type(tool), "version", property(fits))
    (finding,) = [one for one in check_tools() if one.what == f"tool {NAME}"]
    assert finding.found == "fails: no wave length"


def perspective() -> Perspective:
    concept = {"uri": "https://doi.org/10.29172/1", "label": "Optics"}
    return Perspective.model_validate(
        {
            "key": "p01",
            "discipline": concept,
            "role": "Optician",
            "broad": concept,
            "narrow": concept,
            "distance": "near",
            "reason": "its own field",
        }
    )


@pytest.mark.usefixtures("toy")
def test_rest_has_an_address_for_it() -> None:
    app = FastAPI()
    app.include_router(make_router(all_tools(), Runner()))
    described = app.openapi()["paths"][f"/v1/tools/{NAME}"]["post"]
    assert described["summary"].startswith("Wavelength in vacuum")


@pytest.mark.usefixtures("toy", "bare")
async def test_mcp_serves_it() -> None:
    async with Client(make_server(Backing(load_settings()))) as client:
        assert NAME in {tool.name for tool in await client.list_tools()}
        answer: Any = (await client.call_tool(NAME, {"energy": 2.0})).structured_content
        assert answer["wavelength"]["unit"] == "nm"
        with pytest.raises(
            McpToolError, match=r"photon_wavelength has no argument enrgy; did you mean energy\?"
        ):
            await client.call_tool(NAME, {"energy": 2.0, "enrgy": 1})
        with pytest.raises(McpToolError, match="a photon of 0 eV has no wavelength"):
            await client.call_tool(NAME, {"energy": 0})


@pytest.mark.usefixtures("toy")
def test_the_command_line_runs_it(capsys: Output) -> None:
    assert entry.run(["run", NAME, '{"energy": 2.0}', "--json"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["tool"], told["content"]["wavelength"]["unit"]) == (NAME, "nm")
    assert entry.run(["run", NAME, '{"energy": 2.0, "std": 0.01}']) == Exit.DONE
    assert capsys.readouterr().out.startswith("a photon of 2.000 ± 0.010 eV\nwavelength: 620 ± 3 nm\n")
    assert entry.run(["run", NAME, '{"energy": -1}']) == Exit.FAILED
    assert capsys.readouterr().err == (
        "hypofind: a photon of -1 eV has no wavelength: give a positive energy\n"
    )


def test_its_own_commands_are_found_by_its_name(tmp_path: Path) -> None:
    install(tmp_path, LINE)
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([str(tmp_path), str(TOY), root])
    done = subprocess.run(  # noqa: S603 our own code
        [sys.executable, "-c", "from app.cli import main; main()", NAME, "2.0"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert (done.stdout, done.returncode) == ("visible\n", 0), done.stderr


@pytest.mark.usefixtures("toy")
def test_doctor_the_report_and_the_table_of_tools_name_it() -> None:
    assert f"tool {NAME}" in {finding.what for finding in check_tools()}
    assert "  - wavelength: **620 ± 3 nm**" in write_evidence(evidence(energy=2, std=0.01))
    assert f"| `{NAME}` | when the question speaks of photons |" in list_tools_in_markdown()


@pytest.mark.usefixtures("toy")
def test_the_page_shows_its_view() -> None:
    def script(pieces):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - its source is run elsewhere
        from app.ui.parts.evidence import show_evidence

        show_evidence(pieces, key="toy")

    page = AppTest.from_function(script, args=([evidence(energy=2, std=0.01)],), default_timeout=60).run()
    assert not page.exception
    told = " ".join(element.value for element in page.markdown).replace("\\", "")
    assert "Photon converter" in told
    assert "620 ± 3 nm" in told
    assert len(page.get("plotly_chart")) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("photon_wavelength = photon:NOTHING", "NOTHING"),
        ("photon_wavelength = no_such_package:TOOL", "no_such_package"),
        ("photon_wavelength = photon:HC", "is a float and no ToolSpec"),
        ("calculator = tools.calculator:TOOL", "there is a tool called calculator already"),
    ],
)
def test_a_broken_package_stops_nobody_and_doctor_says_why(
    line: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, line)
    monkeypatch.syspath_prepend(str(TOY))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert all_tools() == TOOLS
    (found,) = (finding for finding in check_tools() if finding.what == "tool")
    assert reason in found.found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "are not JSON"),
        ("[1]", "must be a JSON object with expression, unit"),
        ("{}", "calculator.expression is missing"),
        ('{"expression": true, "unit": null}', "calculator.expression = 'True': should be a valid string"),
        ('{"expression": "1", "unit": null, "x": 1}', "calculator has no argument x"),
        ("[" * 100_000, "are not JSON"),
        ('{"expression": "1 +", "unit": null}', ""),
    ],
)
def test_wrong_arguments_are_told_in_lines(text: str, says: str, capsys: Output) -> None:
    assert entry.run(["run", "calculator", text]) in (Exit.USAGE, Exit.FAILED)
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert "this is a bug" not in told


def test_an_unknown_tool_is_answered_with_the_nearest(capsys: Output) -> None:
    assert entry.run(["run", "calculater", "{}"]) == Exit.USAGE
    assert "did you mean calculator?" in capsys.readouterr().err
