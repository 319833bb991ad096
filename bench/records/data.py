"""The data that a bench read, by SHA-256, and the seed that it drew by."""

import ast
import hashlib
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from bench.records.machine import ROOT, run_git
from bench.records.schema import DataFile
from tools.strict import Strict

MANY = 12
"""More files of one folder than this are one entry."""

CODE = {".py", ".pyc", ".pyi", ".so", ".pth", ".lock"}
ASIDE = (sys.prefix, sys.base_prefix, tempfile.gettempdir(), ROOT / ".git", Path.home() / ".config",
         Path.home() / ".cache" / "matplotlib",
         "/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/run")  # fmt: skip
SOURCES = ROOT / "bench" / "data" / "sources.yaml"


class DataSource(Strict):
    """A data set, known by the name of its folder or file."""

    name: str
    licence: str
    found_as: tuple[str, ...]


def describe_data(read: Iterable[str], words: Iterable[str]) -> tuple[DataFile, ...]:
    """Return the data among files that were read and among the words of the command.

    Left out are code, what was only kept for a while, and what the commit names: all in git but `bench/data`.
    """
    in_git = _in_git()
    named = [Path(path) for path in map(_file_of, words) if path]
    found = [path for path in map(Path, read) if not any(path.is_relative_to(folder) for folder in ASIDE)]
    kept = [path for path in [*found, *named] if _is_data(path) and path.resolve() not in in_git]
    paths = {path.resolve(): path for path in kept}  # links to one file are one
    folders: dict[Path, list[Path]] = defaultdict(list)
    for path in sorted(paths.values()):
        folders[path.parent].append(path)
    return tuple(entry for folder, some in folders.items() for entry in _entries(folder, some))


def _file_of(word: str) -> str | None:
    """Return the path in a word such as test.json or NAME=test.json, if there is such a file."""
    path = os.path.abspath(word.rpartition("=")[2])  # noqa: PTH100 - keeps links, so that ../shared is shown so
    return path if Path(path).is_file() else None


def _in_git() -> set[Path]:
    listed = (run_git(ROOT, "ls-files", "-z") or "").split("\0")
    return {(ROOT / name).resolve() for name in listed if not name.startswith("bench/data/")}


def _is_data(path: Path) -> bool:
    return path.suffix not in CODE and not path.name.startswith(".") and path.is_file()


def _entries(folder: Path, paths: list[Path]) -> Iterator[DataFile]:
    hashes = {path: _hash(path) for path in paths}
    if len(paths) <= MANY:
        for path in paths:
            yield DataFile(file=_shown(path), sha256=hashes[path], size=path.stat().st_size, **_source(path))
        return
    listed = "".join(f"{hashes[path]}  {path.name}\n" for path in paths)
    yield DataFile(
        file=f"{_shown(folder)}/",
        sha256=hashlib.sha256(listed.encode()).hexdigest(),
        size=sum(path.stat().st_size for path in paths),
        files=len(paths),
        **_source(folder),
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _shown(path: Path) -> str:
    """Return a path without the name of whoever measured: from the root, from beside it, from home."""
    for base, name in ((ROOT, ""), (Path.home(), "~/"), (ROOT.parent, "../")):
        if path.is_relative_to(base):
            return f"{name}{path.relative_to(base)}"
    return path.name


def _source(path: Path) -> dict[str, str]:
    """Return name and licence of the data set that a path belongs to, if that is known."""
    for source in _sources():
        if set(source.found_as) & set(path.parts):
            return {"name": source.name, "licence": source.licence}
    return {}


def _sources() -> list[DataSource]:
    return [DataSource.model_validate(one) for one in yaml.safe_load(SOURCES.read_text(encoding="utf-8"))]


def find_seed(words: list[str], source: str) -> str | None:
    """Return the seed in a command, else the default of its option, else the bench's constant."""
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--seed":
            return value if equals else next(iter(words[number + 1 :]), None)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(_is(one, "--seed") for one in node.args):
            for keyword in node.keywords:
                if keyword.arg == "default":
                    return ast.unparse(keyword.value)
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found = _assigned(node.targets[0], node.value)
            if found:
                return found
    return None


def _is(node: ast.expr, value: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _assigned(target: ast.expr, value: ast.expr) -> str | None:
    """Return what SEED becomes in `SEED = 0` or `SEED, DRAWS = 0, 200`."""
    targets, values = ([one] if not isinstance(one, ast.Tuple) else one.elts for one in (target, value))
    return next(
        (ast.unparse(v) for t, v in zip(targets, values, strict=False) if getattr(t, "id", None) == "SEED"),
        None,
    )
