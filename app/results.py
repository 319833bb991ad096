"""Results of tools that people kept, one JSON file each, named by a hash of what was asked and answered.

They lie beside the runs, in a folder for each owner. The same result is kept once, however often it is made.
"""

import re
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pydantic import Field, ValidationError

from agents.errors import AgentsError
from agents.files import explained, write_whole
from agents.model.journal import content_key
from agents.schema import Evidence, Strict
from app.errors import AppError
from app.tools import ToolResult

FOLDER = "workbench"
MOST = 1_000  # results of an owner
LARGEST = 5_000_000  # characters of one
NAME = re.compile(r"[0-9a-f]{16}", re.ASCII)
OWNER = re.compile(r"[\w-]{1,100}", re.ASCII)


class NoSuchResult(AppError):
    """Another owner's results are not found either."""


class DamagedResult(NoSuchResult):
    """The file is there and cannot be read."""


class NotKept(AppError):
    """The owner has as many as he may, or the result is too large."""


class Kept(Strict):
    """A result with its name, by which it is cited."""

    id: str = Field(description="the first 16 hex digits of the SHA-256 of tool, version, inputs and content")
    at: datetime
    result: ToolResult

    @property
    def evidence(self) -> Evidence:
        """Return it as a run holds it, for whoever shows it."""
        one = self.result
        return Evidence(source=f"{one.tool} {one.version}", inputs=one.inputs, content=one.content)

    @property
    def citation(self) -> str:
        one = self.result
        return f"{one.tool} {one.version}, result {self.id} of {self.at:%d %B %Y}, Hypothesis Finder"


def name_of(result: ToolResult) -> str:
    """Return the name that a result has wherever it is kept."""
    return content_key(result.model_dump(mode="json"))[:16]


def keep(runs: Path, owner: str, result: ToolResult, at: datetime) -> Kept:
    """Write a result down, unless it is there and whole. Raises NotKept or RunRefused."""
    kept = Kept(id=name_of(result), at=at, result=result)
    folder = _folder(runs, owner)
    with suppress(NoSuchResult):
        return read(runs, owner, kept.id)
    text = kept.model_dump_json() + "\n"
    if len(text) > LARGEST:
        raise NotKept(f"the result has {len(text):,} characters and may have {LARGEST:,} to be kept")
    with explained(folder, "write"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sum(1 for _ in folder.glob("*.json")) >= MOST:
        raise NotKept(f"{MOST:,} results are kept already, and no more can be")
    write_whole(folder / f"{kept.id}.json", text)
    return kept


def read(runs: Path, owner: str, name: str) -> Kept:
    """Return an owner's result. Raises NoSuchResult, DamagedResult or RunRefused."""
    path = _folder(runs, owner) / f"{name}.json"
    if not NAME.fullmatch(name) or not path.exists():
        raise NoSuchResult(f"there is no result {name[:80]!r} of yours")
    with explained(path, "read"):
        content = path.read_bytes()
    try:
        return Kept.model_validate_json(content)
    except ValidationError as error:
        raise DamagedResult(f"result {name} is damaged: compute it again") from error


def find(runs: Path, owners: AbstractSet[str] | None, name: str) -> Kept:
    """Return the result of that name of any of these owners; None: of anybody.

    Raises NoSuchResult, or DamagedResult where one has it and nobody's is whole.
    """
    refused = NoSuchResult(f"there is no result {name[:80]!r} of yours")
    for owner in sorted(_everybody(runs) if owners is None else owners):
        try:
            return read(runs, owner, name)
        except DamagedResult as error:
            refused = error
        except NoSuchResult:
            continue
    raise refused


def list_results(runs: Path, owners: AbstractSet[str]) -> list[Kept]:
    """Return the results of some owners, each once, newest first; damaged ones are left out."""
    found: dict[str, Kept] = {}
    for owner in sorted(owners):
        folder = _folder(runs, owner)
        for name in [path.stem for path in folder.glob("*.json")] if folder.is_dir() else []:
            try:
                found.setdefault(name, read(runs, owner, name))
            except (NoSuchResult, AgentsError):
                continue
    return sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True)


def _everybody(runs: Path) -> set[str]:
    folder = runs / FOLDER
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _folder(runs: Path, owner: str) -> Path:
    """An owner's name is a key's id; anything else is hashed, so that it names no other folder."""
    plain = owner if OWNER.fullmatch(owner) else sha256(owner.encode()).hexdigest()
    return runs / FOLDER / plain
