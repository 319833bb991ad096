"""Dumps of abstracts, such as arXiv's metadata: hundreds of thousands of works, searched by words.

Abstracts are kept as they stream in, some thousand at a time, so that a reading that was broken off goes on
where it stopped; their words are then indexed in segments. A work that is there already is not kept twice.
They have no vectors: embedding 150,000 abstracts would take an hour of a core.
"""

import json
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from retrieval.identifiers import read_arxiv, read_doi
from retrieval.library.chunks import passage_key
from retrieval.library.document import SOURCE
from retrieval.library.files import FileOutcome, FileStatus
from retrieval.library.postings import PostingEntry, Segment, best_places, write_segment
from retrieval.library.readers.markup import plain_html, plain_latex
from retrieval.passage import Passage, Work

SUFFIXES = (".jsonl", ".ndjson", ".json")
PACKED = (".gz", ".xz", ".bz2")
AT_ONCE = 2_000  # abstracts a transaction
SEGMENT = 50_000  # abstracts a segment
WAIT = 60.0  # seconds that one waits for another process's transaction
TABLES = """
create table if not exists dumps (
  path text primary key, name text unique not null, sha256 text not null, taken integer not null,
  added integer not null, twice integer not null, done integer not null);
create table if not exists abstracts (
  place integer primary key autoincrement, id text unique not null, dump text not null, title text not null,
  abstract text not null, year integer not null, authors text not null, doi text, arxiv text);
create index if not exists abstracts_by_dump on abstracts (dump);
create table if not exists segments (folder text primary key, first integer not null, last integer not null);
"""


class DumpRecord(Protocol):
    """A work of a dump, as its reader gives it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def abstract(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def authors(self) -> Sequence[str]: ...
    @property
    def doi(self) -> str: ...


Read = Callable[[Path, Counter[str]], Iterator[DumpRecord]]
"""Records of a file in order; counts by reason what it passes over. Raises ValueError or OSError."""
Label = Callable[[str], Sequence[str]]
Told = Callable[[str, int, int], None]  # what, done, in all (0 where that is not known)


def is_dump(path: Path) -> bool:
    """Whether a file is called as dumps are: JSON Lines, plain or packed."""
    name = path.name.lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    return name.endswith(SUFFIXES)


class Dumps:
    """All dumps of a library, in `folder`. Raises sqlite3.Error and OSError."""

    def __init__(self, folder: Path, label: Label | None = None) -> None:
        """`label` gives the URIs of the concepts that an abstract touches, quickly: it is asked for each."""
        self._folder, self._label = folder, label
        self._lock = threading.RLock()
        self._segments: dict[str, Segment] = {}
        self._opened: sqlite3.Connection | None = None

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened = None

    @property
    def _db(self) -> sqlite3.Connection:
        """Made with the first dump: a library without any has no folder for them."""
        if self._opened is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / "abstracts.sqlite"
            self._opened = sqlite3.connect(path, timeout=WAIT, check_same_thread=False, isolation_level=None)
            self._opened.executescript(TABLES)
        return self._opened

    def __bool__(self) -> bool:
        return (self._folder / "abstracts.sqlite").exists()

    def add(self, path: Path, name: str, sha256: str, read: Read, told: Told | None = None) -> FileOutcome:
        """Read a dump, or go on with one. What was kept before a fault stays.

        Raises OSError or ValueError if the file cannot be read.
        """
        with self._lock:
            before = self._row(path)
            is_same = before is not None and before["sha256"] == sha256
            if before and is_same and before["done"]:
                return FileOutcome(before["name"], FileStatus.UNCHANGED)
            if twin := self._twin(path, sha256):
                return FileOutcome(name, FileStatus.DUPLICATE, reason=f"the same as {twin}")
            if not is_same:
                name = self._free_name(path, name)
                begun = "insert or replace into dumps values (?, ?, ?, 0, 0, 0, 0)"
                self._db.execute(begun, (str(path), name, sha256))
            return self._read(
                path, read, told, FileStatus.UPDATED if before and not is_same else FileStatus.ADDED
            )

    def _read(self, path: Path, read: Read, told: Told | None, status: FileStatus) -> FileOutcome:
        row = self._row(path)
        assert row  # noqa: S101 - written just before
        name, taken, added, twice = row["name"], row["taken"], row["added"], row["twice"]
        refused: Counter[str] = Counter()
        records = islice(read(path, refused), taken, None)
        while batch := list(islice(records, AT_ONCE)):
            new = self._keep(name, batch)
            taken, added, twice = taken + len(batch), added + new, twice + len(batch) - new
            self._db.execute(
                "update dumps set taken = ?, added = ?, twice = ? where path = ?",
                (taken, added, twice, str(path)),
            )
            if told:
                told(f"abstracts of {name}", taken, 0)
        problems = [f"{count:,} records: {reason}" for reason, count in refused.most_common()]
        problems += [f"{twice:,} records: there already"] * bool(twice)
        if not taken:
            self._db.execute("delete from dumps where path = ?", (str(path),))
            return FileOutcome(
                name, FileStatus.FAILED, reason="there is no abstract in it", problems=tuple(problems)
            )
        self._index(told)
        self._db.execute("update dumps set done = 1 where path = ?", (str(path),))
        return FileOutcome(name, status, added, added, problems=tuple(problems))

    def _keep(self, dump: str, batch: Sequence[DumpRecord]) -> int:
        """Keep what is new, all or nothing. How many were; a changed account takes the place of the old."""
        rows = [_row(dump, record) for record in batch]
        db = self._db
        db.execute("begin immediate")
        try:
            before = db.total_changes
            changed = "delete from abstracts where id = ? and (title <> ? or abstract <> ?) and dump = ?"
            db.executemany(changed, [(row[0], row[2], row[3], dump) for row in rows])
            gone = db.total_changes - before
            db.executemany(
                "insert or ignore into abstracts (id, dump, title, abstract, year, authors, doi, arxiv) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            new = db.total_changes - before - 2 * gone  # what took a place is not new
            db.execute("commit")
        except BaseException:
            db.execute("rollback")
            raise
        return new

    def _index(self, told: Told | None) -> None:
        """Write segments of what is in none; one that is not full is written again."""
        last = next(iter(self._query("select * from segments order by last desc limit 1")), None)
        whole = last and self._between(last["first"], last["last"]) >= SEGMENT
        start = 0 if last is None else last["last"] + 1 if whole else last["first"]
        if last is not None and self._newest() == last["last"]:
            return
        old = [] if last is None or whole else [last["folder"]]
        done, total = 0, self._between(start, self._newest())
        while rows := self._texts(start):
            folder = uuid4().hex
            write_segment(self._folder / folder, map(self._entry, rows))
            first, final = int(rows[0]["place"]), int(rows[-1]["place"])
            self._db.execute("begin immediate")
            self._db.executemany("delete from segments where folder = ?", [(one,) for one in old])
            self._db.execute("insert into segments values (?, ?, ?)", (folder, first, final))
            self._db.execute("commit")
            for one in old:
                self._segments.pop(one, None)
                shutil.rmtree(self._folder / one, ignore_errors=True)
            old, start, done = [], final + 1, done + len(rows)
            if told:
                told("words of abstracts", done, total)

    def _texts(self, start: int) -> list[sqlite3.Row]:
        query = "select place, title, abstract from abstracts where place >= ? order by place limit ?"
        return self._query(query, start, SEGMENT)

    def _entry(self, row: sqlite3.Row) -> PostingEntry:
        text = f"{row['title']}\n\n{row['abstract']}"
        return PostingEntry(int(row["place"]), text, tuple(self._label(text)) if self._label else ())

    def search(self, query: str, limit: int, concepts: Collection[str] | None = None) -> list[Passage]:
        """Return abstracts that hold the query's words, best first."""
        if not self:
            return []
        with self._lock:
            try:
                segments = self._open_segments()
            except FileNotFoundError:  # another process has just written one anew
                segments = self._open_segments()
            if not segments:
                return []
            places = best_places(segments, query, 2 * limit, concepts)  # some may be gone since
            found = {row["place"]: row for row in self._rows(places)}
            return [_passage(found[place]) for place in places if place in found][:limit]

    def _open_segments(self) -> list[Segment]:
        folders = [row["folder"] for row in self._query("select folder from segments order by first")]
        self._segments = {name: self._segments.get(name) or Segment(self._folder / name) for name in folders}
        return list(self._segments.values())

    def held(self) -> list[tuple[Work, int]]:
        """Each dump as one work, with how many of its abstracts are kept."""
        if not self:
            return []
        query = (
            "select name, done, count(place) as works, min(year) as since, max(year) as until "
            "from dumps left join abstracts on dump = name group by name order by dumps.rowid"
        )
        return [(_as_work(row), int(row["works"])) for row in self._query(query)]

    def remove(self, name: str) -> int:
        """Remove a dump with its abstracts. How many these were; 0 if there is none of that name."""
        if not self or not self._query("select 1 from dumps where name = ?", name):
            return 0
        with self._lock:
            gone = self._db.execute("delete from abstracts where dump = ?", (name,)).rowcount
            self._db.execute("delete from dumps where name = ?", (name,))
            for row in self._query("select folder from segments"):
                shutil.rmtree(self._folder / row["folder"], ignore_errors=True)
            self._db.execute("delete from segments")
            self._segments = {}
            self._index(None)
        return gone

    # ---- rows

    def _query(self, query: str, *values: object) -> list[sqlite3.Row]:
        cursor = self._db.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(query, values).fetchall()

    def _rows(self, places: Sequence[int]) -> list[sqlite3.Row]:
        marks = ",".join("?" * len(places))
        return self._query(f"select * from abstracts where place in ({marks})", *places)  # noqa: S608 - question marks

    def _row(self, path: Path) -> sqlite3.Row | None:
        return next(iter(self._query("select * from dumps where path = ?", str(path))), None)

    def _twin(self, path: Path, sha256: str) -> str | None:
        found = self._query("select name from dumps where sha256 = ? and path <> ?", sha256, str(path))
        return str(found[0]["name"]) if found else None

    def _free_name(self, path: Path, wanted: str) -> str:
        """As before, else as wanted, with a number where that is taken."""
        if row := self._row(path):
            return str(row["name"])
        name, number = wanted, 1
        while self._query("select 1 from dumps where name = ?", name):
            number += 1
            name = f"{wanted} ({number})"
        return name

    def _between(self, first: int, last: int) -> int:
        query = "select count(*) as n from abstracts where place between ? and ?"
        return int(self._query(query, first, last)[0]["n"])

    def _newest(self) -> int:
        return int(self._query("select coalesce(max(place), 0) as n from abstracts")[0]["n"])


def _row(dump: str, record: DumpRecord) -> tuple[object, ...]:
    title = plain_latex(" ".join(record.title.split()))
    abstract = " ".join(plain_html(record.abstract).split())
    arxiv = read_arxiv(record.id)
    doi = read_doi(record.doi) or read_doi(record.id)
    named = record.id or doi or title
    return (named, dump, title, abstract, record.year, json.dumps(list(record.authors)), doi, arxiv)


def _passage(row: sqlite3.Row) -> Passage:
    text = f"{row['title']}\n\n{row['abstract']}"
    work = Work(
        source=SOURCE,
        id=f"{row['dump']}#{row['id']}",
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        year=row["year"],
        doi=row["doi"],
        arxiv=row["arxiv"],
        abstract=row["abstract"],
    )
    return Passage(key=passage_key(text), work=work, text=text, start=0, end=len(text))


def _as_work(row: sqlite3.Row) -> Work:
    years = f" of {row['since']}–{row['until']}" if row["works"] else ""
    state = "" if row["done"] else ", reading was broken off: add it again to go on"
    return Work(source=SOURCE, id=row["name"], title=f"{row['works']:,} abstracts{years}{state}")
