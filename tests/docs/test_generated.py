"""Tables, reference pages and gallery are as the program makes them; the site has no broken link."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.api.problems import ProblemKind
from app.documents.__main__ import write_documents
from app.settings import reference
from app.tools import list_tools_in_markdown

ROOT = Path(__file__).parents[2]


def test_every_tool_is_in_the_docs() -> None:
    assert list_tools_in_markdown() in (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8"), (
        "put in what `python -m app.tools` prints"
    )


def test_every_setting_is_in_the_docs() -> None:
    assert reference.render() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), (
        "put in what `python -m app.settings.reference` prints"
    )


def test_generated_pages_are_current(tmp_path: Path) -> None:
    """Commands, REST, MCP, errors and gallery say what the program is; nothing else lies beside them."""
    write_documents(tmp_path)
    written = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    for folder in ("reference", "gallery"):
        there = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs" / folder).rglob("*.*")}
        assert there - {Path("reference/python.md")} == {name for name in written if name.parts[0] == folder}
    for name, path in written.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), (
            f"docs/{name} is old: run `python -m app.documents`"
        )


def test_every_problem_type_and_exit_code_is_explained() -> None:
    service = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    assert [kind.slug for kind in ProblemKind if f"| `{kind.slug}` | {kind.status} |" not in service] == []


@pytest.mark.skipif(find_spec("mkdocs") is None, reason="the extra `docs` is not installed")
def test_the_site_builds_without_a_broken_link(tmp_path: Path) -> None:
    """Strict: a link, an anchor or a page that leads nowhere is an error, and so is a page left out."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(  # noqa: S603  our own documentation
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=quiet,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "index.html").exists()
