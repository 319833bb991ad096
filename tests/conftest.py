"""Shared by all tests: an endpoint without a model, and folders that are not the user's."""

import os
import shutil
import signal
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from platformdirs import user_cache_path

from agents.scripted import ScriptedServer

# A shell that starts us in the background has us, and so every process we start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("steady", deadline=None, max_examples=60)  # a busy machine is no failure
settings.load_profile("steady")

ServerFactory = Callable[..., ScriptedServer]
SLOW = "slow: `--all` runs it"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run the slow tests, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip slow tests, each file named at the end, but where a file or a test was asked for by name."""
    if config.getoption("all") or all(arg.partition("::")[0].endswith(".py") for arg in config.args):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason=SLOW))


@pytest.fixture
def scripted() -> Iterator[ServerFactory]:
    """Starts scripted servers, with ScriptedServer's own arguments, that end with the test."""
    with ExitStack() as servers:

        def start(*args: Any, **options: Any) -> ScriptedServer:  # noqa: ANN401 - handed on as they are
            return servers.enter_context(ScriptedServer(*args, **options))

        yield start


APP = "hypothesis-finder"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder that shares only the embedding model's files with the user's.

    An installed PhySH release changes no test. Vectors take half a minute, so pytest's own cache keeps them:
    their names are hashes of what they were made from.
    """
    folder = tmp_path_factory.mktemp("user-cache") / APP
    for name in ("minilm-int8", "minilm-tokenizer"):
        real = user_cache_path(APP, appauthor=False) / name
        real.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        (folder / name).symlink_to(real, target_is_directory=True)
    kept = pytestconfig.cache.mkdir("vectors") if pytestconfig.cache else tmp_path_factory.mktemp("vectors")
    shutil.copytree(kept, folder / "physh")
    yield folder
    for path in (folder / "physh").glob("vectors-*.bin"):
        shutil.copy(path, kept)


@pytest.fixture(scope="session", autouse=True)
def _one_tls_context() -> Iterator[None]:
    """An HTTP client reads all certificates, in 28 ms, and tests make thousands that need none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", lru_cache(ssl.create_default_context))
        yield


@pytest.fixture(autouse=True)
def _leaves_no_setting() -> Iterator[None]:
    """A variable that one test leaves behind is a setting of every process that a later one starts."""
    before = _settings()
    yield
    assert _settings() == before


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("HYPOFIND_")}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path) -> None:
    """No settings and no folders of whoever runs the tests."""
    for name in os.environ:
        if name.startswith(("HYPOFIND_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache.parent))
    monkeypatch.setenv("HYPOFIND_PATHS__CACHE", str(cache))
    monkeypatch.setenv("HYPOFIND_PATHS__RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("HYPOFIND_PATHS__LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("HYPOFIND_PATHS__MINING", str(tmp_path / "mining"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for programs that tests start
    monkeypatch.chdir(tmp_path)
