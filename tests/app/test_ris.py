import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from app.exports.bibliography import render_ris
from retrieval.passage import Work
from tests.app.references import GONE, PREPRINT, PUBLISHED, make_cited_report


def work(**fields: object) -> Work:
    return Work.model_validate({"source": "arxiv", "id": "1", "title": "T", **fields})


def test_a_report_without_works_is_empty() -> None:
    assert rispy.loads(render_ris(make_cited_report())) == []


def test_works_read_back() -> None:
    gone, one = rispy.loads(render_ris(make_cited_report(PUBLISHED, PREPRINT, GONE)))
    assert one["type_of_reference"] == "JOUR"
    assert one["authors"] == ["Zoë Müller-Ørsted", "Wei Zhang"]
    assert (one["title"], one["year"], one["doi"]) == (PREPRINT.title, "2024", "10.1103/example.1.2")
    assert one["accession_number"] == "arXiv:2406.12345v2"
    assert one["secondary_title"] == "Phys. Rev. X & Co"
    assert gone["type_of_reference"] == "UNPB"
    assert gone["notes"][0].startswith("RETRACTED or withdrawn")


@pytest.mark.parametrize(
    "text", ["a\nER  - \n\nTY  - JOUR\nTI  - evil", "a\r\nER  - ", "a\u2028ER  - ", "ER  - "]
)
def test_no_line_can_be_added(text: str) -> None:
    (record,) = rispy.loads(render_ris(make_cited_report(work(title=text, authors=(text,), venue=text))))
    assert "evil" not in record["title"].splitlines()
    assert record["title"] == " ".join(text.split())


@given(st.text(max_size=60), st.text(max_size=40))
def test_any_text_gives_one_record(title: str, author: str) -> None:
    assert len(rispy.loads(render_ris(make_cited_report(work(title=title, authors=(author,)))))) == 1
