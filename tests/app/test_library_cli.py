"""The user's own papers at the command line."""

import gzip
import json
from pathlib import Path

import pytest

from app.cli import entry
from app.cli.exit_codes import Exit

Output = pytest.CaptureFixture[str]
BIB = """@article{traps, title={Traps in MoS2}, author={Born, Max}, year=2021,
 abstract={Sulfur vacancies in monolayer molybdenum disulfide act as electron traps in semiconductors.}}
@article{stars, title={Pulsars}, year=1999,
 abstract={Neutron stars spin down by magnetic braking over millions of years, as pulsar timing shows.}}
@article{open, title={Not closed
"""


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYPOFIND_PATHS__LIBRARY", str(tmp_path / "library"))
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "refs.bib").write_text(BIB)
    (tmp_path / "papers" / "picture.png").write_bytes(b"")
    return tmp_path / "papers"


def run(capsys: Output, *arguments: str) -> object:
    assert entry.run(["library", *arguments, "--json"]) == Exit.DONE
    return json.loads(capsys.readouterr().out)


def test_papers_are_added_searched_and_removed(papers: Path, capsys: Output) -> None:
    assert entry.run(["library", "add", str(papers)]) == Exit.DONE
    out, err = capsys.readouterr()
    assert "papers/refs.bib: added, 2 passages" in out
    assert "papers/picture.png: skipped (.png files are not read)" in out
    assert "papers/refs.bib: line 5: " in err

    hits = run(capsys, "search", "defects of a 2D material", "-n", "1")
    assert isinstance(hits, list)
    assert hits[0]["work"]["id"] == "papers/refs.bib#traps"
    field = "Gravitation, Cosmology & Astrophysics"
    within = run(capsys, "search", "defects of a 2D material", "--concept", field)
    assert isinstance(within, list)
    assert [hit["work"]["title"] for hit in within] == ["Pulsars"]

    assert run(capsys, "remove", "papers/refs.bib#traps") == {"removed": 1}
    assert entry.run(["library", "list"]) == Exit.DONE
    out = capsys.readouterr().out
    assert "Pulsars" in out
    assert "Traps" not in out


def test_what_is_wrong_is_one_line(papers: Path, capsys: Output) -> None:
    assert entry.run(["library", "add", "nowhere.pdf"]) == Exit.USAGE
    assert "nowhere.pdf: failed (there is no such file)" in capsys.readouterr().out
    assert entry.run(["library", "remove", "nowhere.pdf"]) == Exit.USAGE
    assert "hypofind: the library has no document 'nowhere.pdf'\n" in capsys.readouterr().err
    assert entry.run(["library", "search", "traps", "--concept", "no such thing"]) == Exit.USAGE
    (papers.parent / "library" / "library.sqlite").write_bytes(b"garbage" * 999)
    assert entry.run(["library", "list"]) == Exit.FAILED
    assert "remove this folder and add your files again" in capsys.readouterr().err


def test_an_empty_library_says_what_to_do(papers: Path, capsys: Output) -> None:
    assert entry.run(["library", "list"]) == Exit.DONE
    assert "library add FOLDER" in capsys.readouterr().err


@pytest.mark.slow
def test_a_dump_with_every_fault_is_read_as_far_as_it_can_be(
    papers: Path, capsys: Output, tmp_path: Path
) -> None:
    good = {"id": "704.12", "title": "Chaos in <b>lasers</b>", "abstract": "Laser chaos is turbulent."}
    good["date"] = "2007-04-01"
    faulty = [
        good,
        good | {"id": "2", "abstract": ""},
        good | {"id": "3", "date": "0001-01-01"},
        good | {"id": "4", "abstract": "x" * 10_000_000},
        good | {"id": "5", "abstract": "x " * 40_000},
        good,
    ]
    raw = "".join(json.dumps(record) + "\n" for record in faulty).encode()
    raw += b'{"id": "6", "title": "\xfcber Laser", "abstract": "Ein Laser.", "date": "2010"}\n{"id": "7", "ti'
    dump = tmp_path / "dump.jsonl.gz"
    whole = gzip.compress(raw)
    dump.write_bytes(whole)
    assert entry.run(["library", "add", str(dump)]) == Exit.DONE
    out, err = capsys.readouterr()
    assert "dump.jsonl.gz: added, 2 passages" in out
    for reason in (
        "no abstract", "year out of range", "line too long", "abstract too long",
        "not UTF-8, read as Latin-1",
        "no JSON", "there already",
    ):  # fmt: skip
        assert f"1 records: {reason}" in err, reason
    hits = run(capsys, "search", "laser chaos", "-n", "1")
    assert isinstance(hits, list)
    assert hits[0]["work"]["title"] == "Chaos in lasers"
    assert hits[0]["work"]["arxiv"] == "0704.1200"

    dump.write_bytes(whole[:-40])
    assert entry.run(["library", "add", str(dump)]) == Exit.DONE
    assert "file broken off" in capsys.readouterr().err
