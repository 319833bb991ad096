"""A run with a test of a real instrument, and what is published of it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.experiments.instruments import Instruments
from agents.run import Run
from agents.scripted import ScriptedServer
from agents.tool_context import ToolContext
from app.exports import render_all
from app.publishing import publish, read_author
from tests.agents.experiments.test_tester import RISES, Model
from tests.agents.runs import begin, go
from tools.experiments.tool import find_instrument
from tools.instruments import Instrument

AUTHOR = "Josiah Carberry <0000-0002-1825-0097>"
WHEN = datetime(2026, 11, 28, 12, tzinfo=UTC)


class OneLaw(Instruments):
    @property
    def instruments(self) -> Sequence[Instrument]:
        return (find_instrument("law_simple_pendulum_period"),)


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("published")
    begun = begin(folder / "runs", perspectives=1, test_seconds=5)
    with ScriptedServer(Model(RISES)) as server:
        report = asyncio.run(go(begun, server, context=ToolContext(laboratory=OneLaw(folder / "cache"))))
    begun.write(render_all(report))
    return begun


@pytest.fixture(scope="session")
def crate(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crates") / "run.crate.zip"
    path.write_bytes(publish(run, [read_author(AUTHOR)], "CC-BY-4.0", now=WHEN))
    return path
