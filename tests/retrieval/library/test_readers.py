"""Bibliographies and texts: what is in them, and what is wrong in them, by line."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.library.document import FileReading
from retrieval.library.readers import READERS, find_reader

Read = Callable[[str, str | bytes], FileReading]

BIB = r"""@string{prb = "Phys. Rev. B"}
@article{traps, title={Tr{\"a}ps in {MoS$_2$} \& co}, author={M{\"u}ller, Jo and Smith, Ann}, year=2020,
  journal=prb, doi={https://doi.org/10.1234/ABC(x)}, eprint={2406.12345v2},
  abstract={They {\it trap} electrons.}}
@comment{nothing}
@article{open, title={Not closed, year=2020
@article{macro, title="Second", journal=nowhere}
@article{traps, title="Again"}
@article{comma, title="Third" year=2021}
@article{bare, title="Fourth", date={2021-05}}
@misc{empty, year=2020}
"""
RIS = """TY  - JOUR
TI  - Traps
AU  - Smith, Ann
AU  - Born, Max
AB  - They trap
electrons.
DO  - 10.1234/abc
PY  - 2020/01/02
JO  - Phys. Rev. B
UR  - https://arxiv.org/abs/2406.12345
ER  -
TY  - JOUR
TI  - Never ends
TY  - JOUR
AU  - Without Title
ER  -
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def put(name: str, content: str | bytes) -> FileReading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        reader = find_reader(path)
        assert reader
        return reader.read(path, f"papers/{name}")

    return put


def test_a_bibtex_entry_is_a_work(read: Read) -> None:
    traps, macro, bare = read("a.bib", BIB).documents
    assert (macro.work.title, macro.work.venue) == ("Second", None)
    work = traps.work
    assert work.title == "Träps in MoS$_2$ & co"
    assert work.authors == ("Müller, Jo", "Smith, Ann")
    assert (work.year, work.venue, work.doi, work.arxiv) == (
        2020,
        "Phys. Rev. B",
        "10.1234/abc(x)",
        "2406.12345v2",
    )
    assert work.id == "papers/a.bib#traps"
    assert "trap electrons." in (work.abstract or "")
    assert traps.text == f"{work.title}\n\n{work.abstract}"
    assert (bare.work.year, bare.text) == (2021, "")


def test_what_is_wrong_in_bibtex_is_told_by_line(read: Read) -> None:
    lines = [problem.partition(":")[0] for problem in read("a.bib", BIB).problems]
    assert lines == ["line 6", "line 7", "line 8", "line 9", "line 11", "2 of 3 references have no abstract"]


def test_a_ris_record_is_a_work(read: Read) -> None:
    reading = read("a.ris", RIS)
    (document,) = reading.documents
    work = document.work
    assert (work.title, work.authors, work.year) == ("Traps", ("Smith, Ann", "Born, Max"), 2020)
    assert (work.doi, work.arxiv, work.venue) == ("10.1234/abc", "2406.12345", "Phys. Rev. B")
    assert work.abstract == "They trap electrons."
    assert [problem.partition(":")[0] for problem in reading.problems] == ["line 12", "line 14"]


@pytest.mark.parametrize("between", ["Questions to me@example.org", "@nonsense", "} @ ) {", "100 % {sure}"])
def test_what_stands_between_bibtex_entries_costs_none(read: Read, between: str) -> None:
    first = "@article{one, title={Walls in {P}ermalloy}, abstract={They pin (strongly).}}"
    second = "@book(two, title={Second {(of two)}}, year=2021, abstract={They hold.})"
    reading = read("a.bib", f"{first}\n{between}\n{second}\nthe end")
    assert [document.work.title for document in reading.documents] == [
        "Walls in Permalloy",
        "Second (of two)",
    ]
    assert reading.problems == ()


@pytest.mark.parametrize("name", ["a.bib", "a.ris", "a.txt"])
def test_a_file_with_nothing_in_it_says_so(read: Read, name: str) -> None:
    with pytest.raises(ValueError, match="there is no"):
        read(name, " \n")


@pytest.mark.parametrize(
    "raw",
    [
        "Ångström gap".encode(),
        "Ångström gap".encode("utf-16"),
        "Ångström gap".encode("cp1252"),
        "\ufeffÅngström gap".encode(),
    ],
)
def test_text_is_decoded(read: Read, raw: bytes) -> None:
    assert read("a.txt", raw).documents[0].text == "Ångström gap"


def test_what_is_no_text_is_refused(read: Read) -> None:
    with pytest.raises(ValueError, match="it is not text"):
        read("a.txt", b"\x00\x01\x02gap")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('---\ndate: 2024\ntitle: "Trap states"\n---\n# Heading\n', "Trap states"),
        ("---\ntags: [a]\n---\n\n# Heading\n", "Heading"),
        ("---\r\ntitle: Traps\r\n...\r\nText", "Traps"),
        ("---\ntags: [a]\n---", "a"),
        ("---\nA note\n---\nMore", "A note"),
    ],
)
def test_front_matter_is_not_the_title(read: Read, text: str, title: str) -> None:
    assert read("a.md", text).documents[0].work.title == title


def test_a_text_is_another_works_only_in_its_sentences(read: Read) -> None:
    notes = read("a.md", "# My notes\n\nSee doi:10.1234/abc and arXiv:2406.12345.").documents[0].work
    assert (notes.title, notes.doi, notes.arxiv) == ("My notes", None, None)
    paper = read("b.txt", "A paper\ndoi: 10.1234/ABC.\narXiv:2406.12345v1\n\nIt says.").documents[0].work
    assert (paper.doi, paper.arxiv) == ("10.1234/abc", "2406.12345v1")


def test_a_suffix_has_one_reader() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert find_reader(Path("A.PDF")) == READERS[0]
    assert find_reader(Path("a.docx")) is None


PIECES = st.lists(
    st.sampled_from(
        [
            "@article{",
            "k,",
            "title",
            "=",
            "{",
            "}",
            '"',
            "\\",
            "\n",
            "TY  - JOUR\n",
            "ER  - \n",
            "TI  - a\n",
            "$",
            "é",
            "#",
            "@",
        ]
    )
)


@given(pieces=PIECES, name=st.sampled_from(["f.bib", "f.ris", "f.md"]))
def test_no_content_makes_a_reader_fail_otherwise(
    pieces: list[str], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_text("@article{k, title={A gap}}\nTY  - JOUR\n" + "".join(pieces), encoding="utf-8")
    reader = find_reader(path)
    assert reader
    with suppress(ValueError):  # the one error that a reader may raise
        assert all("\n" not in problem for problem in reader.read(path, name).problems)
