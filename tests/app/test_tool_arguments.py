"""A tool named without arguments says what it takes, and shows a call that works."""

import json
import os
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
from pydantic import Field

from app.cli import entry
from app.cli.exit_codes import Exit
from app.tools import ArgumentLine, list_arguments, read_arguments
from tools import TOOLS
from tools.strict import Strict

Output = pytest.CaptureFixture[str]
NAMES = [tool.name for tool in TOOLS]


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a person sit there: whoever reads would wait, and fails here."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))


def pipe(patch: pytest.MonkeyPatch, text: str) -> None:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    patch.setattr("sys.stdin", os.fdopen(reading))


@pytest.mark.usefixtures("at_terminal")
@pytest.mark.parametrize("name", NAMES)
def test_every_tool_lists_its_arguments_and_an_example(name: str, capsys: Output) -> None:
    assert entry.run(["run", name]) == Exit.DONE
    told = capsys.readouterr().out
    tool = next(tool for tool in TOOLS if tool.name == name)
    assert tool.purpose in told
    for field in tool.arguments.model_fields:
        assert f"\n{field} " in told
    command = shlex.split(told.splitlines()[-1])
    assert command == ["hypofind", "run", name, tool.example]
    read_arguments(tool, command[-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_example_works(name: str, capsys: Output) -> None:
    tool = next(tool for tool in TOOLS if tool.name == name)
    assert entry.run(["run", name, tool.example]) == Exit.DONE, capsys.readouterr().err
    assert capsys.readouterr().out


@pytest.mark.usefixtures("at_terminal")
def test_with_json_the_schema_is_given(capsys: Output) -> None:
    assert entry.run(["run", "calculator", "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["arguments"]["required"] == ["expression", "unit"]


def test_piped_arguments_are_read_with_and_without_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    for words in (["run", "calculator"], ["run", "calculator", "-"]):
        pipe(monkeypatch, '{"expression": "2 m * 3", "unit": null}')
        assert entry.run(words) == Exit.DONE
        assert "6 m" in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["-"], ["--json"], ["--keep"]])
def test_an_empty_pipe_is_no_success(
    more: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    pipe(monkeypatch, "")
    assert entry.run(["run", "calculator", *more]) == Exit.USAGE
    told = capsys.readouterr()
    assert not told.out
    assert "are not JSON" in told.err


def test_a_device_that_is_empty_gives_no_arguments(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert entry.run(["run", "calculator"]) == Exit.DONE
    assert "expression" in capsys.readouterr().out


@pytest.mark.usefixtures("at_terminal")
@pytest.mark.parametrize("words", [["run", "--keep"], ["run", "calculator", "--keep"]])
def test_nothing_is_kept_of_a_list(words: list[str], capsys: Output) -> None:
    assert entry.run(words) == Exit.USAGE
    told = capsys.readouterr()
    assert not told.out
    assert "--keep keeps a result" in told.err


class Layer(Strict):
    """One layer of a stack."""

    thickness: float = Field(gt=0, le=1e3, description="nm")


class Stack(Strict):
    layers: list[Layer] = Field(min_length=1)
    best: Layer | None = None
    side: Literal["top", "bottom"] = "top"
    held: dict[str, float] = Field(default_factory=dict, description="of other\nparameters")


def test_types_defaults_and_inner_fields_are_told() -> None:
    assert list(list_arguments(SimpleNamespace(arguments=Stack))) == [
        ArgumentLine("layers", "list of object", "required", "One layer of a stack."),
        ArgumentLine("layers[].thickness", "number > 0, ≤ 1000", "required", "nm"),
        ArgumentLine("best", "object or null", "null", "One layer of a stack."),
        ArgumentLine("best.thickness", "number > 0, ≤ 1000", "required", "nm"),
        ArgumentLine("side", "top, bottom", '"top"', ""),
        ArgumentLine("held", "object", "none", "of other parameters"),
    ]
