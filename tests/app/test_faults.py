"""What goes wrong outside, through the command line: the exit code, one line, and nothing lost."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock
from pydantic import TypeAdapter

from agents.scripted import Request, ScriptedServer, scripted
from app.cli import entry
from app.cli.exit_codes import Exit
from app.program import program
from tests.conftest import ServerFactory

Output = pytest.CaptureFixture[str]
Mount = Callable[[str], Path]


@pytest.fixture(autouse=True)
def short_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test of a claim takes is not the matter here."""
    monkeypatch.setenv("HYPOFIND_RUN__TEST_SECONDS", "1")


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a small disk with the options given. Skips where that is not permitted."""
    with ExitStack() as mounted:

        def make(options: str) -> Path:
            disk = tmp_path / "disk"
            disk.mkdir()
            command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own
            except FileNotFoundError:
                pytest.skip("a disk is mounted with mount, which is not here")
            if done.returncode:
                pytest.skip(f"mounting a disk is not permitted here: {done.stderr.strip()}")
            mounted.callback(subprocess.run, ["umount", str(disk)], check=True)
            return disk

        yield make


def ask(server: ScriptedServer, *more: str) -> int:
    return entry.run(["ask", "--model", "m", "--base-url", server.base_url, "--concurrency", "1", *more])


def told(output: Output) -> str:
    """The one line that says what is wrong."""
    lines = output.readouterr().err.splitlines()
    assert not any("Traceback" in line for line in lines)
    return next(line for line in lines if line.startswith("hypofind: "))


def is_review(request: Request) -> bool:
    return "marks" in (request.asked_schema or {}).get("properties", {})


@pytest.fixture
def server(scripted: ServerFactory, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """One that the settings name."""
    running = scripted()
    monkeypatch.setenv("HYPOFIND_MODEL__NAME", "m")
    monkeypatch.setenv("HYPOFIND_MODEL__BASE_URL", running.base_url)
    return running


@pytest.fixture
def finished(server: ScriptedServer, tmp_path: Path, capsys: Output) -> Path:
    """The folder of a run that ended."""
    assert ask(server, "Why?", "-k", "1") == Exit.DONE
    capsys.readouterr()
    return next((tmp_path / "runs").iterdir())


def test_a_wrong_key_is_the_operators_turn(
    scripted: ServerFactory, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("HYPOFIND_MODEL__KEY", "sk-wrong")
    assert ask(scripted(api_key="sk-right"), "Why?", "-k", "1") == Exit.MODEL
    line = told(capsys)
    assert "401: the key that is set is not accepted" in line
    assert "sk-wrong" not in line


def test_a_model_that_is_not_there_is_the_operators_turn(scripted: ServerFactory, capsys: Output) -> None:
    assert ask(scripted(models=["here"]), "Why?", "-k", "1") == Exit.MODEL
    assert "404 to a request for 'm'" in told(capsys)


@pytest.mark.slow
def test_a_key_revoked_in_the_middle_gives_a_report_and_exit_3(capsys: Output) -> None:
    def answer_until_one_is_reviewed(request: Request) -> str:
        if is_review(request):
            running.api_key = "sk-new"
        return scripted(request)

    with ScriptedServer(answer_until_one_is_reviewed) as running:
        assert ask(running, "Why?", "-k", "2", "--json") == Exit.MODEL
        out, err = capsys.readouterr()
        report = json.loads(out)
        assert report["status"] == "partial"
        assert len(report["hypotheses"]) == len(report["failures"]) == 1
        assert "to go on: " in err


@pytest.mark.slow
def test_an_answer_that_nobody_can_read_is_part_of_a_finished_run(capsys: Output) -> None:
    def answer(request: Request) -> str:
        stubborn = any("Zookeeper" in message.content for message in request.messages)
        return "no" if stubborn else scripted(request)

    with ScriptedServer(answer) as server:
        assert ask(server, "Why?", "-k", "2", "--role", "Zookeeper", "--json") == Exit.DONE
    assert json.loads(capsys.readouterr().out)["status"] == "partial"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (lambda run: (run / "run.json").unlink(), "was cut off before it began"),
        (lambda run: os.truncate(run / "run.json", 100), "run.json is damaged or cut off"),
        (lambda run: (run / "calls.jsonl").write_text("{}\n"), "line 1: no recorded call"),
    ],
)
def test_a_cut_run_folder_is_refused(
    harm: Callable[[Path], object], line: str, finished: Path, capsys: Output
) -> None:
    harm(finished)
    for command in (["replay"], ["ask", "--resume"]):
        assert entry.run([*command, finished.name]) == Exit.USAGE
        assert line in told(capsys)


def test_a_run_that_lost_calls_or_its_end_cannot_be_replayed(finished: Path, capsys: Output) -> None:
    (finished / "calls.jsonl").write_text("")
    assert entry.run(["replay", finished.name]) == Exit.USAGE
    assert "does not hold call" in told(capsys)
    record = json.loads((finished / "run.json").read_text())
    (finished / "run.json").write_text(json.dumps(record | {"end": None}))
    assert entry.run(["replay", finished.name]) == Exit.USAGE
    assert "has not finished" in told(capsys)


@pytest.mark.slow
def test_a_run_stays_with_its_models_and_with_one_process(finished: Path, capsys: Output) -> None:
    assert entry.run(["ask", "--resume", finished.name, "--model", "other"]) == Exit.USAGE
    assert "was begun with other models" in told(capsys)
    with FileLock(finished / ".lock"):
        assert entry.run(["ask", "--resume", finished.name]) == Exit.USAGE
    assert "is being written by another process" in told(capsys)


@pytest.mark.slow
def test_what_is_printed_to_go_on_can_be_typed(
    scripted: ServerFactory, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program() == "hypofind" and not os.access(Path(sys.executable).with_name("hypofind"), os.X_OK):
        pytest.skip("hypofind is not installed beside this Python")
    assert (
        ask(scripted(), "Why?", "-k", "2", "--matches", "0", "--budget-tokens", "2500", "--out", ".")
        == Exit.BUDGET
    )
    start, *arguments = shlex.split(capsys.readouterr().err.split("to go on: ")[1])
    done = subprocess.run([start, "--help"], capture_output=True, check=True, text=True)  # noqa: S603  our own words
    assert done.stdout.startswith("Usage: hypofind")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert entry.run([*arguments, "--json"]) == Exit.DONE
    assert len(json.loads(capsys.readouterr().out)["hypotheses"]) == 2


def test_a_folder_that_may_not_be_written_is_named(
    scripted: ServerFactory, tmp_path: Path, mount: Mount, capsys: Output
) -> None:
    if os.geteuid():
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
    else:
        folder = mount("ro,size=1m")  # rights do not stop root
    assert ask(scripted(), "Why?", "-k", "1", "--out", str(folder)) == Exit.FAILED
    line = told(capsys)
    assert str(folder) in line
    assert "read-only for you; choose another folder" in line


def test_a_full_disk_is_named(scripted: ServerFactory, mount: Mount, capsys: Output) -> None:
    disk = mount("size=1m")
    with pytest.raises(OSError, match="No space"):
        (disk / "filler").write_bytes(bytes(2 << 20))
    assert ask(scripted(), "Why?", "-k", "1", "--out", str(disk)) == Exit.FAILED
    assert "the disk is full; free some space" in told(capsys)


def test_a_cache_on_a_full_disk_only_costs_time(
    mount: Mount, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = mount("size=64k")
    monkeypatch.setenv("HYPOFIND_PATHS__CACHE", str(disk))
    for _ in range(2):
        assert entry.run(["physh", "show", "Viscosity"]) == Exit.DONE
    assert not [path for path in disk.rglob("*") if path.is_file()]


def test_a_bug_is_told_where_no_file_can_be_written(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    def fail(*_: object, **__: object) -> None:
        TypeAdapter(int).validate_python("three")  # our own mistake, not the user's

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr("app.settings.load_settings", fail)
    assert entry.run(["runs"]) == Exit.FAILED
    line = told(capsys)
    assert "this is a bug (ValidationError in type_adapter.py" in line
    assert "should be a valid integer" in line
