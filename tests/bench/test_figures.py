"""The register of figures is whole, and a change of a figure's code is noticed."""

import subprocess
from pathlib import Path

import pytest

from bench.figures import PAGE, ROOT, Figure, day_of, find_changes, find_commands, load_register


def test_the_code_behind_every_figure_exists() -> None:
    for figure in load_register():
        assert [name for name in figure.files if not (ROOT / name).exists()] == [], figure.command


def test_the_page_says_at_which_commit_each_was_measured() -> None:
    """`python -m bench.figures --write` writes them."""
    page = PAGE.read_text(encoding="utf-8")
    for figure in load_register():
        assert f"| `{figure.command}` | `{figure.commit}` | " in page


def test_every_command_of_the_page_is_in_the_register() -> None:
    known = {figure.command for figure in load_register()}
    assert not set(find_commands(PAGE.read_text(encoding="utf-8"))) - known


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def test_only_later_changes_of_its_own_code_are_listed(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    for name, subject in (("a.py", "measured"), ("b.py", "another's"), ("a.py", "changed")):
        (tmp_path / name).write_text(subject)
        git(tmp_path, "add", name)
        git(tmp_path, "commit", "--quiet", "-m", subject)
    first = git(tmp_path, "rev-list", "--max-parents=0", "HEAD")
    assert day_of(first, tmp_path) == git(tmp_path, "show", "-s", "--format=%cs", first)
    changes = find_changes(Figure(command="measure", commit=first, files=("a.py",)), tmp_path)
    assert [change.partition(" ")[2] for change in changes] == ["changed"]


def test_a_commit_that_git_does_not_know_is_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(subprocess.CalledProcessError):
        find_changes(Figure(command="measure", commit="0" * 40, files=("a.py",)), tmp_path)


def test_commands_are_read_from_the_last_cell_only() -> None:
    row = "| what | `python -m bench.a` | goal | `python -m bench.b --seed 1` ([page](b.md)) |\n"
    page = f"{row}| x | 1 | | same |\n"
    assert list(find_commands(page)) == ["python -m bench.b --seed 1"]
