"""A run's folder: what was asked, every model call, and the report. All that replay and resume need.

<runs>/<run id>/
    run.json        question, settings that influence the answer, plan, versions
    calls.jsonl     one line a model call (agents.model.Journal)
    evidence.jsonl  one line a use of a tool (agents.toolbox.ToolUses)
    experiments.jsonl  one line a plan of a test, one a result (agents.experiments)
    marks.jsonl     one line a person's mark of a hypothesis (agents.marks)
    report.json, and the other exports
"""

import platform
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sized
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from agents.errors import RunError, RunNotFound
from agents.files import explained, write_whole
from agents.model.catalogue import can_rank
from agents.schema import (
    AtlasRef,
    Failure,
    Measurable,
    Ontology,
    Perspective,
    Report,
    RunSettings,
    ScalarQuantity,
    ScoredConcept,
    Status,
    Stop,
    Strict,
    SweepPlan,
)
from agents.schema.base import is_empty

Model = TypeVar("Model", bound=Strict)

CHECKS = 2  # version of the checks that new runs are made with
CARDS = 1  # and of the problem cards
CLAIMS_FIRST = 2  # and of how a small model's drafts become hypotheses: what rules write is part of a replay
RULES = 2  # of runs that are begun now; 1 had one reading of a pair and marks, with the prose, once
SLUG_LENGTH = 30
LISTED = 3  # of the nearest ids, when one is not found


def _is_empty(items: Sized) -> bool:
    return not items


class Plan(Strict):
    """What the question was routed to and who speaks. A resumed or replayed run keeps it."""

    ontology: Ontology
    atlas: AtlasRef | None = Field(
        default=None, exclude_if=is_empty, description="absent in older runs, which name none"
    )
    disciplines: list[ScoredConcept]
    concepts: list[ScoredConcept]
    perspectives: list[Perspective]
    shortlist: list[Perspective] = Field(
        default_factory=list,
        exclude_if=is_empty,
        description="of whom a model is to choose who speaks; empty once it has, or where the rule chooses",
    )
    reserve: list[Perspective] = Field(
        default_factory=list, description="far ones, that a good hypothesis may be moved to"
    )
    tools: list[str] = Field(default_factory=list, description="what the question's agents may call")
    measurable: list[Measurable] = Field(
        default_factory=list,
        description="pairs of quantities that authors are offered, as they can be tested",
    )
    quantities: list[ScalarQuantity] = Field(
        default_factory=list,
        exclude_if=_is_empty,
        description="scalar quantities to draft claims of, where no instrument is near enough for pairs",
    )
    swept: dict[str, SweepPlan] = Field(
        default_factory=dict, description="perspectives filled from an instrument's data"
    )


class End(Strict):
    """What the last report was made of. A replay tells its failures again: a fault may have left no call."""

    status: Status
    failures: list[Failure]
    hypotheses: list[str] = Field(description="keys of the perspectives that gave one")
    calls: int | None = Field(
        default=None, ge=0, description="the journal's first calls, which it counts; null in older runs: all"
    )
    matches: list[tuple[str, str, str] | tuple[str, str, str, int]] = Field(
        default_factory=list,
        description="first, second, judge and, past the first, reading of each match that was played out",
    )
    stopped: Stop | None = Field(default=None, description="why the tournament ended; null: none was held")
    overview: bool = False
    again: int = Field(default=0, ge=0, description="readings whose reviewers marked again")
    skipped: list[str] = Field(default_factory=list, description="stages left out, and why")
    marks: int = Field(default=0, ge=0, description="the first so many marks of people are counted")


def _is_first(version: int) -> bool:
    return version == 1


def _is_absent(value: object) -> bool:
    return value is None


class Parent(Strict):
    """The run that another was made from, and the report that it had then."""

    run: str
    report_sha256: str | None = Field(description="of its report.json; null: it had none")


class Record(Strict):
    """run.json"""

    schema_version: Literal["1"] = "1"
    run: str
    question: str
    created: datetime
    settings: RunSettings
    versions: dict[str, str]
    rules: int = Field(
        default=1,
        ge=1,
        exclude_if=_is_first,
        description="version of what judges are shown and how they rank; a replay keeps it",
    )
    parent: Parent | None = Field(
        default=None, exclude_if=_is_absent, description="the run that this one was forked from"
    )
    plan: Plan | None = Field(default=None, description="null until the question is routed")
    end: End | None = Field(default=None, description="null until the run first stopped")


class Run:
    """An open run folder. Whoever writes to it holds `writing()`."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder, self.record = folder, record

    @property
    def id(self) -> str:
        return self.record.run

    @property
    def journal(self) -> Path:
        return self.folder / "calls.jsonl"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence.jsonl"

    @property
    def experiments(self) -> Path:
        return self.folder / "experiments.jsonl"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other processes out. Raises RunError if one is in."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / ".lock")
        with explained(self.folder, "write"):
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise RunError(
                    f"run {self.folder.name} is being written by another process: wait for it, or stop it"
                ) from error
        try:
            yield
        finally:
            lock.release()

    def set_plan(self, plan: Plan) -> None:
        self._update(plan=plan)

    def set_end(self, end: End) -> None:
        self._update(end=end)

    def _update(self, **parts: Plan | End) -> None:
        self.record = self.record.model_copy(update=parts)
        self.write({"run.json": _as_json(self.record)})

    def write(self, files: Mapping[str, str]) -> None:
        """File names and contents; each file is replaced whole."""
        for name, text in files.items():
            write_whole(self.folder / name, text)

    def as_parent(self) -> Parent:
        """Return what a run that is forked from this one records of it."""
        path = self.folder / "report.json"
        with explained(path, "read"):
            content = path.read_bytes() if path.exists() else None
        return Parent(run=self.id, report_sha256=sha256(content).hexdigest() if content else None)

    def report(self) -> Report | None:
        """The report as last written; None if there is none yet."""
        path = self.folder / "report.json"
        if not path.exists():
            return None
        return _read(path, Report)


def create_run(
    runs: Path,
    question: str,
    settings: RunSettings,
    *,
    now: datetime | None = None,
    name: str | None = None,
    parent: Parent | None = None,
) -> Run:
    """`name` is one that `make_name` gave before; its folder may be there already, without a run in it."""
    reviews, proposes = (can_rank([settings.model_of(step).name]) for step in ("review", "propose"))
    latest = {
        "checks": CHECKS,
        "cards": CARDS,
        "second_look": reviews,
        "short_reviews": not reviews,
        "claims_first": 0 if proposes else CLAIMS_FIRST,
    }
    settings = settings.model_copy(
        update={name: version for name, version in latest.items() if name not in settings.model_fields_set}
    )
    created = (now or datetime.now(UTC)).replace(microsecond=0)
    given, name = name is not None, name or make_name(question, created)
    record = Record(
        run=name,
        question=question,
        created=created,
        settings=settings,
        versions=find_versions(),
        rules=RULES,
        parent=parent,
    )
    run = Run(runs / name, record)
    with explained(run.folder, "create"):
        run.folder.mkdir(parents=True, exist_ok=given)
    run.write({"run.json": _as_json(record)})
    return run


def make_name(question: str, created: datetime) -> str:
    """Sorts by time, tells the question, and differs from any other of the same second."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG_LENGTH].strip("-") or "question"
    return f"{created:%Y%m%d-%H%M%S}-{slug}-{secrets.token_hex(3)}"


def open_run(runs: Path, name: str) -> Run:
    folder = runs / name
    with explained(folder, "read"):
        known = name not in ("", "..") and Path(name).name == name and folder.is_dir()
    if not known:
        raise RunNotFound(_not_found(runs, name))
    if not (folder / "run.json").exists():
        raise RunError(
            f"run {name} was cut off before it began: {folder} has no run.json. "
            "Ask the question again, and delete that folder"
        )
    return Run(folder, _read(folder / "run.json", Record))


def run_names(runs: Path) -> list[str]:
    """Newest first. Folders that hold no run are left out."""
    with explained(runs, "read"):
        folders = runs.iterdir() if runs.exists() else ()
        return sorted((path.name for path in folders if (path / "run.json").exists()), reverse=True)


def _read(path: Path, model: type[Model]) -> Model:
    with explained(path, "read"):
        content = path.read_bytes()
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or f"{len(content)} bytes"
        raise RunError(
            f"{path} is damaged or cut off ({where}: {first['msg']}): copy the run's folder again "
            "from where it came, or ask the question again"
        ) from error


def _not_found(runs: Path, name: str) -> str:
    names = run_names(runs)
    near = get_close_matches(name, names, LISTED, cutoff=0.3) or names[:LISTED]
    return f"no run {name!r} in {runs}; " + (f"nearest: {', '.join(near)}" if near else "there is none yet")


def find_versions() -> dict[str, str]:
    """Return the versions of this program and of Python."""
    try:
        ours = version("hypothesis-finder")
    except PackageNotFoundError:  # run from a checkout that was not installed
        ours = "unknown"
    return {"hypothesis-finder": ours, "python": platform.python_version()}


def _as_json(record: Record) -> str:
    return record.model_dump_json(indent=2) + "\n"
