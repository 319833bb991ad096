"""What the documentation shows works: Python blocks run, and so do the commands of console blocks."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.scripted import ScriptedServer
from app.cli import entry
from app.cli.exit_codes import Exit
from app.exports import render_all
from tests.app.reports import make_report

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
SHELL = {"|", ";", "&&", ">"}
PROGRAM = f"{shlex.quote(sys.executable)} -c 'from app.cli import main; main()'"


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for code in re.findall(
            rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            yield page.name, code


def modules(page: str) -> Iterator[tuple[str, str]]:
    """Blocks that begin with a file's name in a comment: other blocks of the page import them."""
    for name, code in blocks("python"):
        if name == page and (title := re.match(r"# (\w+\.py)\n", code)):
            yield title[1], code


def commands() -> Iterator[tuple[str, str]]:
    for page, code in blocks("console"):
        for line in code.splitlines():
            if line.startswith("$ "):
                yield page, line[2:]


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize(("page", "code"), list(blocks("python")))
def test_python_in_the_docs_runs(
    page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in render_all(make_report()).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, module in modules(page):
        (tmp_path / name).write_text(module, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name.removesuffix(".py"), raising=False)
    exec(compile(code, page, "exec"), {})  # noqa: S102  our own documentation


@pytest.mark.parametrize("code", [code for _, code in blocks("python") if re.match(r"# \w+\.py\n", code)])
def test_modules_in_the_docs_pass_the_checks_of_the_project(code: str) -> None:
    """Who copies a worked example into tools/ has no line to mend."""
    for check in ("check", "format --diff"):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *check.split(),
            "--stdin-filename",
            "tools/worked.py",
            "-",
        ]
        done = subprocess.run(command, input=code, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603  as above
        assert done.returncode == 0, done.stdout


@pytest.fixture
def scripted_model(server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A scripted model answers; tests of claims are short, nothing is ranked, and nothing is piped in."""
    monkeypatch.setenv("HYPOFIND_RUN__TEST_SECONDS", "2")
    monkeypatch.setenv("HYPOFIND_RUN__MATCHES", "0")
    monkeypatch.setenv("HYPOFIND_MODEL__NAME", "scripted")
    monkeypatch.setenv("HYPOFIND_MODEL__BASE_URL", server.base_url)
    monkeypatch.setenv("HYPOFIND_PATHS__RUNS", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        yield


@pytest.mark.slow
@pytest.mark.parametrize(("page", "command"), list(commands()))
def test_commands_in_the_docs_run(
    page: str,
    command: str,
    tmp_path: Path,
    scripted_model: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """As they stand, but for the model.

    What needs no shell runs in this process, which saves the start of the program fifty times.
    """
    words = set(shlex.shlex(command, posix=True, punctuation_chars=True))
    if command.startswith("hypofind ") and not SHELL & words:
        assert entry.run(shlex.split(command)[1:]) == Exit.DONE, f"{page}: {capfd.readouterr().err}"
        return
    line = re.sub(r"\bhypofind\b", lambda _: PROGRAM, command)
    done = subprocess.run(  # noqa: S602  our own documentation, which shows pipes too
        line, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, f"{page}: {done.stderr}"
