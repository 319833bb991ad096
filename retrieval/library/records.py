"""What the library holds, in SQLite: files, their documents, and where in them each passage stands.

Vectors lie beside it, in chromadb. They are written before a file's records are and removed after them, so
whatever is recorded has its vector, however a process ended.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from retrieval.errors import LibraryMismatch
from retrieval.library.chunks import Chunk
from retrieval.library.document import Document
from retrieval.library.faults import REBUILD
from retrieval.library.vectors import pack, unpack
from retrieval.library.works import merge_works
from retrieval.passage import Passage, Work
from retrieval.ranking import PassageVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = 1  # changes with the tables, the cutting or the readers
TABLES = """
create table meta (name text primary key, value text not null);
create table files (path text primary key, name text unique not null, sha256 text not null);
create table documents (
  id text primary key, path text not null references files on delete cascade, work text not null);
create table texts (
  key text primary key, text text not null, concepts text not null, vectors blob not null);
create table passages (
  key text not null references texts, document text not null references documents on delete cascade,
  start integer not null, end integer not null, page integer, primary key (key, document));
create table touches (
  uri text not null, key text not null references texts on delete cascade, primary key (uri, key));
create index passages_by_document on passages (document);
create index documents_by_path on documents (path);
create index touches_by_key on touches (key);
"""
ORPHANS = "select key from texts where key not in (select key from passages)"
AT_ONCE = 500  # values a statement


class StoredPassage(NamedTuple):
    """What is kept of a passage, wherever it stands: with the vectors of the whole and of each sentence."""

    text: str
    concepts: tuple[str, ...]
    vectors: "NDArray[np.float32]"


class Cut(NamedTuple):
    """A document and its passages."""

    document: Document
    chunks: Sequence[Chunk]


class Records:
    """One connection. Callers see to it that no two write at once."""

    def __init__(self, folder: Path) -> None:
        """Raises sqlite3.Error, OSError or LibraryMismatch."""
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "library.sqlite", check_same_thread=False, isolation_level=None)
        self._db.execute("pragma foreign_keys = on")
        self._prepare(folder)

    def _prepare(self, folder: Path) -> None:
        if not self._db.execute("select 1 from sqlite_master where name = 'meta'").fetchone():
            made = [("schema", str(SCHEMA)), ("id", uuid4().hex), ("generation", "0")]
            with self._change():
                for statement in TABLES.split(";"):  # executescript would end the transaction
                    self._db.execute(statement)
                self._db.executemany("insert into meta values (?, ?)", made)
        found = self._meta("schema")
        if found != str(SCHEMA):
            raise LibraryMismatch(
                f"the library in {folder} is of another version (schema {found}, ours {SCHEMA}): {REBUILD}"
            )

    def close(self) -> None:
        self._db.close()

    @property
    def id(self) -> str:
        """Its own among all libraries: several may share a chromadb server."""
        return self._meta("id")

    @property
    def generation(self) -> int:
        """Grows with each change, so that another process sees that there was one."""
        return int(self._meta("generation"))

    def _meta(self, name: str) -> str:
        row = self._db.execute("select value from meta where name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def file_hash(self, path: Path) -> str | None:
        row = self._db.execute("select sha256 from files where path = ?", (str(path),)).fetchone()
        return row and str(row[0])

    def twin(self, path: Path, sha256: str) -> str | None:
        """The name of another file with the same bytes."""
        query = "select name from files where sha256 = ? and path != ?"
        row = self._db.execute(query, (sha256, str(path))).fetchone()
        return row and str(row[0])

    def name_for(self, path: Path, wanted: str) -> str:
        """What the file is called: as before, else as wanted, with a number where that is taken."""
        row = self._db.execute("select name from files where path = ?", (str(path),)).fetchone()
        if row:
            return str(row[0])
        name, number = wanted, 1
        while self._db.execute("select 1 from files where name = ?", (name,)).fetchone():
            number += 1
            name = f"{wanted} ({number})"
        return name

    def known(self, keys: Collection[str]) -> set[str]:
        return {row[0] for row in self._many("select key from texts where key in ({})", keys)}

    def put_file(
        self, path: Path, name: str, sha256: str, cuts: Sequence[Cut], new: Mapping[str, StoredPassage]
    ) -> list[str]:
        """Record a file in place of what it was, with the texts not known before. Gives the keys let go."""
        with self._change():
            self._db.execute("delete from files where path = ?", (str(path),))
            self._db.execute("insert into files values (?, ?, ?)", (str(path), name, sha256))
            for document, chunks in cuts:
                self._put_document(path, document, chunks, new)
            return self._let_go()

    def _put_document(
        self, path: Path, document: Document, chunks: Sequence[Chunk], new: Mapping[str, StoredPassage]
    ) -> None:
        work = document.work
        self._db.execute(
            "insert into documents values (?, ?, ?)", (work.id, str(path), work.model_dump_json())
        )
        texts = {chunk.key: new[chunk.key] for chunk in chunks if chunk.key in new}
        rows = [(key, one.text, json.dumps(one.concepts), pack(one.vectors)) for key, one in texts.items()]
        self._db.executemany("insert or ignore into texts values (?, ?, ?, ?)", rows)
        touches = {(uri, key) for key, one in texts.items() for uri in one.concepts}
        self._db.executemany("insert or ignore into touches values (?, ?)", touches)
        places = [(chunk.key, work.id, chunk.start, chunk.end, chunk.page) for chunk in chunks]
        self._db.executemany("insert or ignore into passages values (?, ?, ?, ?, ?)", places)

    def remove(self, ids: Collection[str]) -> list[str]:
        """Remove documents, and files that have none left. Gives the keys let go."""
        with self._change():
            self._db.executemany("delete from documents where id = ?", [(one,) for one in ids])
            self._db.execute("delete from files where path not in (select path from documents)")
            return self._let_go()

    def _let_go(self) -> list[str]:
        keys = [row[0] for row in self._db.execute(ORPHANS)]
        self._db.executemany("delete from texts where key = ?", [(key,) for key in keys])
        self._db.execute("update meta set value = value + 1 where name = 'generation'")
        return keys

    def _change(self) -> "_Transaction":
        return _Transaction(self._db)

    def works(self) -> dict[str, Work]:
        """By document: the work as all documents of the same DOI or arXiv identifier tell of it."""
        rows = self._db.execute("select id, work from documents order by rowid")
        return merge_works({key: Work.model_validate_json(work) for key, work in rows})

    def passage_counts(self) -> dict[str, int]:
        return dict(self._db.execute("select document, count(*) from passages group by document"))

    def count(self) -> int:
        return int(self._db.execute("select count(*) from texts").fetchone()[0])

    def texts(self) -> Iterator[tuple[str, str]]:
        yield from self._db.execute("select key, text from texts order by key")

    def touching(self, concepts: Collection[str]) -> set[str]:
        """Keys of the passages that touch any of these."""
        return {row[0] for row in self._many("select key from touches where uri in ({})", concepts)}

    def candidates(self, keys: Collection[str], work_of: Callable[[str], Work]) -> dict[str, PassageVectors]:
        """By key. A text that stands in several documents is the first one's."""
        query = (
            "select key, document, text, start, end, page, concepts, vectors "
            "from passages join texts using (key) where key in ({}) order by passages.rowid desc"
        )
        found = {}
        for key, document, text, start, end, page, concepts, vectors in self._many(query, keys):
            place = {"start": start, "end": end, "page": page, "concepts": tuple(json.loads(concepts))}
            passage = Passage(key=key, work=work_of(document), text=text, **place)
            found[key] = PassageVectors(passage, unpack(vectors))
        return found

    def _many(self, query: str, values: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """The rows for any number of values: SQLite takes a limited number a statement."""
        listed = list(values)
        for start in range(0, len(listed), AT_ONCE):
            part = listed[start : start + AT_ONCE]
            yield from self._db.execute(query.format(",".join("?" * len(part))), part)


class _Transaction:
    """All or nothing. sqlite3's own context manager begins none where autocommit is on."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("begin immediate")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._db.execute("commit")
        elif self._db.in_transaction:  # a full disk has ended it already
            self._db.execute("rollback")
