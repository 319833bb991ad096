"""The page is what the register says, the register is whole, and a change of a figure's code is noticed."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from bench.figures.changes import History, check, find_changes, find_unnamed, learn_renames
from bench.figures.register import (
    PAGE,
    Figure,
    Register,
    find_disagreements,
    is_run_of,
    load_record,
    load_register,
    render,
)
from bench.records.machine import ROOT
from bench.records.schema import Machine, Record

MADE = Figure(
    what="all", figure="3", command="python -m bench.a", n="608", seed="0", spread="95 % bootstrap",
    commit="0123456", day=date(2026, 12, 1), files=("a.py",),
)  # fmt: skip
MACHINE = Machine(system="Linux", processor="one", cores=2, memory_gb=8, load_before=0, load_after=0)
RECORD = Record(
    command="python -m bench.a", settings={}, data=(), seed="0", commit="0123456" + "0" * 33, uncommitted=(),
    begun=datetime(2026, 12, 1, 12, tzinfo=UTC), machine=MACHINE, python="3.11.7", packages={},
    wall_seconds=1, processor_seconds=1, peak_memory_mb=1, exit_code=0, lines=(), tables=(), values=(),
)  # fmt: skip


def change(figure: Figure = MADE, **fields: object) -> Figure:
    return Figure.model_validate(figure.model_dump() | fields)


def test_the_page_is_what_the_register_says() -> None:
    """`python -m bench.figures --write` writes it."""
    assert PAGE.read_text(encoding="utf-8") == render(load_register())


def test_the_code_behind_every_figure_exists() -> None:
    for figure in load_register().figures:
        assert [name for name in figure.files if not (ROOT / name).exists()] == [], figure.command


def test_records_are_of_the_commands_and_commits_of_their_figures() -> None:
    for figure in load_register().figures:
        for name in figure.records:
            assert find_disagreements(figure, load_record(name)) == [], name


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, []),
        ({"command": "python -m bench.b"}, ["command"]),
        ({"commit": "1" * 40}, ["commit"]),
        ({"commit": None}, ["commit"]),
        ({"uncommitted": ("bench/a.py",)}, ["files that differed from the commit"]),
        ({"begun": datetime(2026, 12, 2, tzinfo=UTC)}, ["day"]),
        ({"seed": "1"}, ["seed"]),
        ({"seed": None}, []),
        ({"exit_code": 1}, ["exit code"]),
    ],
)
def test_what_a_record_disagrees_in_is_told(fields: dict[str, object], told: list[str]) -> None:
    assert find_disagreements(MADE, RECORD.model_copy(update=fields)) == told


@pytest.mark.parametrize(
    ("command", "run", "is_it"),
    [
        ("python -m bench.a x.ttl", "python -m bench.a ../data/x.ttl", True),
        ("python -m bench.a x.ttl", "python -m bench.a ../data/xx.ttl", False),
        ("python -m bench.a FILE… --seed 1", "python -m bench.a b c --seed 1", True),
        ("python -m bench.a FILE… --seed 1", "python -m bench.a --seed 1", False),
        ("python -m bench.a table 2DMD", "python -m bench.a table ../shared/data/2dmd", True),
        ("python -m bench.a AREA --count 8", "python -m bench.a --count 8", False),
        ("python -m bench.a [b.jsonl] --now", "python -m bench.a b.jsonl --now", True),
        ("python -m bench.a [b.jsonl] --now", "python -m bench.a --now", True),
        ("python -m bench.a --rival NAME=FILE", "python -m bench.a --rival 'Llama 2=x.json'", True),
        ("python -m bench.a --rival NAME=FILE", "python -m bench.a --rival x.json", False),
        ("HYPOFIND_A=2 python -m bench.a", "python -m bench.a", False),
        ("python -m bench.a", "python -m bench.a --more", False),
        ("python -m bench.a --count 10", "python -m bench.a --count 20", False),
    ],
)
def test_words_of_a_command_may_stand_for_others(command: str, run: str, is_it: bool) -> None:
    assert is_run_of(command, RECORD.model_copy(update={"command": run})) is is_it


def test_settings_before_a_command_are_those_of_the_record() -> None:
    record = RECORD.model_copy(update={"settings": {"HYPOFIND_A": "2"}})
    assert is_run_of("HYPOFIND_A=2 python -m bench.a", record)
    assert not is_run_of("HYPOFIND_A=3 python -m bench.a", record)


def test_rows_say_n_seed_spread_and_repeat_no_command() -> None:
    rows = (MADE, change(what="more", n="40 repeats", seed="3 seeds", spread=None, page="b.md#c"))
    page = render(Register(intro="Intro.", figures=rows, notes="Notes."))
    assert "| all (n = 608, seed 0, 95 % bootstrap) | 3 | | `python -m bench.a` |" in page
    assert "| more (40 repeats, 3 seeds) | 3 | | same ([page](b.md#c)) |" in page
    assert page.count("`python -m bench.a`") == 2, "in the table and among the commits"


def test_rows_of_one_command_come_from_one_run() -> None:
    with pytest.raises(ValidationError, match="differ in commit"):
        Register(intro="", figures=(MADE, change(commit="7654321")), notes="")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def commit(folder: Path, **files: str) -> str:
    """Have these files, and no others, be all there is; `__` stands for a slash. Return the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    for path in folder.rglob("*.*"):
        if path.is_file() and ".git" not in path.parts:
            path.unlink()
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_md", ".md")
        path = path if path.suffix else path.with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "one")
    return git(folder, "rev-parse", "HEAD")


def changed(folder: Path, before: dict[str, str], after: dict[str, str], *files: str) -> list[str]:
    first = commit(folder, **before)
    commit(folder, **after)
    figure = change(commit=first, files=files or ("a.py",))
    with History(folder) as history:
        learn_renames([first], history)
        return find_changes(figure, history)


BEFORE = '''"""A module."""

from b import two


class Old:
    """A class."""

    size: int = 1


def total(values: list[int]) -> int:
    """Return the sum."""
    found = 0
    for one in values:
        found += two(one) + Old.size
    if found < 0:
        raise ValueError("it is negative")
    return found


LIMIT = 3
'''


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (BEFORE, []),
        (BEFORE.replace("from b import two", "from c.d import two\nfrom e import three"), []),
        (BEFORE.replace("A module", "One").replace("Return the sum", "Add up"), []),
        (BEFORE.replace("values: list[int]) -> int", "values: Sequence[int]) -> float"), []),
        (BEFORE.replace("LIMIT = 3", "LIMIT: Final = 3  # at most"), []),
        (BEFORE.replace("it is negative", "give another"), []),
        (BEFORE.replace("found", "result").replace("one", "value"), []),
        (
            BEFORE.replace(
                "two(one) + Old.size", "(\n            two(one)\n            + Old.size\n        )"
            ),
            [],
        ),
        (BEFORE.replace("Old", "New"), []),
        (BEFORE.replace("size: int", "size: float"), ["Old"]),
        (BEFORE.replace("size: int = 1", "size: int = 2"), ["Old"]),
        (BEFORE.replace("two(one) +", "two(one) -"), ["total"]),
        (BEFORE.replace("found < 0", "found <= 0"), ["total"]),
        (BEFORE.replace("two(one)", "three(one)"), ["total"]),
        (BEFORE.replace("LIMIT = 3", "LIMIT = 4"), ["LIMIT"]),
        (BEFORE + "\n\ndef more() -> None:\n    print()\n", ["more"]),
    ],
)
def test_what_a_definition_does_counts_and_not_how_it_is_written(
    tmp_path: Path, after: str, told: list[str]
) -> None:
    assert changed(tmp_path, {"a": BEFORE}, {"a": after}) == [f"a.py: {name}" for name in told]


def test_what_was_moved_or_split_has_not_changed(tmp_path: Path) -> None:
    head, _, tail = BEFORE.partition("def total")
    parts = {"a__one": f"from a.two import total\n{head}", "a__two": f"def total{tail}"}
    assert changed(tmp_path, {"a": BEFORE}, parts, "a") == []
    parts["a__two"] = parts["a__two"].replace("LIMIT = 3", "LIMIT = 4")
    assert changed(tmp_path, {"a": BEFORE}, parts, "a") == ["a/two.py: LIMIT"]


def test_what_the_changelog_renames_has_not_changed(tmp_path: Path) -> None:
    after = {
        "c": BEFORE.replace("Old", "New").replace("total", "add_up"),
        "CHANGELOG_md": "`a.total` →\n`add_up`",
    }
    assert changed(tmp_path, {"a": BEFORE}, after, "c.py") == ["c.py: New", "c.py: add_up"]
    after["CHANGELOG_md"] += ", `a.Old` → `New`"
    assert changed(tmp_path, {"a": BEFORE}, after, "c.py") == []


def test_data_of_its_own_files_count_and_pages_do_not(tmp_path: Path) -> None:
    before = {"a__x_yaml": "1", "a__y_yaml": "2", "a__z_md": "3", "b_yaml": "4"}
    after = {"a__x_yaml": "0", "a__w_yaml": "2", "a__z_md": "0", "b_yaml": "0"}
    assert changed(tmp_path, before, after, "a") == ["a/x.yaml"]


def test_a_commit_that_git_does_not_know_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, a="")
    with History(tmp_path) as history, pytest.raises(subprocess.CalledProcessError):
        find_changes(change(commit="0" * 40), history)
    register = Register(intro="", figures=(change(commit="0" * 40),), notes="")
    assert check(register, root=tmp_path) == 1
    assert capsys.readouterr().out.startswith("python -m bench.a: fatal")


def test_how_much_changed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = commit(tmp_path, a=BEFORE)
    register = Register(intro="", figures=(change(commit=first),), notes="")
    assert check(register, root=tmp_path) == 0
    commit(tmp_path, a=BEFORE.replace("= 3", "= 4").replace("= 1", "= 2"))
    assert check(register, named=True, root=tmp_path) == 1
    told = f"python -m bench.a: 2 changes in 1 files since {first}\n    a.py: Old\n    a.py: LIMIT\n"
    assert capsys.readouterr().out == told


def test_records_that_no_figure_names_are_told(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "c.failed.json"):
        (tmp_path / name).touch()
    register = Register(intro="", figures=(change(records=("a",)),), notes="")
    assert list(find_unnamed(register, tmp_path)) == ["b"]
