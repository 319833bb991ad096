"""PDFs as they come: whole, locked, scanned, broken, huge, and made to do harm."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.library.chunks import cut
from retrieval.library.document import FileReading
from retrieval.library.readers import pdf
from tests.retrieval.library.pdfs import encrypt, make_bomb, make_pdf

PROSE = "Sulfur vacancies in monolayer MoS2 act as electron traps. They were seen by microscopy at 300 K."
Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(content: bytes) -> Path:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        return path

    return put


def read(path: Path) -> FileReading:
    return pdf.read(path, "papers/paper.pdf")


def test_text_stands_at_its_page(write: Write) -> None:
    reading = read(write(make_pdf([f"Page {n} begins. {PROSE}\nLine {n} ends." for n in (1, 2, 3)])))
    (document,) = reading.documents
    assert reading.problems == ()
    assert [document.text[start : start + 6] for start in document.pages] == ["Page 1", "Page 2", "Page 3"]
    assert [chunk.page for chunk in cut(document.text, document.pages)] == [1]


@pytest.mark.parametrize(
    ("operators", "told"),
    [
        (b"(is 3 x 10) Tj 5 Ts (19) Tj 0 Ts ( per cubic metre) Tj", "is 3 x 10^19 per cubic metre"),
        (b"[(is 10)] TJ /F1 7 Tf 40 4 Td [(19)] TJ /F1 10 Tf 10 -4 Td [(m)] TJ", "is 10^19m"),
        (b"(is 10) Tj /F1 7 Tf 1 0 0 1 80 804 Tm (-3) Tj /F1 10 Tf 1 0 0 1 95 800 Tm (m) Tj", "is 10^-3m"),
        (b"(MoS) Tj -3 Ts (2) Tj 0 Ts ( at 300 K) Tj", "MoS2 at 300 K"),
        (b"(of 10) Tj (19) Tj", "of 1019"),
        (b"(cm) Tj 5 Ts (2) Tj 0 Ts ( or so) Tj", "cm2 or so"),
    ],
)
def test_a_raised_number_is_no_digit_of_the_one_before_it(write: Write, operators: bytes, told: str) -> None:
    page = b"BT /F1 10 Tf 12 TL 40 800 Td (The density of the carriers ) Tj " + operators + b" ET"
    (document,) = read(write(make_pdf([page]))).documents
    assert document.text.replace(" ", "").endswith(told.replace(" ", ""))


def test_the_file_tells_of_itself(write: Write) -> None:
    about = {
        "Title": "Traps in two dimensions",
        "Author": "Ada Lovelace; Max Born",
        "Subject": "doi:10.1234/Abc.5",
    }
    work = read(write(make_pdf([PROSE + " doi:10.9999/other"], about))).documents[0].work
    assert (work.title, work.authors, work.doi) == (
        "Traps in two dimensions",
        ("Ada Lovelace", "Max Born"),
        "10.1234/abc.5",
    )
    assert (work.id, work.source) == ("papers/paper.pdf", "library")


@pytest.mark.parametrize("title", ["Microsoft Word - draft.doc", "paper_final.dvi", "untitled", "", "main"])
def test_a_word_processors_title_is_none(title: str) -> None:
    assert pdf.read_title(title) is None


def test_identifiers_on_the_first_page(write: Write) -> None:
    page = f"arXiv:2406.12345v2 [cond-mat.mtrl-sci]\n{PROSE}\nDOI: 10.1103/PhysRevB.1.23."
    work = read(write(make_pdf([page, "See doi:10.1/2"]))).documents[0].work
    assert (work.arxiv, work.doi) == ("2406.12345v2", "10.1103/physrevb.1.23")


def test_of_several_identifiers_none_is_its_own(write: Write) -> None:
    page = f"{PROSE} See 10.1103/PhysRevB.1.23 and 10.1103/PhysRevB.1.24."
    assert read(write(make_pdf([page]))).documents[0].work.doi is None


def test_words_are_whole(write: Write) -> None:
    text = read(write(make_pdf([f"{PROSE}\nA micro-\nscope saw a spin-\nOrbit gap"]))).documents[0].text
    assert "A microscope saw a spin-Orbit gap" in text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypt(make_pdf([PROSE]), "secret"), "encrypted and needs a password"),
        (make_pdf(["", "3"]), r"no text on its 2 pages \(a scan\?\)"),
        (b"", "broken"),
        (b"%PDF-1.4\nnothing more", "broken"),
        (b"<html>not a PDF</html>" * 50, "broken"),
        (make_pdf([PROSE])[:400], "broken|no pages"),
    ],
    ids=["encrypted", "scanned", "empty", "cut", "html", "half"],
)
def test_what_cannot_be_read_says_why(write: Write, content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        read(write(content))
    assert "\n" not in str(caught.value)


def test_a_lock_without_a_password_opens(write: Write) -> None:
    assert "vacancies" in read(write(encrypt(make_pdf([PROSE]), ""))).documents[0].text


def test_a_bomb_is_stopped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 300 << 20)
    with pytest.raises(ValueError, match=r"memory|broken|no text|longer|code"):
        read(write(make_bomb(1 << 28)))


def test_a_stall_keeps_what_was_read(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    said = '{"about": {}, "pages": 9}', '{"text": "' + PROSE * 2 + '"}', '{"text": "half'
    child.write_text(
        f"import sys, time\nsys.stdout.write({chr(10).join(said)!r})\nsys.stdout.flush()\ntime.sleep(60)"
    )
    monkeypatch.setattr(pdf, "CHILD", child)
    monkeypatch.setattr(pdf, "SECONDS", 1)
    reading = read(write(b""))
    assert reading.problems == ("only 1 of 9 pages were read: reading took longer than 1 s",)
    assert PROSE in reading.documents[0].text


def test_two_thousand_pages(write: Write) -> None:
    reading = read(write(make_pdf([f"Page {n}. {PROSE}" for n in range(1, 2001)])))
    assert len(reading.documents[0].pages) == 2000
    assert "Page 2000." in reading.documents[0].text
    assert reading.problems == ()


def test_more_text_than_is_kept(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "CHARACTERS", 150)
    reading = read(write(make_pdf([PROSE] * 5)))
    assert reading.problems == ("only 2 of 5 pages were read: it holds more than 150 characters",)
