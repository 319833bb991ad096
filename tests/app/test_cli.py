"""The command line as a user meets it: exit codes, one line for each error, JSON alone on standard output."""

import io
import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pytest

from agents.scripted import ScriptedServer
from app.cli import entry
from app.cli.commands import COMMANDS, load_command
from app.cli.exit_codes import Exit
from app.program import program

PROGRAM = [sys.executable, "-c", "from app.cli import main; main()"]


@pytest.fixture(autouse=True)
def _no_tournament(_isolated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its calls are counted elsewhere."""
    monkeypatch.setenv("HYPOFIND_RUN__MATCHES", "0")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture(autouse=True)
def short_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test of a claim takes is not the matter here."""
    monkeypatch.setenv("HYPOFIND_RUN__TEST_SECONDS", "1")


def give_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def ask(server: ScriptedServer, *more: str) -> int:
    return entry.run(["ask", "--model", "m", "--base-url", server.base_url, *more])


Output = pytest.CaptureFixture[str]


@pytest.mark.slow
def test_a_question_becomes_files_and_the_report_is_printed(
    server: ScriptedServer, runs: Path, capsys: Output
) -> None:
    assert ask(server, "Why is honey thick?", "-k", "2", "--full") == Exit.DONE
    out, err = capsys.readouterr()
    folder = next(runs.iterdir())
    assert out == (folder / "report.md").read_text(encoding="utf-8")
    assert {path.suffix for path in folder.glob("report.*")} == {".json", ".md", ".ttl", ".bib", ".ris"}
    assert str(folder) in err
    assert ask(server, "--resume", str(folder)) == Exit.DONE
    out, err = capsys.readouterr()
    assert out.startswith("Why is honey thick?\n")
    assert len(out.splitlines()) < 60
    assert str(folder) in err


@pytest.mark.slow
def test_json_is_alone_on_standard_output_and_replay_gives_the_same(
    server: ScriptedServer, runs: Path, capsys: Output
) -> None:
    assert ask(server, "Why is honey thick?", "-k", "2", "--json") == Exit.DONE
    first = capsys.readouterr().out
    name = json.loads(first)["run"]
    assert entry.run(["replay", name, "--json"]) == Exit.DONE
    assert capsys.readouterr().out == first == (runs / name / "report.json").read_text(encoding="utf-8")
    assert entry.run(["runs", "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out) == [
        {"run": name, "question": "Why is honey thick?", "status": "complete", "hypotheses": 2}
    ]


@pytest.mark.slow
def test_a_question_is_read_from_standard_input(
    server: ScriptedServer, runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    give_input(monkeypatch, "Why is h\u00f6ney thick?\n".encode())
    assert ask(server, "-", "-k", "1", "--json") == Exit.DONE
    assert json.loads(capsys.readouterr().out)["question"] == "Why is h\u00f6ney thick?"


@pytest.mark.slow
def test_a_spent_budget_keeps_what_is_done_and_tells_how_to_go_on(
    server: ScriptedServer, runs: Path, capsys: Output
) -> None:
    assert (
        ask(server, "Why?", "-k", "3", "--budget-tokens", "4000", "--concurrency", "1", "--json")
        == Exit.BUDGET
    )
    out, err = capsys.readouterr()
    assert json.loads(out)["status"] == "stopped by budget"
    assert f"{program()} ask --resume {next(runs.iterdir())} --model m --base-url {server.base_url}" in err
    assert ask(server, "--resume", str(next(runs.iterdir())), "--json") == Exit.DONE
    assert len(json.loads(capsys.readouterr().out)["hypotheses"]) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["ask"], Exit.USAGE, "a question is missing"),
        (["ask", ""], Exit.USAGE, "the question is empty"),
        (["ask", " \n"], Exit.USAGE, "the question is empty"),
        (["ask", "x" * 1_000_000], Exit.USAGE, "the question has 1,000,000 characters and may have 8,000"),
        (["ask", "a\x07"], Exit.USAGE, "the question has the control character U+0007"),
        (["ask", "caf\udce9"], Exit.USAGE, "the question is not UTF-8"),
        (
            ["ask", "Why?", "-k", "0"],
            Exit.USAGE,
            "run.perspectives = 0 (command line): should be greater than",
        ),
        (["ask", "Why?", "-k", "x"], Exit.USAGE, "Invalid value for '-k'"),
        (["ask", "Why?", "--budget-tokens", "0"], Exit.USAGE, "run.budget_tokens = 0 (command line)"),
        (
            ["ask", "Why?", "--model", "gpt"],
            Exit.USAGE,
            "model.name = 'gpt' is asked at OpenAI and needs a key",
        ),
        (
            ["ask", "Why?", "--discipline", "Alchemy"],
            Exit.USAGE,
            "PhySH has no discipline 'Alchemy'. Nearest",
        ),
        (["ask", "Why?", "--discipline", "General Physics"], Exit.USAGE, "holds no concepts; these do:"),
        (["ask", "Why?", "--discipline", " "], Exit.USAGE, "disciplines.0 = ' ': is empty"),
        (
            ["ask", "Why?", "--role", "A", "--role", "B", "-k", "1"],
            Exit.USAGE,
            "the pins need 2 perspectives",
        ),
        (["physh", "tree", "APS Taxonomy"], Exit.USAGE, "holds no concepts; these do:"),
        (["ask", "Why?", "--budget-usd", "0"], Exit.USAGE, "run.budget_usd = 0.0 (command line)"),
        (
            ["ask", "Why?", "--model", "m", "--base-url", "http://h/v1", "--budget-usd", "1"],
            Exit.USAGE,
            "the price of 'm' is not known",
        ),
        (["ask", "Why?", "--framework", "Alchemy"], Exit.USAGE, "PhySH has no concept 'Alchemy'. Nearest"),
        (["ask", "Why?", "--settings", "none.toml"], Exit.USAGE, "cannot read none.toml: no such file"),
        (
            ["ask", "--resume", "x", "Why?"],
            Exit.USAGE,
            "--resume goes on with the run as it was asked: leave out",
        ),
        (["ask", "--resume", "x", "-k", "2"], Exit.USAGE, "leave out perspectives"),
        (["ask", "--resume", "none"], Exit.USAGE, "no run 'none' in"),
        (["replay", "none"], Exit.USAGE, "no run 'none' in"),
        (["physh", "show", "Phlogiston"], Exit.USAGE, "PhySH has no concept 'Phlogiston'"),
        (["physh", "update", "none.ttl"], Exit.FAILED, "none.ttl"),
        (["physh", "route", "???"], Exit.USAGE, ""),
        (["physh"], Exit.USAGE, f"Missing command: see {program()} physh --help"),
        (["--nonsense"], Exit.USAGE, "No such option: --nonsense"),
    ],
)
def test_bad_input_gets_one_line(
    arguments: list[str], code: int, line: str, runs: Path, capsys: Output
) -> None:
    assert entry.run(arguments) == code
    out, err = capsys.readouterr()
    told = [text for text in err.splitlines() if text.startswith("hypofind: ")]
    assert len(told) == 1
    assert line in told[0]
    assert not out
    assert "Traceback" not in err
    assert not runs.exists(), "bad input leaves no run behind"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"caf\xe9", "standard input is not UTF-8 (at byte 4)"),
        (b"", "is empty"),
        (b"\xc3\xa4" * 10**6, "8,000"),
    ],
)
def test_bad_bytes_on_standard_input_get_one_line(
    content: bytes, line: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    give_input(monkeypatch, content)
    assert entry.run(["ask", "-"]) == Exit.USAGE
    assert line in capsys.readouterr().err


def test_an_unreachable_endpoint_is_the_operator_s_turn(runs: Path, capsys: Output) -> None:
    assert (
        entry.run(["ask", "Why?", "-k", "1", "--model", "m", "--base-url", "http://127.0.0.1:9/v1"])
        == Exit.MODEL
    )
    err = capsys.readouterr().err
    assert "127.0.0.1:9" in err
    assert f"to go on: {program()} ask --resume {next(runs.iterdir())} --model m" in err
    assert "During task" not in err


def test_a_full_disk_and_a_bug_read_differently(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def fail(error: Exception) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("app.settings.load_settings", refuse)

    fail(OSError(28, "No space left on device", "/data/x"))
    assert entry.run(["runs"]) == Exit.FAILED
    assert capsys.readouterr().err == "hypofind: /data/x: no space left on device\n"
    fail(ZeroDivisionError("oops"))
    assert entry.run(["runs"]) == Exit.FAILED
    err = capsys.readouterr().err
    assert "this is a bug (ZeroDivisionError in test_cli.py" in err
    saved = Path(err.split("attach ")[1].strip())
    assert "oops" in saved.read_text()
    saved.unlink()
    fail(KeyboardInterrupt())  # type: ignore[arg-type]  # what Ctrl-C raises
    assert entry.run(["runs"]) == Exit.INTERRUPTED


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_keeps_what_is_finished_and_resume_goes_on(
    runs: Path, stop: signal.Signals, capsys: Output
) -> None:
    with ScriptedServer(delay_s=0.5) as slow:
        options = ["--model", "m", "--base-url", slow.base_url, "--concurrency", "1", "--json"]
        process = subprocess.Popen(  # noqa: S603  our own interpreter and code
            [*PROGRAM, "ask", "Why?", "-k", "4", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        while slow.delivered.total() < 5 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(stop)
        out, err = process.communicate(timeout=30)
        assert process.returncode == Exit.INTERRUPTED, err
        assert json.loads(out)["status"] == "interrupted"
        assert b"--resume" in err
        slow.delay_s = 0
        paid = slow.delivered.total()
        assert entry.run(["ask", "--resume", str(next(runs.iterdir())), *options]) == Exit.DONE
        assert len(json.loads(capsys.readouterr().out)["hypotheses"]) == 4
        assert paid < slow.delivered.total()
        repeated = slow.requests.total() - len(slow.requests)
        assert repeated <= 1, "the call in flight may be asked again, and no other"


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from app.cli import entry; entry.run(['--help']);"
        "print([m for m in ('pydantic', 'rich', 'numpy', 'agents', 'physh', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603  our own interpreter and code
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    for listed in COMMANDS:
        said = load_command(listed.name).get_short_help_str(200)  # type: ignore[attr-defined]  # typer's own
        assert said == listed.help, listed.name


def test_the_version_is_told(capsys: Output) -> None:
    assert entry.run(["--version"]) == Exit.DONE
    assert capsys.readouterr().out == f"hypofind {version('hypothesis-finder')} (Python {python_version()})\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{shlex.join(PROGRAM)} physh tree --json | head -c 10"
    done = subprocess.run(  # noqa: S602  the pipe is what is tested
        command,
        shell=True,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stdout == '{"uri": nu'
    assert not done.stderr
