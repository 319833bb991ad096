"""What each source asks and what it reads, against answers made by hand from the services' documentation."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import SourceUnavailable, UnknownSource
from retrieval.passage import Work
from retrieval.sources import SITES, SOURCES, SearchService, search_all
from retrieval.sources.answers import plain
from retrieval.sources.searching import keywords
from retrieval.web import Web
from tests.retrieval.sources.service import Answer, Asked, Service, by_hand, by_path, connect

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = tuple(SITES)
ONE = "10.1103/example.1.2"

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


class Answering(Web):
    """A web where every question has the same answer."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def ask(self, site: str, path: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        assert site in SITES
        assert path.startswith("/")
        assert parameters
        return read(self.body)


def read(source: SearchService, body: bytes) -> list[Work]:
    return source.search("vacancies mos2", 10, Answering(body))


@each_source
def test_reads_the_documented_answer(source: SearchService) -> None:
    work = read(source, by_hand(source.name).body)[0]
    assert (work.source, work.doi, work.year) == (source.name, ONE, 2024)
    assert work.title.startswith("Sulfur vacancies in monolayer MoS")
    assert work.title.endswith(("2: interaction beyond pairs", "$_2$: interaction beyond pairs"))
    assert work.authors == ("Zoë Müller-Ørsted", "Wei Zhang")


@each_source
def test_asks_politely_and_only_at_its_own_path(source: SearchService, tmp_path: Path) -> None:
    with Service(by_hand(source.name)).running() as service:
        source.search("vacancies mos2", 7, connect(service, tmp_path))
    (asked,) = service.asked
    assert asked.headers["User-Agent"].startswith("hypothesis-finder/")
    assert any(value[0] == "7" for value in asked.parameters.values())
    assert all(
        "vacancies" in value[0] for key, value in asked.parameters.items() if key in {"q", "query", "search"}
    )


def test_what_each_knows_of_retractions() -> None:
    flags = {
        source.name: [work.retracted for work in read(source, by_hand(source.name).body)]
        for source in SOURCES
    }
    assert flags == {
        "arxiv": [None, True, None],
        "openalex": [False, True, None],
        "semantic_scholar": [None, None],
        "crossref": [None, True, True],
        "inspire": [None, True],
    }


def test_records_with_missing_or_wrong_fields_are_kept_as_far_as_they_go() -> None:
    bare = read(SOURCES[1], by_hand("openalex").body)[2]
    assert (bare.title, bare.arxiv, bare.doi, bare.year) == (
        "Only the identifier and wrong kinds of fields",
        "2503.11111",
        None,
        None,
    )
    little = read(SOURCES[0], by_hand("arxiv").body)[2]
    assert (little.arxiv, little.authors, little.abstract) == ("2502.00008v3", (), None)


@pytest.mark.parametrize(
    ("abstract", "comment", "withdrawn"),
    [
        ("Heat is withdrawn by the engine.", "8 pages", None),
        ("In this paper heat is withdrawn because the piston moves.", "", None),
        ("The probe was withdrawn as the work on the sample was withdrawn.", "", None),
        ("We report a gap.", "This work has been withdrawn as Eq. 3 is wrong", True),
        ("We report a gap.", "Withdrawn", True),
        ("This manuscript has now been withdrawn.", "", True),
        ("It has been withdrawn by the authors.", "", True),
        ("Withdrawn: Eq. 3 is wrong.", "", True),
    ],
)
def test_a_preprint_is_withdrawn_where_it_says_so(
    abstract: str, comment: str, withdrawn: bool | None
) -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>
        <id>http://arxiv.org/abs/2406.12345v2</id><title>Engines</title><summary>{abstract}</summary>
        <arxiv:comment>{comment}</arxiv:comment></entry></feed>"""
    assert [work.retracted for work in read(SOURCES[0], body.encode())] == [withdrawn]


def test_abstracts_are_plain_text() -> None:
    assert (
        read(SOURCES[3], by_hand("crossref").body)[0].abstract
        == "We compute the interaction of VS at T < 300 K."
    )
    openalex = read(SOURCES[1], by_hand("openalex").body)[0].abstract
    assert openalex == "We compute the interaction of vacancies the lattice."


def test_all_at_once_merges_the_same_work(tmp_path: Path) -> None:
    with Service(by_path).running() as service:
        found = search_all(
            NAMES, "How do vacancies in MoS$_2$ interact?", 10, connect(service, tmp_path), NOW
        )
    assert [search.source for search in found.searches] == list(NAMES)
    assert all(search.error is None and search.at == NOW for search in found.searches)
    assert {search.query for search in found.searches} == {"vacancies mos2 interact"}
    (one,) = [work for work in found.works if work.doi == ONE]
    assert (one.source, set(one.also)) == ("arxiv", set(NAMES) - {"arxiv"})
    assert (one.arxiv, one.cited_by, one.retracted) == ("2406.12345v2", 15, False)
    assert found.works[0] == one


def test_one_that_fails_leaves_the_others(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Answer:
        good = by_path(asked, number)
        return Answer(b"<html>busy</html>") if asked.path == "/works" else good

    with Service(answer).running() as service:
        found = search_all(("openalex", "inspire"), "vacancies", 10, connect(service, tmp_path), NOW)
    first, second = found.searches
    assert (first.found, first.error) == (
        0,
        "api.openalex.org answered with a web page where JSON was expected",
    )
    assert (second.found, second.error) == (2, None)


def test_no_hits_are_no_error() -> None:
    empty = {
        "openalex": {"results": []},
        "semantic_scholar": {"total": 0, "offset": 0},
        "crossref": {"message": {"items": []}},
        "inspire": {"hits": {"hits": [], "total": 0}},
    }
    for source in SOURCES:
        if source.name in empty:
            assert read(source, json.dumps(empty[source.name]).encode()) == []
    feed = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>none</title></feed>"
    assert read(SOURCES[0], feed) == []


def test_unknown_names_and_empty_questions(tmp_path: Path) -> None:
    with Service(by_path).running() as service:
        web = connect(service, tmp_path)
        with pytest.raises(UnknownSource, match=r"'google': choose from arxiv, openalex"):
            search_all(("google",), "x", 10, web, NOW)
        found = search_all(("arxiv",), "of the and?!", 10, web, NOW)
        assert search_all((), "defects", 10, web, NOW).searches == ()
    assert found.searches[0].error == "the question has no word to search for"
    assert not service.asked


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "html": lambda _: b"<!DOCTYPE html><html><body>Just a moment...</body></html>",
    "cut": lambda body: body[: len(body) // 2],
    "empty": lambda _: b"",
    "plain": lambda _: b"Rate exceeded.",
    "not utf-8": lambda body: b"\xff\xfe" + body,
    "another shape": lambda _: b'["a list"]',
    "deep": lambda _: b'{"results":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


@each_source
@pytest.mark.parametrize("breakage", BROKEN)
def test_unreadable_answers_are_one_line(source: SearchService, breakage: str) -> None:
    body = BROKEN[breakage](by_hand(source.name).body)
    with pytest.raises(SourceUnavailable) as failure:
        read(source, body)
    message = str(failure.value)
    assert message.startswith(source.site.host)
    assert "\n" not in message
    assert len(message) < 150


BOMB = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&b;</title></entry></feed>"""
SECRET = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/abs/2406.12345v1</id><title>&f;</title></entry></feed>"""
HIDDEN = SECRET.decode().encode("utf-16")


@pytest.mark.parametrize("feed", [BOMB, SECRET, HIDDEN])
def test_a_feed_with_entities_is_not_read(feed: bytes) -> None:
    with pytest.raises(SourceUnavailable):
        read(SOURCES[0], feed)


def test_an_error_that_comes_as_an_entry() -> None:
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#incorrect</id>
    <title>Error</title><summary>incorrect id format</summary></entry></feed>"""
    with pytest.raises(SourceUnavailable, match="does not understand"):
        read(SOURCES[0], feed)


@given(st.text())
def test_keywords_leave_nothing_to_operate_with(text: str) -> None:
    words = keywords(text).split()
    assert len(words) <= 10
    assert all(word.isalnum() and word == word.lower() and len(word) <= 40 for word in words)
    assert not {"and", "or", "not", "andnot"} & set(words)


def test_keywords_of_a_hostile_question() -> None:
    question = 'zz:x) OR ti:"secret" ANDNOT (au:*) {a TO b}~2 &api_key=1 #frag \\mathrm{MoS}_2 αβ-phase'
    assert keywords(question) == "zz ti secret au apikey frag mos2 αβ phase"


@given(st.text(max_size=300), st.integers(20, 80))
def test_plain_text_is_one_bounded_line(text: str, longest: int) -> None:
    line = plain(text, longest)
    assert len(line) <= longest + 2
    assert line == " ".join(line.split())


@each_source
def test_addresses_in_works_are_the_services_own(source: SearchService) -> None:
    own = ("https://arxiv.org/abs/", "https://openalex.org/W", "https://www.semanticscholar.org/paper/",
           "https://doi.org/10.", "https://inspirehep.net/literature/")  # fmt: skip
    for work in read(source, by_hand(source.name).body):
        assert work.url
        assert work.url.startswith(own)
