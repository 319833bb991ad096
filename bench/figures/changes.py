"""What changed since figures were measured."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures.register import Figure, Register
from bench.records.machine import ROOT
from bench.records.schema import RESULTS


def check(register: Register, *, named: bool = False) -> int:
    """Print which commands were measured on older code, and return 1 where there are any."""
    figures, listed = {one.command: one for one in register.figures}, 0
    for figure in figures.values():
        try:
            changes = find_changes(figure)
        except subprocess.CalledProcessError as error:
            print(f"{figure.command}: {error.stderr.strip().splitlines()[0]}")
            listed += 1
            continue
        if changes:
            listed += 1
            print(f"{figure.command}: {len(changes)} commits since {figure.commit} changed its code")
            print("".join(f"    {change}\n" for change in changes if named), end="")
    for name in find_unnamed(register):
        print(f"bench/results/{name}.json: no figure names it", file=sys.stderr)
    print(f"{listed} of {len(figures)} figures may be out of date", file=sys.stderr)
    return int(bool(listed))


def find_changes(figure: Figure, root: Path = ROOT) -> list[str]:
    """Return the commits after the figure's that touched its code, newest first, one a line.

    Raises CalledProcessError where git does not know the commit, as in a shallow clone.
    """
    command = ["git", "log", "--no-merges", "--format=%h %s", f"{figure.commit}..HEAD", "--", *figure.files]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)  # noqa: S603  git, and our own register
    return done.stdout.splitlines()


def find_unnamed(register: Register, results: Path = RESULTS) -> Iterator[str]:
    """Yield the records of runs that no figure was taken from, failed ones aside."""
    named = {name for one in register.figures for name in one.records}
    for path in sorted(results.glob("*.json")):
        if path.stem not in named and not path.name.endswith(".failed.json"):
            yield path.stem
