"""Files as people have them are read; what cannot be used is counted and never ends the reading."""

import gzip
import json
import lzma
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from physh.atlas.records import LONGEST_LINE, WorkRecord, arxiv_identifier, read_records
from physh.errors import AtlasError

GOOD = {"id": "1", "title": "Chaos in lasers", "abstract": "We study chaos.", "date": "2010-01-01"}


def read(path: Path) -> tuple[list[WorkRecord], Counter[str]]:
    refused: Counter[str] = Counter()
    return list(read_records(path, refused)), refused


def lines(path: Path, *records: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_plain_arxiv_and_openalex_records_say_the_same(tmp_path: Path) -> None:
    dump = GOOD | {"date": None, "versions": [{"version": "v1", "created": "Fri, 1 Jan 2010 10:00:00 GMT"}]}
    work = {
        "id": "https://openalex.org/W1",
        "display_name": GOOD["title"],
        "publication_year": 2010,
        "abstract_inverted_index": {"We": [0], "chaos.": [2], "study": [1]},
    }
    found, refused = read(lines(tmp_path / "a.jsonl", GOOD, dump, work))
    assert {(r.title, r.abstract, r.year) for r in found} == {("Chaos in lasers", "We study chaos.", 2010)}
    assert not refused


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (GOOD | {"abstract": ""}, "no abstract"),
        (GOOD | {"abstract": None}, "no abstract"),
        (GOOD | {"date": "0001-01-01"}, "year out of range"),
        (GOOD | {"date": None, "year": 9999}, "year out of range"),
        (GOOD | {"date": None}, "no id, title or year"),
        (GOOD | {"title": 7}, "no id, title or year"),
        (GOOD | {"title": None, "abstract_inverted_index": {"a": "b"}}, "no id, title or year"),
        ({"versions": [3], "title": "x"}, "no id, title or year"),
        (GOOD | {"abstract": "x" * (LONGEST_LINE * 5)}, "line too long"),
    ],
)
def test_what_cannot_be_used_is_counted_by_its_reason(
    tmp_path: Path, record: dict[str, object], reason: str
) -> None:
    found, refused = read(lines(tmp_path / "a.jsonl", record, GOOD))
    assert [r.title for r in found] == ["Chaos in lasers"]
    assert refused == {reason: 1}


def test_what_is_no_json_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": \n[1, 2]\n\n' + b"[" * 100_000 + b"\n" + json.dumps(GOOD).encode())
    found, refused = read(path)
    assert len(found) == 1
    assert refused == {"no JSON": 2, "no JSON object": 1}


def test_latin_1_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        json.dumps(GOOD | {"title": "Schrödinger"}, ensure_ascii=False).encode("latin-1") + b"\n"
    )
    found, refused = read(path)
    assert found[0].title == "Schrödinger"
    assert refused == {"not UTF-8, read as Latin-1": 1}


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_a_dump_that_breaks_off_gives_what_it_has(tmp_path: Path, suffix: str, pack: object) -> None:
    records = [GOOD | {"id": str(i), "abstract": f"chaos {i * 7919 % 10007}"} for i in range(20_000)]
    text = "".join(json.dumps(r) + "\n" for r in records).encode()
    whole, cut = tmp_path / f"whole.jsonl{suffix}", tmp_path / f"cut.jsonl{suffix}"
    whole.write_bytes(pack(text))  # type: ignore[operator]  # both take and give bytes
    cut.write_bytes(whole.read_bytes()[:-5000])
    assert len(read(whole)[0]) == len(records)
    found, refused = read(cut)
    assert 0 < len(found) < len(records)
    assert refused["file broken off"] == 1


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="cannot be opened"):
        read(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("704.123", "0704.1230"),
        ("0704.1230", "0704.1230"),
        ("1501.0012", "1501.00120"),
        ("1412.1", "1412.1000"),
        ("physics/0503210", "physics/0503210"),
        ("W12", "W12"),
        ("", ""),
    ],
)
def test_an_identifier_gets_back_the_zeros_that_a_table_took(said: str, meant: str) -> None:
    assert arxiv_identifier(said) == meant
