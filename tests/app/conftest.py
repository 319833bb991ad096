from pathlib import Path

import pytest

import physh
from retrieval import load_embedder
from tests.app.doors import cells, summary


@pytest.fixture(autouse=True)
def _isolated(bare: None) -> None:
    """Every test here runs without the user's settings and folders."""


@pytest.fixture(scope="session")
def warm(cache: Path) -> Path:
    """The cache with PhySH's vectors in it: no service under test spends its first minute on them."""
    physh.Router(physh.load(cache=cache), load_embedder(cache), cache)
    return cache


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if cells:
        terminalreporter.write_line(summary())
