import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string

from app.exports.bibliography import escape_latex, render_bibtex
from retrieval.passage import Work
from tests.app.references import GONE, PREPRINT, PUBLISHED, make_cited_report

HOSTILE = [
    "}, note = {x}}\n@misc{evil, title = {y}",
    r"\input{/etc/passwd} \write18{rm -rf /} \csname end\endcsname",
    "$\\input{/etc/passwd}$ and $x$",
    "$^^5cinput{a}$ {{{ unbalanced",
    'quote " and % comment \\',
    "a @string{b = {c}} # d _ e ^ f ~ g & h",
    "$\\text{a}}{\\def\\x{}$",
    "\x00\x07 \u202e reversed",
]


def parse(*works: Work) -> BibliographyData:
    return parse_string(render_bibtex(make_cited_report(*works)), "bibtex")


def work(**fields: object) -> Work:
    return Work.model_validate({"source": "arxiv", "id": "1", "title": "T", **fields})


def test_a_report_without_works_says_so() -> None:
    rendered = render_bibtex(make_cited_report())
    assert rendered == "% No works are cited in run 20261122-130501-magnetic-resistivity-1a2b\n"
    assert len(parse_string(rendered, "bibtex").entries) == 0


def test_one_work_found_twice_is_one_entry() -> None:
    (entry,) = parse(PREPRINT, PUBLISHED).entries.values()
    assert re.fullmatch(r"Mullerorsted:2024[a-z]{3}", entry.key)
    assert entry.type == "misc" or entry.fields["journal"] == r"Phys. Rev. X \& Co"
    assert entry.fields["doi"] == "10.1103/example.1.2"
    assert (entry.fields["eprint"], entry.fields["archivePrefix"]) == ("2406.12345v2", "arXiv")
    assert entry.fields["title"] == r"{Sulfur vacancies in MoS$_2$: 50 \% more}"
    assert entry.fields["note"] == "cited in p01; among the nearest prior work of p01"
    assert [str(person) for person in entry.persons["author"]] == ["Müller-Ørsted, Zoë", "Zhang, Wei"]


def test_retraction_is_noted() -> None:
    (entry,) = parse(GONE).entries.values()
    assert entry.fields["note"].startswith("RETRACTED or withdrawn, according to openalex or crossref. ")
    assert entry.key.startswith("Anonymous:")


def test_keys_and_order_do_not_depend_on_the_order_found() -> None:
    assert render_bibtex(make_cited_report(PUBLISHED, GONE)).count("@") == 2
    one, other = parse(PUBLISHED, GONE), parse(GONE, PUBLISHED)
    assert list(one.entries) == list(other.entries) == sorted(one.entries)


def test_keys_stay_apart() -> None:
    works = [
        work(id=str(i), title=f"A telling title, number {i}", authors=("A. Li",), year=2024)
        for i in range(400)
    ]
    assert len(parse(*works).entries) == 400


def test_many_authors_and_collaborations() -> None:
    (entry,) = parse(
        work(authors=("The ATLAS Collaboration", "Procter and Gamble", "Li Na", "et al."))
    ).entries.values()
    names = [str(person) for person in entry.persons["author"]]
    assert names == ["{The ATLAS Collaboration}", "{Procter and Gamble}", "Na, Li", "others"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    rendered = render_bibtex(make_cited_report(work(title=text, authors=(text, "B. Good"), venue=text)))
    (entry,) = parse_string(rendered, "bibtex").entries.values()
    assert set(entry.fields) == {"title", "journal", "note"}
    assert len(entry.persons["author"]) == 2
    assert not re.search(r"\\(input|write|csname|def|string)\b", rendered)
    assert "^^" not in rendered
    assert "evil" not in parse_string(rendered, "bibtex").entries


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_any_text_gives_one_entry(title: str, author: str, venue: str) -> None:
    entries = parse(work(title=title, authors=(author, "B. Good"), venue=venue, url=venue)).entries
    assert len(entries) == 1


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_escaping_loses_nothing(text: str) -> None:
    back = escape_latex(text)
    for name, char in {
        "textbackslash": "\\",
        "textbraceleft": "{",
        "textbraceright": "}",
        "textasciitilde": "~",
    }.items():
        back = back.replace(f"\\{name}{{}}", f"\x00{ord(char)};")
    back = back.replace("\\textasciicircum{}", "\x0094;")
    if "$" not in text:
        back = re.sub(r"\\([&%#_])", r"\1", back)
        assert re.sub(r"\x00(\d+);", lambda found: chr(int(found[1])), back) == text
