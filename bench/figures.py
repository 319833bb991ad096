"""Which figures of docs/benchmarks.md may be out of date: their code changed since they were measured.

Run: python -m bench.figures [--changes | --write]

bench/figures.yaml says for each figure the command, the code that it depends on and the commit at which it
was measured. Every later commit that touched that code is counted; --changes names them. A command of the
page that is not in the register is named as well. The exit code is 1 where anything is listed, so that a
release can ask for it; no test does, as an old figure is no fault by itself. --write puts the commit and
day of each figure under the page's tables, for readers.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from tools.strict import Strict

ROOT = Path(__file__).parents[1]
REGISTER = Path(__file__).with_suffix(".yaml")
PAGE = ROOT / "docs" / "benchmarks.md"
HEADING = "## When each was measured\n"


class Figure(Strict):
    """A command that measures, with the code behind it."""

    command: str = Field(min_length=1, description="as it stands in docs/benchmarks.md")
    commit: str = Field(pattern=r"^[0-9a-f]{7,40}$", description="of the code that was measured")
    files: tuple[str, ...] = Field(min_length=1, description="files and folders, from the repository's root")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", action="store_true", help="name the commits")
    parser.add_argument("--write", action="store_true", help="write the commits into the page")
    chosen = parser.parse_args()
    figures, listed = load_register(), 0
    if chosen.write:
        before = PAGE.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
        PAGE.write_text(f"{before}\n\n{HEADING}\n{render(figures)}", encoding="utf-8")
        return 0
    for figure in figures:
        try:
            changes = find_changes(figure)
        except subprocess.CalledProcessError as error:
            print(f"{figure.command}: {error.stderr.strip().splitlines()[0]}")
            listed += 1
            continue
        if changes:
            listed += 1
            print(f"{figure.command}: {len(changes)} commits since {figure.commit} changed its code")
            print("".join(f"    {change}\n" for change in changes if chosen.changes), end="")
    for command in sorted(
        set(find_commands(PAGE.read_text(encoding="utf-8"))) - {one.command for one in figures}
    ):
        listed += 1
        print(f"{command}: not in {REGISTER.relative_to(ROOT)}")
    print(f"{listed} of {len(figures)} figures may be out of date", file=sys.stderr)
    return int(bool(listed))


def load_register() -> list[Figure]:
    """Return all entries. Raises pydantic.ValidationError for one that is not whole."""
    return TypeAdapter(list[Figure]).validate_python(yaml.safe_load(REGISTER.read_text(encoding="utf-8")))


def find_changes(figure: Figure, root: Path = ROOT) -> list[str]:
    """Return the commits after the figure's that touched its code, newest first, one a line.

    Raises CalledProcessError where git does not know the commit, as in a shallow clone.
    """
    command = ["git", "log", "--no-merges", "--format=%h %s", f"{figure.commit}..HEAD", "--", *figure.files]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)  # noqa: S603  git, and our own register
    return done.stdout.splitlines()


def render(figures: list[Figure]) -> str:
    """Return what the page says of commits, latest first."""
    intro = (
        "Code may have changed since the commit that a figure was measured at: `make figures-check` counts "
        "the commits that touched it."
    )
    rows = sorted(((day_of(one.commit), one) for one in figures), key=lambda row: row[0], reverse=True)
    table = "".join(f"| `{one.command}` | `{one.commit}` | {day} |\n" for day, one in rows)
    return f"{intro}\n\n| command | commit | day |\n|---|---|---|\n{table}"


def day_of(commit: str, root: Path = ROOT) -> str:
    """Return a commit's day, such as 2026-11-29. Raises CalledProcessError where git does not know it."""
    command = ["git", "show", "--no-patch", "--format=%cs", commit]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout.strip()  # noqa: S603  git, and our own register


def find_commands(page: str) -> Iterator[str]:
    """Yield the command of every row of the table that names one."""
    for line in page.splitlines():
        cell = line.rstrip("| ").rpartition("|")[2]
        if line.startswith("| ") and (
            named := re.match(r" `((?:python -m bench|pytest|make|hypofind) ?[^`]*)`", cell)
        ):
            yield named[1]


if __name__ == "__main__":
    sys.exit(main())
