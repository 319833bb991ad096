"""A run's folder: what was asked, every model call, and the report. All that replay and resume need.

<runs>/<run id>/
    run.json        question, settings that influence the answer, plan, versions
    calls.jsonl     one line a model call (agents.model.Journal)
    evidence.jsonl  one line a use of a tool (agents.toolbox.ToolUses)
    experiments.jsonl  one line a plan of a test, one a result (agents.experiments.record)
    marks.jsonl     one line a person's mark of a hypothesis (agents.run.results)
    report.json, and the other exports
"""

import platform
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from agents.errors import RunError, RunNotFound
from agents.files import explained, write_whole
from agents.model.catalogue import can_rank
from agents.run.record import End, Parent, RunPlan, RunRecord
from agents.schema import Report, RunSettings, Strict

Model = TypeVar("Model", bound=Strict)

CHECKS = 2  # version of the checks that new runs are made with
CARDS = 1  # and of the problem cards
CLAIMS_FIRST = 3  # and of how a small model's drafts become hypotheses: what rules write is part of a replay
RULES = 2  # of runs that are begun now; 1 had one reading of a pair and marks, with the prose, once
SLUG_LENGTH = 30
LISTED = 3  # of the nearest ids, when one is not found


class Run:
    """An open run folder. Whoever writes to it holds `writing()`."""

    def __init__(self, folder: Path, record: RunRecord) -> None:
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

    def set_plan(self, plan: RunPlan) -> None:
        self._update(plan=plan)

    def set_end(self, end: End) -> None:
        self._update(end=end)

    def _update(self, **parts: RunPlan | End) -> None:
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
    record = RunRecord(
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
    return Run(folder, _read(folder / "run.json", RunRecord))


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


def _as_json(record: RunRecord) -> str:
    return record.model_dump_json(indent=2) + "\n"
