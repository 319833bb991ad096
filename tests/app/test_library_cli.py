"""The user's own papers at the command line."""

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
