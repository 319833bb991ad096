"""Recorded runs: real, replayable, and said to be recorded at every door."""

import asyncio
import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest

import agents
from agents.scripted.wire import MODEL
from app.cli import entry
from app.errors import InputError
from app.examples import SUFFIX, list_examples, load_example
from app.publishing import open_crate
from app.publishing.public import differences

NAMES = [one.name for one in list_examples()]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_a_run_that_replays(name: str, tmp_path: Path) -> None:
    with as_file(files("app.examples") / f"{name}{SUFFIX}") as crate:
        opened = open_crate(crate, tmp_path)
    replayed = asyncio.run(agents.replay(agents.open_run(tmp_path, opened.run)))
    assert differences(load_example(name), replayed) == []


def test_there_are_three_and_a_model_answered_each() -> None:
    examples = list_examples()
    assert len(examples) == 3
    assert len({one.question for one in examples}) == 3
    for one in examples:
        assert one.hypotheses >= 2
        assert one.models
        assert MODEL not in one.models
        assert sum(one.verdicts.values()) >= 1


def test_an_unknown_example_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=f"there is no example '../x': there are {NAMES[0]}"):
        load_example("../x")


def test_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["examples", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == NAMES
    assert entry.run(["examples", NAMES[0]]) == 0
    told = capsys.readouterr()
    assert "a recorded run of" in told.err
    assert load_example(NAMES[0]).question in told.out.replace("\n> ", " ")
    assert entry.run(["examples", "nothing"]) != 0
    assert "there is no example 'nothing'" in capsys.readouterr().err
