"""What tools said before the contract changed is said still: recorded runs must be read, and replay."""

import json
from pathlib import Path

import pytest

from tools import TOOLS

TODAY = Path(__file__).parent / "today"
ANSWERS = [json.loads(line) for line in (TODAY / "answers.jsonl").read_text(encoding="utf-8").splitlines()]

RETRAINED = {"defect_properties"}  # its version is a hash of its weights


def test_names_purposes_and_arguments_are_as_they_were() -> None:
    """They stand in prompts, whose hashes a replay looks up."""
    recorded = json.loads((TODAY / "arguments.json").read_text(encoding="utf-8"))
    now = {
        tool.name: {"purpose": tool.purpose, "arguments": tool.arguments.model_json_schema()}
        for tool in TOOLS
        if tool.name in recorded
    }
    assert json.dumps(now) == json.dumps(recorded)


@pytest.mark.parametrize("recorded", ANSWERS, ids=lambda recorded: recorded["tool"])
def test_a_recorded_answer_is_read_and_written_byte_for_byte(recorded: dict[str, str]) -> None:
    tool = next(tool for tool in TOOLS if tool.name == recorded["tool"])
    assert tool.version == recorded["version"] or tool.name in RETRAINED
    asked = tool.arguments.model_validate_json(recorded["inputs"])
    assert asked.model_dump_json() == recorded["inputs"]
    assert tool.result.model_validate_json(recorded["content"]).model_dump_json() == recorded["content"]


@pytest.mark.parametrize("recorded", ANSWERS, ids=lambda recorded: recorded["tool"])
def test_every_recorded_answer_has_a_view(recorded: dict[str, str]) -> None:
    pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
    tool = next(tool for tool in TOOLS if tool.name == recorded["tool"])
    asked = tool.arguments.model_validate_json(recorded["inputs"])
    assert tool.tell(asked)
    assert tool.view(asked, tool.result.model_validate_json(recorded["content"]))
