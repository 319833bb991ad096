"""Dumps of abstracts: read in a stream, gone on with, searched by words, removed."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from retrieval.errors import UnknownDocument
from retrieval.library import DumpReader, FileStatus, Library, dumps
from tests.retrieval.library.conftest import HashEmbedder, Open

TOPICS = ("glass", "plasma", "neutrino", "laser")


@dataclass(frozen=True)
class Line:
    id: str
    title: str
    abstract: str
    year: int = 2012
    authors: tuple[str, ...] = ("A. Author",)
    doi: str = ""


class Reader:
    """One JSON object a line. Breaks off before the line `fault`, once."""

    def __init__(self, fault: int | None = None) -> None:
        self.fault, self.given = fault, 0

    def __call__(self, path: Path, refused: Counter[str]) -> Iterator[Line]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if number == self.fault:
                self.fault = None
                raise ValueError("the power failed")
            try:
                record = Line(**json.loads(line))
            except ValueError:
                refused["no JSON"] += 1
                continue
            self.given += 1
            yield record


def touch(text: str) -> Sequence[str]:
    return [f"https://doi.org/10.29172/{word}" for word in TOPICS if word in text]


def write(path: Path, lines: Sequence[Line | str]) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(vars(line)) for line in lines)
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def make(count: int, start: int = 0) -> list[Line]:
    return [
        Line(f"1201.{n:05}", f"On {TOPICS[n % 4]} {n}", f"We measure number{n} of the {TOPICS[n % 4]}.")
        for n in range(start, start + count)
    ]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "AT_ONCE", 4)
    monkeypatch.setattr(dumps, "SEGMENT", 10)


def titles(library: Library, query: str, limit: int = 8, concepts: Sequence[str] | None = None) -> list[str]:
    return [hit.passage.work.title for hit in library.search(query, limit, concepts)]


def test_a_dump_is_read_searched_and_embeds_nothing(
    opened: Open, tmp_path: Path, embedder: HashEmbedder
) -> None:
    library = opened(dumps=DumpReader(Reader(), touch))
    (outcome,) = library.add([write(tmp_path / "dump.jsonl", make(23))]).outcomes
    assert (outcome.status, outcome.documents, outcome.problems) == (FileStatus.ADDED, 23, ())
    best = library.search("the plasma of number13", 3)[0]
    assert best.passage.work.title == "On plasma 13"
    assert (best.passage.work.arxiv, best.passage.work.id) == ("1201.00013", "dump.jsonl#1201.00013")
    assert best.passage.text[best.passage.start : best.passage.end] == best.passage.text
    assert set(titles(library, "plasma measure", 30)) >= {f"On plasma {n}" for n in range(1, 23, 4)}
    assert not embedder.seen


def test_only_abstracts_on_a_concept_are_found_where_one_is_named(opened: Open, tmp_path: Path) -> None:
    library = opened(dumps=DumpReader(Reader(), touch))
    library.add([write(tmp_path / "dump.jsonl", make(12))])
    found = titles(library, "measure", 30, ["https://doi.org/10.29172/laser"])
    assert sorted(found) == ["On laser 11", "On laser 3", "On laser 7"]
    assert titles(library, "measure", 30, ["https://doi.org/10.29172/other"]) == []


def test_a_reading_that_broke_off_goes_on_and_loses_nothing(opened: Open, tmp_path: Path) -> None:
    path = write(tmp_path / "dump.jsonl", make(23))
    library = opened(dumps=DumpReader(Reader(fault=14)))
    (outcome,) = library.add([path]).outcomes
    assert (outcome.status, outcome.reason) == (FileStatus.FAILED, "the power failed")
    (held,) = library.documents()
    assert held.work.title.startswith("12 abstracts")
    assert "add it again" in held.work.title
    (outcome,) = library.add([path]).outcomes
    assert (outcome.status, outcome.documents) == (FileStatus.ADDED, 23)
    assert titles(library, "number22 of the neutrino", 1) == ["On neutrino 22"]
    assert [one.status for one in library.add([path]).outcomes] == [FileStatus.UNCHANGED]


def test_what_is_there_already_is_counted_and_kept_once(opened: Open, tmp_path: Path) -> None:
    library = opened(dumps=DumpReader(Reader()))
    library.add([write(tmp_path / "a.jsonl", make(10))])
    (outcome,) = library.add([write(tmp_path / "b.jsonl", [*make(4, 8), *make(1, 9), "{"])]).outcomes
    assert (outcome.status, outcome.documents) == (FileStatus.ADDED, 2)
    assert set(outcome.problems) == {"1 records: no JSON", "3 records: there already"}
    assert [held.passages for held in library.documents()] == [10, 2]
    twin = write(tmp_path / "c.jsonl", make(10))
    assert [one.status for one in library.add([twin]).outcomes] == [FileStatus.DUPLICATE]


def test_a_dump_that_changed_gives_its_new_accounts(opened: Open, tmp_path: Path) -> None:
    library = opened(dumps=DumpReader(Reader()))
    path = write(tmp_path / "a.jsonl", make(5))
    library.add([path])
    changed = Line("1201.00002", "On walls", "We measure domain walls.")
    (outcome,) = library.add([write(path, [*make(2), changed, *make(3, 3)])]).outcomes
    assert outcome.status is FileStatus.UPDATED
    assert titles(library, "number2", 3) == []
    assert titles(library, "domain walls", 1) == ["On walls"]
    assert [held.passages for held in library.documents()] == [6]


def test_a_dump_is_removed_with_all_that_came_from_it(opened: Open, tmp_path: Path) -> None:
    library = opened(dumps=DumpReader(Reader()))
    library.add([write(tmp_path / "a.jsonl", make(10)), write(tmp_path / "b.jsonl", make(12, 10))])
    assert library.remove("a.jsonl") == 10
    assert titles(library, "number3 of the laser", 3)[0] != "On laser 3"
    assert titles(library, "number21 of the plasma", 1) == ["On plasma 21"]
    with pytest.raises(UnknownDocument):
        library.remove("a.jsonl")


def test_markup_is_taken_off_and_a_wrong_file_is_refused(opened: Open, tmp_path: Path) -> None:
    library = opened(dumps=DumpReader(Reader()))
    marked = Line("1", r"Walls in <i>MoS<sub>2</sub></i> by M{\"u}ller", "A &lt; B\n  in walls.", authors=())
    library.add([write(tmp_path / "a.jsonl", [marked])])
    (hit,) = library.search("walls")
    assert hit.passage.work.title == "Walls in MoS2 by Müller"
    assert hit.passage.text.endswith("A < B in walls.")
    assert hit.passage.work.arxiv is None
    (outcome,) = library.add([write(tmp_path / "settings.json", ["[", "]"])]).outcomes
    assert (outcome.status, outcome.reason) == (FileStatus.FAILED, "there is no abstract in it")


def test_without_a_reader_no_dump_is_added_and_those_there_are_searched(opened: Open, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", make(3))
    with_reader = opened(dumps=DumpReader(Reader()))
    with_reader.add([path])
    with_reader.close()
    library = opened()
    assert titles(library, "number1", 1) == ["On plasma 1"]
    assert [one.status for one in library.add([path]).outcomes] == [FileStatus.SKIPPED]


def test_other_passages_and_abstracts_are_found_side_by_side(opened: Open, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("A laser drives a plasma wave in which electrons gain energy.", encoding="utf-8")
    library = opened(dumps=DumpReader(Reader()))
    library.add([note, write(tmp_path / "a.jsonl", make(8))])
    found = library.search("laser plasma wave", 3)
    assert {hit.passage.work.id.partition("#")[0] for hit in found} == {"note.txt", "a.jsonl"}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
