"""The embedded model's process ends with ours, however ours ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from platformdirs import user_cache_path
from pydantic import BaseModel, ConfigDict, Field

from agents.errors import EndpointError
from agents.model import Chat, Journal, catalogue, embedded, serve_embedded, server_process
from agents.model.catalogue import embedded_name
from retrieval import artefact
from retrieval.artefacts import artefacts
from tests.agents.model.talk import prompt

SETTINGS = server_process.ServerSettings("model.gguf", "stub", "secret", 1, 1, 64)
CACHE = user_cache_path("hypothesis-finder", appauthor=False)
STUB = """
    import importlib.util, os, sys
    spec = importlib.util.spec_from_file_location("child", {child!r})
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.serve = lambda settings: f"http://127.0.0.1:{{os.getpid()}}"
    module.main()
"""
PARENT = """
    import sys, time
    from agents.model import server_process, embedded
    server_process.__file__ = {stub!r}
    with embedded._child(server_process.ServerSettings("model.gguf", "stub", "secret", 1, 1, 64)) as address:
        print(address, flush=True)
        time.sleep(60)
"""


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The child as it is, but for the model: its address ends in its process id."""
    path = tmp_path / "stub.py"
    path.write_text(textwrap.dedent(STUB.format(child=server_process.__file__)))
    monkeypatch.setattr(server_process, "__file__", str(path))
    return path


@pytest.fixture
def parent(stub: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that serves the stub, and the stub's process id."""
    code = textwrap.dedent(PARENT.format(stub=str(stub)))
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        yield process, _pid(process.stdout.readline())
        process.kill()


def _pid(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def _ends(pid: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "Z" in _state(pid):  # dead, and nobody has asked how: its new parent is slow
            return True
        time.sleep(0.02)
    return False


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
    except OSError:
        return ""


def test_leaving_the_context_ends_it(stub: Path) -> None:
    with embedded._child(SETTINGS) as address:  # noqa: SLF001 - the part that needs no model
        pid = _pid(address)
        os.kill(pid, 0)
    assert _ends(pid)


def test_an_error_inside_the_context_ends_it(stub: Path) -> None:
    pids: list[int] = []

    def fail() -> None:
        with embedded._child(SETTINGS) as address:  # noqa: SLF001 - as above
            pids.append(_pid(address))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _ends(pids[0])


def test_killing_the_parent_ends_it(parent: tuple[subprocess.Popen[str], int]) -> None:
    process, pid = parent
    process.kill()
    process.wait()
    assert _ends(pid)


def test_control_c_ends_both_and_the_parent_decides(parent: tuple[subprocess.Popen[str], int]) -> None:
    process, pid = parent
    os.kill(pid, signal.SIGINT)  # a terminal sends it to both; alone it must change nothing
    time.sleep(0.1)
    os.kill(pid, 0)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(10)
    assert _ends(pid)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs Linux's process list")
def test_the_key_is_not_in_the_process_list(parent: tuple[subprocess.Popen[str], int]) -> None:
    _, pid = parent
    arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    assert b"stub.py" in arguments
    assert b"secret" not in arguments


def test_a_child_that_dies_says_why(stub: Path) -> None:
    stub.write_text("import sys; sys.exit('no such instruction: avx')")
    with (
        pytest.raises(EndpointError, match=r"stub did not start \(exit 1\): no such instruction: avx"),
        embedded._child(SETTINGS),  # noqa: SLF001 - as above
    ):
        pass


def test_a_child_that_never_answers_is_given_up(stub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "START_S", 0.2)
    stub.write_text("import sys; print('loading', flush=True); sys.stdin.read()")
    with (
        pytest.raises(EndpointError, match=r"did not start in 0\.2 s"),
        embedded._child(SETTINGS),  # noqa: SLF001 - as above
    ):
        pass


def test_every_model_has_its_file_described() -> None:
    assert {model.artefact for model in catalogue().values()} <= set(artefacts())
    assert embedded_name("embedded") == "qwen2.5-coder-1.5b"
    with pytest.raises(EndpointError, match="there are embedded, embedded-small"):
        embedded_name("large")


class Fact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fact: str = Field(min_length=1)
    marks: list[int] = Field(min_length=2, max_length=3)


@pytest.mark.timeout(300)
async def test_the_real_model_answers_in_json(tmp_path: Path) -> None:
    small = artefact("qwen2.5-coder-0.5b")
    if not (CACHE / small.name / small.filename).exists():
        pytest.skip(f"{small.name} is not in {CACHE}: a first `ask` with the small model fetches it")
    with serve_embedded("embedded-small", CACHE, threads=1, slots=1) as endpoint:
        async with Chat({"default": endpoint}, Journal(tmp_path / "calls.jsonl")) as chat:
            answer = await chat.ask(
                "propose", prompt("One short fact about ice, as JSON."), Fact, who="p01", max_tokens=80
            )
    (call, *_) = Journal(tmp_path / "calls.jsonl").calls
    assert answer.value.fact
    assert answer.model == "qwen2.5-coder-0.5b"
    assert (call.cost_usd, endpoint.key is None) == (0, False)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no process to a core")
def test_only_cores_that_are_ours_count() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from app.settings.sections import EmbeddedSection; print(EmbeddedSection().threads)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "1"
