"""A store that cannot be written, is not ours, or is used by several; and that tells nobody of it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from retrieval.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryMismatch,
    LibraryNotStored,
    LibraryUnreachable,
)
from retrieval.library import Server, library, records
from retrieval.library.faults import explain, told
from tests.retrieval.library.conftest import Open

CHILD = """
import os, resource, signal, socket, sys
from pathlib import Path
import chromadb, filelock, bm25s, numpy, snowballstemmer  # before rights are given up
from retrieval.errors import RetrievalError
from retrieval.library import open_library
from tests.retrieval.library.conftest import HashEmbedder

store, papers = map(Path, sys.argv[1:3])
def refuse(*_): raise AssertionError("a connection was made")
{before}
try:
    with open_library(store, HashEmbedder()) as opened:
        print(*(one.status.value for one in opened.add([papers]).outcomes))
        print(opened.search("neutron stars")[0].passage.work.id)
except RetrievalError as error:
    print(type(error).__name__, error)
"""


def run(store: Path, papers: Path, before: str = "", **environment: str) -> str:
    """What a process of its own says."""
    code = CHILD.replace("{before}", before)
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(store), str(papers)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])} | environment,
    )
    return done.stdout + done.stderr


def test_nothing_is_told_to_anyone(store: Path, papers: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    before = "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse"
    said = run(store, papers, before, HOME=str(home), XDG_CACHE_HOME=str(home), TMPDIR=str(home))
    assert said == "added added added\npapers/stars.txt\n"
    assert not list(home.iterdir())


def test_opening_leaves_the_environment_as_it_is(opened: Open, papers: Path) -> None:
    before = dict(os.environ)
    opened().add([papers])
    # Written by imports of an earlier test or not, it would silence the whole process.
    assert "OTEL_SDK_DISABLED" not in os.environ
    assert dict(os.environ) == before


def test_a_store_that_cannot_be_written(opened: Open, store: Path, papers: Path, tmp_path: Path) -> None:
    opened().add([papers])
    for path in (tmp_path, *tmp_path.parents[:3]):
        path.chmod(0o755)
    for path in (store, *store.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    said = run(store, papers, "if os.getuid() == 0: os.setuid(65534)")
    for path in (store, *store.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert said.startswith(f"LibraryNotStored the library in {store} cannot be written")
    assert said.count("\n") == 1


def test_a_full_disk(store: Path, papers: Path) -> None:
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))"
    said = run(store, papers, f"signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {limit}")
    assert said.startswith(f"LibraryNotStored the disk with the library in {store} is full")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("attempt to write a readonly database", LibraryNotStored),
        ("Permission denied (os error 13)", LibraryNotStored),
        ("error returned from database: (code: 13) database or disk is full", LibraryNotStored),
        ("[Errno 28] No space left on device", LibraryNotStored),
        ("(code: 26) file is not a database", LibraryDamaged),
    ],
)
def test_what_the_databases_say_is_understood(reason: str, kind: type[Exception]) -> None:
    assert type(explain(Path("store"), OSError(reason))) is kind


@pytest.mark.parametrize("file", ["library.sqlite", "vectors/chroma.sqlite3"])
def test_a_damaged_file_is_told(opened: Open, store: Path, papers: Path, file: str) -> None:
    opened().add([papers])
    opened().close()
    (store / file).write_bytes(b"garbage " * 1000)
    with pytest.raises(LibraryDamaged, match="remove this folder and add your files again") as caught:
        opened()
    assert "\n" not in str(caught.value)


def test_lost_vectors_are_told(opened: Open, store: Path, papers: Path) -> None:
    first = opened()
    first.add([papers])
    first.close()
    shutil.rmtree(store / "vectors")
    with pytest.raises(LibraryDamaged, match="of 3 passages, 0 have a vector"):
        opened()


def test_lost_words_are_found_again(opened: Open, store: Path, papers: Path) -> None:
    first = opened()
    first.add([papers])
    first.search("stars")
    (store / "words" / "passages.json").write_text("{")
    assert opened().search("neutron stars")[0].passage.work.id == "papers/stars.txt"


def test_empty_word_files_are_made_again(opened: Open, store: Path, papers: Path) -> None:
    first = opened()
    first.add([papers])
    first.search("stars")
    for file in (store / "words").glob("*.npy"):
        file.write_bytes(b"")
    assert opened().search("neutron stars")[0].passage.work.id == "papers/stars.txt"


def test_a_store_is_begun_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "uuid4", lambda: SimpleNamespace(hex=object()))  # no value of a table's
    with pytest.raises(sqlite3.Error):
        records.Records(tmp_path)
    monkeypatch.undo()
    records.Records(tmp_path).close()


def test_a_store_of_another_version(opened: Open, store: Path) -> None:
    opened().close()
    with sqlite3.connect(store / "library.sqlite") as database:
        database.execute("update meta set value = 99 where name = 'schema'")
    with pytest.raises(LibraryMismatch, match=r"another version \(schema 99"):
        opened()


def test_two_processes_add_at_once(opened: Open, store: Path, papers: Path) -> None:
    first = opened()
    code = [sys.executable, "-c", CHILD.replace("{before}", ""), str(store), str(papers)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(code, env=environment, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - our own code
        for _ in range(20):
            first.add([papers])
            first.remove("papers/stars.txt")
        first.add([papers])
        said = other.communicate()[0].splitlines()
    assert said[-1].startswith("papers/")
    assert len(first.documents()) == 4
    assert len(first.search("neutron stars magnons traps")) == 3


def test_who_holds_on_is_told_of(opened: Open, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr(library, "PATIENCE", 0)
    store.mkdir()
    with FileLock(store / "lock"), pytest.raises(LibraryBusy, match="another process holds"):
        opened()


def test_a_server_that_went_away() -> None:
    with pytest.raises(LibraryUnreachable, match="does not answer"), told(Path("store")):
        raise httpx.ConnectError("refused")


def test_a_server_that_is_not_there(opened: Open) -> None:
    with pytest.raises(LibraryUnreachable, match=r"no chromadb server answers at 127\.0\.0\.1:9"):
        opened(server=Server("127.0.0.1", 9))
