"""All hypotheses of all runs, to search in: a cache beside the runs, made again if it is lost."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import Field, ValidationError

from agents.schema import ConceptRef, Hypothesis, Report, Strict
from app.jobs.job import Job
from app.jobs.store import Owners

FILE = "hypotheses.sqlite"
log = logging.getLogger("hypofind")
TABLES = """
CREATE TABLE IF NOT EXISTS found (
    number INTEGER PRIMARY KEY, run TEXT NOT NULL, owner TEXT NOT NULL, score REAL NOT NULL,
    discipline TEXT NOT NULL, broad TEXT NOT NULL, narrow TEXT NOT NULL, record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS found_by_run ON found (run);
CREATE INDEX IF NOT EXISTS found_by_score ON found (score DESC, number DESC);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, tokenize = 'porter unicode61');
"""


class FoundHypothesis(Strict):
    """A hypothesis of some run."""

    run: str
    key: str
    question: str
    created: datetime
    statement: str
    summary: str
    role: str
    discipline: ConceptRef
    broad: ConceptRef
    narrow: ConceptRef
    model: str
    score: float = Field(description="0 to 100")


@dataclass(frozen=True)
class HypothesisFilter:
    """Every part that is given must hold."""

    text: str | None = None
    concept: str | None = None
    discipline: str | None = None
    min_score: float | None = None


class HypothesisIndex:
    """Thread-safe."""

    def __init__(self, runs: Path) -> None:
        self._lock, self._path = threading.Lock(), runs / FILE
        try:
            self._db = _open(self._path)
        except sqlite3.DatabaseError:
            self._db = self._made_again()

    def _made_again(self) -> sqlite3.Connection:
        """Move a damaged cache aside and begin a new one. Raises sqlite3.Error if that fails too."""
        for path in (self._path, *(self._path.with_name(FILE + end) for end in ("-wal", "-shm"))):
            if path.exists():
                path.replace(path.with_name(f"{path.name}.damaged"))
        log.warning("%s was damaged: it is moved aside and made again from the reports", self._path)
        return _open(self._path)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def runs(self) -> set[str]:
        with self._lock:
            return {run for (run,) in self._db.execute("SELECT DISTINCT run FROM found")}

    def add(self, job: Job, report: Report) -> None:
        """A run's hypotheses, in place of what was known of it."""
        with self._lock, self._writing():
            numbers = self._db.execute("SELECT number FROM found WHERE run = ?", (job.id,)).fetchall()
            self._db.executemany("DELETE FROM words WHERE rowid = ?", numbers)
            self._db.execute("DELETE FROM found WHERE run = ?", (job.id,))
            for hypothesis in report.hypotheses:
                self._insert(job, report, hypothesis)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All of it or nothing: what fails leaves no transaction open, in which nothing could be begun."""
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _insert(self, job: Job, report: Report, hypothesis: Hypothesis) -> None:
        found = _found(report, hypothesis)
        row = (job.id, job.owner, found.score, found.discipline.uri, found.broad.uri, found.narrow.uri)
        number = self._db.execute(
            "INSERT INTO found (run, owner, score, discipline, broad, narrow, record) VALUES (?,?,?,?,?,?,?)",
            (*row, found.model_dump_json()),
        ).lastrowid
        self._db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, _words(found, hypothesis)))

    def search(
        self, owners: Owners, wanted: HypothesisFilter, *, limit: int, below: tuple[float, int] | None
    ) -> list[tuple[int, FoundHypothesis]]:
        """Best score first, from below a score and number."""
        where, values = _conditions(owners, wanted)
        if below is not None:
            where.append("(score, number) < (?, ?)")
            values += below
        condition = " AND ".join(where) or "1"
        query = f"SELECT number, record FROM found WHERE {condition} ORDER BY score DESC, number DESC LIMIT ?"  # noqa: S608 - only our own words
        with self._lock:
            rows = self._db.execute(query, (*values, limit)).fetchall()
        read = ((number, _read(record)) for number, record in rows)
        return [(number, found) for number, found in read if found is not None]


def _open(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.DatabaseError for what is no database or is damaged."""
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(TABLES)
        (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
        database.execute("SELECT run, owner, score, discipline, broad, narrow, record FROM found LIMIT 1")
        if state != "ok":
            raise sqlite3.DatabaseError(state)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _conditions(owners: Owners, wanted: HypothesisFilter) -> tuple[list[str], list[object]]:
    parts: Iterable[tuple[str, tuple[object, ...] | None]] = (
        (
            "owner IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(owners)),) if owners is not None else None,
        ),
        ("discipline = ?", (wanted.discipline,) if wanted.discipline else None),
        ("? IN (broad, narrow)", (wanted.concept,) if wanted.concept else None),
        ("score >= ?", (wanted.min_score,) if wanted.min_score is not None else None),
        (
            "number IN (SELECT rowid FROM words WHERE words MATCH ?)",
            (_quoted(wanted.text),) if wanted.text else None,
        ),
    )
    given = [(condition, values) for condition, values in parts if values is not None]
    return [condition for condition, _ in given], [value for _, values in given for value in values]


def _read(record: str) -> FoundHypothesis | None:
    try:
        return FoundHypothesis.model_validate_json(record)
    except ValidationError:
        return None  # of another version: its run is there all the same


def _quoted(text: str) -> str:
    """Every word must occur; nothing in it is an operator."""
    words = text.replace('"', " ").replace("\0", " ").split()
    return " ".join(f'"{word}"' for word in words) or '""'


def _found(report: Report, hypothesis: Hypothesis) -> FoundHypothesis:
    perspective, proposal = hypothesis.perspective, hypothesis.proposal
    return FoundHypothesis(
        run=report.run,
        key=hypothesis.key,
        question=report.question,
        created=report.created,
        statement=proposal.statement,
        summary=proposal.summary,
        role=perspective.role,
        discipline=perspective.discipline,
        broad=perspective.broad,
        narrow=perspective.narrow,
        model=hypothesis.model,
        score=hypothesis.score.value,
    )


def _words(found: FoundHypothesis, hypothesis: Hypothesis) -> str:
    said = (found.question, found.statement, found.summary, hypothesis.proposal.mechanism, found.role)
    return "\n".join((*said, found.discipline.label, found.broad.label, found.narrow.label))
