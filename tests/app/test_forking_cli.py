"""A fork, a comparison and notes from the command line, against a scripted model."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import agents
from agents.scripted import ScriptedServer
from app.cli import entry


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def runs(model: ScriptedServer, warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {
        "MODEL__NAME": "scripted",
        "MODEL__BASE_URL": model.base_url,
        "PATHS__RUNS": str(tmp_path),
        "PATHS__CACHE": str(warm),
        "RUN__TEST_SECONDS": "0",
        "RUN__FROM_DATA": "false",
        "RUN__MATCHES": "0",
    }.items():
        monkeypatch.setenv(f"HYPOFIND_{name}", value)
    return tmp_path


def ask(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The new run's id."""
    assert entry.run([*arguments, "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)["run"])


@pytest.mark.slow
def test_a_run_is_forked_compared_and_named(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parent = ask(["ask", "Why does honey flow slowly?", "-k", "1", "--seed", "5"], capsys)
    child = ask(["fork", parent, "-k", "2"], capsys)
    record = agents.open_run(runs, child).record
    assert record.question == "Why does honey flow slowly?"
    assert (record.settings.perspectives, record.settings.seed) == (2, 5)
    assert record.parent is not None
    assert record.parent.run == parent

    assert entry.run(["compare", parent, child, "--json"]) == 0
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    assert len(pairs) == 2
    assert entry.run(["compare", parent, child]) == 0
    assert "only in the second" in capsys.readouterr().out

    assert entry.run(["note", child, "more voices", "--name"]) == 0
    assert entry.run(["note", child, "look at p02"]) == 0
    assert entry.run(["note", child, "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(one["kind"], one["text"], one["by"]) for one in told] == [
        ("name", "more voices", "local"),
        ("note", "look at p02", "local"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fork", "nothing"], "no run 'nothing'"),
        (["compare", "nothing", "nothing"], "no run 'nothing'"),
        (["note", "nothing", "text"], "no run 'nothing'"),
    ],
)
def test_a_run_that_is_not_there_is_a_line(
    arguments: list[str], said: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(arguments) != 0
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
