"""The files of the repository at any commit, each read once."""

import re
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from bench.figures.syntax import SourceCode, oldest

RENAMED: Final = re.compile(r"`([\w.]+)`\s+→\s+`([\w.]+)`")


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
