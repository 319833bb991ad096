"""The tools through fastmcp's own client, in memory, with a scripted model behind the service."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client
from fastmcp.exceptions import ToolError

from agents.scripted import ScriptedServer
from app.mcp.backing import Backing
from app.mcp.server import make_server
from app.settings import Settings
from app.settings.sections import RunSection
from tests.app.live import Live, make_settings, run_service
from tools import TOOLS

pytestmark = pytest.mark.slow

QUESTION = "How can the magnetic resistivity of thin films be modelled across scales?"


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(scope="module")
def backing(model: ScriptedServer, warm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backing]:
    """At a service that runs already."""
    run = RunSection(perspectives=1, matches=0, children=0, test_seconds=0, from_data=False)
    settings = make_settings(model, warm, tmp_path_factory.mktemp("runs"), run=run, jobs=2)
    with run_service(settings, model) as live:
        found = Backing(at(live))
        yield found
        found.close()


def at(live: Live) -> Settings:
    port = int(live.address.rsplit(":", 1)[1])
    service = live.settings.service.model_copy(update={"port": port})
    return live.settings.model_copy(update={"service": service})


async def call(backing: Backing, name: str, **arguments: object) -> Any:  # noqa: ANN401 - the tool's answer
    async with Client(make_server(backing)) as client:
        return (await client.call_tool(name, arguments)).structured_content


async def test_the_tools_describe_themselves(backing: Backing) -> None:
    async with Client(make_server(backing)) as client:
        tools = {tool.name: tool for tool in await client.list_tools()}
    assert set(tools) == {
        "find_hypotheses",
        "get_run",
        "search_physh",
        "check_hypothesis",
        "find_data",
        "find_structures",
        *(tool.mcp_name or tool.name for tool in TOOLS),
    }
    assert {"predict_defect", "evaluate_strings"} <= set(tools)
    for tool in tools.values():
        assert tool.description
        assert tool.annotations
        schema = json.dumps(tool.model_dump(mode="json"))
        assert len(schema) < 25_000  # an assistant reads it; the language of representations is longest


async def test_a_question_becomes_hypotheses(backing: Backing) -> None:
    heard: list[tuple[float, str | None]] = []

    async def hear(progress: float, _total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    async with Client(make_server(backing), progress_handler=hear) as client:
        asked = {"question": QUESTION, "perspectives": 2, "wait_seconds": 100}
        answer: Any = (await client.call_tool("find_hypotheses", asked)).structured_content
    assert answer["state"] == "succeeded", answer
    assert [line["rank"] for line in answer["hypotheses"]] == [1, 2]
    assert all(line["falsifier"] and " :: " in line["framework"] for line in answer["hypotheses"])
    assert answer["models"] == ["scripted"]
    assert answer["notes"]
    assert heard
    assert [progress for progress, _ in heard] == sorted({progress for progress, _ in heard})
    assert (heard[-1][1] or "").startswith("succeeded, ")
    again = await call(backing, "get_run", run=answer["run"], form="markdown")
    assert again["hypotheses"] == answer["hypotheses"]
    assert again["document"].startswith("# Ranked hypotheses")
    report = json.loads((await call(backing, "get_run", run=answer["run"], form="json"))["document"])
    assert report["run"] == answer["run"]


async def test_who_does_not_wait_comes_back(backing: Backing) -> None:
    first = await call(backing, "find_hypotheses", question=QUESTION, perspectives=1, wait_seconds=0)
    assert first["hypotheses"] == [] or first["state"] == "succeeded"
    client = backing.client()
    client.wait(first["run"], 150)
    assert (await call(backing, "get_run", run=first["run"]))["hypotheses"]


async def test_cancelling_the_call_cancels_the_run(
    backing: Backing, model: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "delay_s", 5.0)
    asked = {"question": "Why do glasses age?", "perspectives": 1, "wait_seconds": 100}
    heard = asyncio.Event()

    async def hear(*_: object) -> None:
        heard.set()

    async with Client(make_server(backing), progress_handler=hear) as client:
        call = asyncio.create_task(client.call_tool("find_hypotheses", asked))
        await heard.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    run = backing.client().runs(limit=1).items[0]
    assert run.question == asked["question"]
    assert backing.client().wait(run.id, 150).state == "cancelled"


async def test_physh_and_defects_need_no_model(backing: Backing) -> None:
    found = await call(backing, "search_physh", text="magnetoresistance", limit=3)
    assert found["items"][0]["label"] == "Magnetoresistance"
    assert len(found["items"]) <= 3
    pytest.importorskip("safetensors", reason="the extra with the defect model is not installed")
    defects = [{"kind": "vacancy S", "site": 0}]
    predicted = await call(backing, "predict_defect", host="MoS2", defects=defects)
    assert predicted["applicable"] == (predicted["formation_energy_per_site"] is not None)
    if predicted["applicable"]:
        assert predicted["formation_energy_per_site"]["unit"] == "eV"


async def test_data_are_found_and_structures_asked_for(backing: Backing) -> None:
    found = await call(backing, "find_data", question="Band gaps of MoS2", response="band gap (eV)")
    assert found["options"]
    fetched = await call(backing, "find_structures", formula="MoS2", providers=["twodmatpedia"])
    assert "no encrypted address" in fetched["searches"][0]["error"]


async def test_strings_are_judged(backing: Backing) -> None:
    pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
    told = await call(backing, "evaluate_strings", form="smiles", strings=["CCO", "OCC", "C1CC"])
    assert [one["passed"] for one in told["judged"]] == ["unique", "chemically valid", "returned"]


async def test_a_hypothesis_of_anybody_is_checked(backing: Backing) -> None:
    told = await call(
        backing,
        "check_hypothesis",
        question="How does the pressure of a gas answer to its volume?",
        proposal="The pressure of an ideal gas rises as its volume grows from 1 to 2 m^3.",
    )
    assert told["tested"] == "refuted"
    assert told["score"] <= 20


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("check_hypothesis", {"proposal": ""}, ""),
        ("evaluate_strings", {"form": "smiles", "strings": []}, ""),
        ("evaluate_strings", {"form": "prose", "strings": ["C"]}, ""),
        ("get_run", {"run": "no-such-run"}, "no-such-run"),
        ("get_run", {"run": "../../etc/passwd"}, "is no name"),
        ("get_run", {"run": "."}, "is no name"),
        ("get_run", {"run": "a-run/report"}, "is no name"),
        ("find_hypotheses", {"question": QUESTION, "disciplines": ["Alchemy"]}, "Alchemy"),
        ("find_hypotheses", {"question": QUESTION, "disciplines": ["a\0b"]}, "control character"),
        ("find_hypotheses", {"question": "   "}, ""),
        ("find_hypotheses", {"question": QUESTION, "perspectives": 99}, "20"),
        ("find_hypotheses", {"question": "x" * 100_000}, ""),
        ("search_physh", {"text": ""}, ""),
        ("predict_defect", {"host": "Unobtainium", "defects": []}, ""),
        ("predict_defect", {"host": "MoS2", "defects": [{"kind": "vacancy B", "site": 0}]}, ""),
    ],
)
async def test_bad_input_is_told_in_a_line(
    backing: Backing, name: str, arguments: dict[str, object], words: str
) -> None:
    with pytest.raises(ToolError) as failure:
        await call(backing, name, **arguments)
    assert words in str(failure.value)
    assert "Traceback" not in str(failure.value)
    assert "Error calling tool" not in str(failure.value)
    assert "x" * 300 not in str(failure.value)


async def test_a_service_that_cannot_be_found_nor_started_is_told(backing: Backing) -> None:
    elsewhere = backing.settings.service.model_copy(update={"port": 1})
    lost = Backing(backing.settings.model_copy(update={"service": elsewhere}))
    with pytest.raises(ToolError, match="another hypofind serve works in"):
        await call(lost, "get_run", run="any")
    assert (await call(lost, "search_physh", text="spin"))["items"]  # needs none
