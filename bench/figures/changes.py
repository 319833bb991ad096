"""What changed since figures were measured: not how code is written, named and laid out, but what it does."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from bench.figures.register import Figure, Register
from bench.figures.syntax import SourceCode, oldest, rename
from bench.records.machine import ROOT
from bench.records.schema import RESULTS

RENAMED: Final = re.compile(r"`([\w.]+)`\s+→\s+`([\w.]+)`")
ROUNDS: Final = 4  # in which renames are found: a class that names another is known after that one
PROSE: Final = (".md", "SHA256SUMS")


class History:
    """Trees and blobs of a repository, by one process of git for all blobs; and what was renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sources: dict[str, SourceCode] = {}
        self._reader = subprocess.Popen(
            ["git", "cat-file", "--batch"],  # noqa: S607 - the git that one has
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.tree = lru_cache(maxsize=None)(self._list)
        self.lost = lru_cache(maxsize=None)(self._index_lost)
        self.renames = read_renames(self._read_log())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.communicate()

    def source(self, blob: str) -> SourceCode:
        if blob not in self._sources:
            self._sources[blob] = SourceCode(self._read(blob))
        return self._sources[blob]

    def find(self, commit: str, name: str) -> list[SourceCode]:
        """Return the modules of a commit, changed since, that define this name, by its oldest form."""
        return self.lost(commit).get(oldest(name, self.renames), [])

    def _list(self, commit: str) -> dict[str, str]:
        """Return path → blob. Raises CalledProcessError where git does not know the commit."""
        command = ["git", "ls-tree", "-r", "-z", commit]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=self._root)  # noqa: S603  git, and our own register
        rows = (row.partition("\t") for row in done.stdout.split("\0") if row)
        return {path: about.split()[2] for about, _, path in rows}

    def _index_lost(self, commit: str) -> dict[str, list[SourceCode]]:
        standing = set(self.tree("HEAD").values())
        index: dict[str, list[SourceCode]] = {}
        for path, blob in self.tree(commit).items():
            if path.endswith(".py") and blob not in standing:
                for name in self.source(blob).heads:
                    index.setdefault(name, []).append(self.source(blob))
        return index

    def _read_log(self) -> str:
        try:
            blob = self.tree("HEAD").get("CHANGELOG.md")
        except subprocess.CalledProcessError:  # a repository without a commit
            return ""
        return self._read(blob) if blob else ""

    def _read(self, blob: str) -> str:
        requests, answers = self._reader.stdin, self._reader.stdout
        assert requests is not None
        assert answers is not None
        requests.write(f"{blob}\n".encode())
        requests.flush()
        size = int(answers.readline().split()[2])
        return answers.read(size + 1)[:-1].decode(errors="replace")


def read_renames(changelog: str) -> dict[str, str]:
    """Return new name → old name, of all that a changelog writes as `old` → `new`."""
    pairs = (tuple(name.rpartition(".")[2] for name in pair) for pair in RENAMED.findall(changelog))
    return {new: old for old, new in pairs if old != new}


def check(register: Register, *, named: bool = False, root: Path = ROOT) -> int:
    """Print which commands were measured on code that did something else; return 1 where there are any."""
    figures, listed = {one.command: one for one in register.figures}, 0
    with History(root) as history:
        learn_renames([one.commit for one in figures.values()], history)
        for figure in figures.values():
            told = _describe(figure, history, named=named)
            listed += bool(told)
            print(told, end="")
    for name in find_unnamed(register):
        print(f"bench/results/{name}.json: no figure names it", file=sys.stderr)
    print(f"{listed} of {len(figures)} figures may be out of date", file=sys.stderr)
    return int(bool(listed))


def _describe(figure: Figure, history: History, *, named: bool) -> str:
    """Return what is to be said of a figure, in lines; nothing where it is up to date."""
    try:
        changes = find_changes(figure, history)
    except subprocess.CalledProcessError as error:
        return f"{figure.command}: {error.stderr.strip().splitlines()[0]}\n"
    if not changes:
        return ""
    files = len({change.partition(": ")[0] for change in changes})
    lines = [f"{figure.command}: {len(changes)} changes in {files} files since {figure.commit}"]
    return "".join(f"{line}\n" for line in (*lines, *(f"    {change}" for change in changes if named)))


def find_changes(figure: Figure, history: History) -> list[str]:
    """Return the definitions and data files behind a figure that stood nowhere at its commit.

    Comments, docstrings, format, imports, types of arguments, words of errors, and what was moved or renamed
    do not count. Raises CalledProcessError where git does not know the commit, as in a shallow clone.
    """
    before, now = history.tree(figure.commit), history.tree("HEAD")
    known = set(before.values())
    changes: list[str] = []
    for path, blob in sorted(now.items()):
        if blob in known or not any(path == name or path.startswith(f"{name}/") for name in figure.files):
            continue
        if path.endswith(".py"):
            old = history.source(before[path]) if path in before else None
            names = find_changed(history.source(blob), old, figure.commit, history)
            changes += (f"{path}: {name}" for name in names)
        elif not path.endswith(PROSE):
            changes.append(path)
    return changes


def find_changed(new: SourceCode, old: SourceCode | None, commit: str, history: History) -> Iterator[str]:
    """Yield the names of a module's definitions that neither its old text nor any lost module has."""
    for name in new.list_names():
        if old is not None and new.segment(name).rstrip() in old.text:
            continue
        before = oldest(name, history.renames)
        homes = [*([old] if old else []), *history.find(commit, name)]
        found = rename(new.print(name), history.renames)
        if not any(
            found == rename(home.print(one), history.renames) for home in homes for one in {name, before}
        ):
            yield name


def learn_renames(commits: list[str], history: History) -> None:
    """Add to the history's renames what a module calls otherwise and has otherwise unchanged."""
    for _ in range(ROUNDS):
        found: dict[str, str] = {}
        for commit in dict.fromkeys(commits):
            try:
                found |= dict(_find_renames(commit, history))
            except subprocess.CalledProcessError:
                continue
        if found.items() <= history.renames.items():
            return
        history.renames |= found


def _find_renames(commit: str, history: History) -> Iterator[tuple[str, str]]:
    """Yield new and old name of what stands in one file, under a name that the other version has not."""
    before = history.tree(commit)
    for path, blob in history.tree("HEAD").items():
        if not path.endswith(".py") or before.get(path, blob) == blob:
            continue
        new, old = history.source(blob), history.source(before[path])
        fresh = [name for name in new.heads if name not in old.heads and name not in history.renames]
        gone = [name for name in old.heads if name not in new.heads]
        if fresh and gone:
            prints = {_without_name(old, name, history): name for name in gone}
            for name in fresh:
                if (was := prints.get(_without_name(new, name, history))) is not None:
                    yield name, was


def _without_name(source: SourceCode, name: str, history: History) -> str:
    return rename(source.print(name), history.renames | {name: "_", oldest(name, history.renames): "_"})


def find_unnamed(register: Register, results: Path = RESULTS) -> Iterator[str]:
    """Yield the records of runs that no figure was taken from, failed ones aside."""
    named = {name for one in register.figures for name in one.records}
    for path in sorted(results.glob("*.json")):
        if path.stem not in named and not path.name.endswith(".failed.json"):
            yield path.stem
