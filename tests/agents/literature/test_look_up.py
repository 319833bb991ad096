"""What the literature says: searched once, quoted word for word, judged quote by quote, bounded in words."""

from pathlib import Path

import pytest

from agents.errors import ReplayMiss
from agents.literature.survey import MOST_COMPARED, Surveyor, SurveyQuery
from agents.schema import Evidence, Stance
from agents.scripted import Request
from agents.tool_context import ToolContext
from retrieval.errors import LibraryBusy
from tests.agents.literature.shelf import (
    ABSTRACTS,
    Found,
    Services,
    Shelf,
    all_passages,
    all_works,
    make_context,
    make_work,
)
from tests.agents.literature.talk import QUESTION, answering, chatting, consult
from tests.conftest import ServerFactory

FALLS = "The residual resistivity falls by 12 % when the density of walls doubles."


def quote_falls(request: Request) -> list[dict[str, str]]:
    key = next(p.key for p in all_passages() if FALLS in p.text)
    return [{"passage": key, "quote": FALLS}]


async def test_a_quote_that_holds_is_kept_with_its_stance_and_judge(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    server = scripted(answering(quote_falls, "contradicts"))
    async with chatting(tmp_path, server) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf(all_passages())))
    (citation,) = literature.citations
    assert citation.quote == FALLS
    assert citation.found == 1
    assert citation.stance is Stance.CONTRADICTS
    assert (citation.judge, citation.reason) == ("scripted", "it says so")
    assert not literature.removed
    assert literature.gap is None


@pytest.mark.parametrize("source", ["Smith et al. (2021)", "10.1103/PhysRevB.103.054402"])
async def test_what_the_judge_cites_from_memory_is_not_shown(
    tmp_path: Path, scripted: ServerFactory, source: str
) -> None:
    server = scripted(answering(quote_falls, reason=f"It agrees with {source} on walls."))
    async with chatting(tmp_path, server) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf(all_passages())))
    (citation,) = literature.citations
    assert source not in str(citation.reason)
    assert "unverified" in str(citation.reason)


async def test_a_quote_is_shown_in_the_passages_own_words(tmp_path: Path, scripted: ServerFactory) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> str:
        seen.append(request)
        key = quote_falls(request)[0]["passage"]
        looks = "the residual  resistivity falls by 12% when density of wall doubles"
        return answering(lambda _: [{"passage": key, "quote": looks}])(request)

    async with chatting(tmp_path, scripted(answer)) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf(all_passages())))
    (citation,) = literature.citations
    assert citation.quote in (FALLS, FALLS.removesuffix("."))
    assert citation.quote in seen[-1].text


async def test_no_query_crowds_out_another(tmp_path: Path, scripted: ServerFactory) -> None:
    def sources(query: str, _limit: int) -> Found:
        works = [
            make_work(title=query, id=f"{query} {n}", abstract=f"{query} {n} of many")
            for n in range(MOST_COMPARED)
        ]
        return Found(works, [])

    wanted = SurveyQuery(queries=["first", "second", "third"], statement="third")
    survey = Surveyor(make_context(None, sources)).run(wanted)
    assert {near.work.title for near in survey.nearest} == {"third"}
    assert (survey.found, survey.compared) == (3 * MOST_COMPARED, MOST_COMPARED)


async def test_the_judge_sees_claim_and_quote_and_not_who_quoted(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> str:
        seen.append(request)
        return answering(quote_falls)(request)

    async with chatting(tmp_path, scripted(answer)) as chat:
        await consult(chat, tmp_path, make_context(Shelf(all_passages())))
    judged = seen[-1].text
    assert FALLS in judged
    assert "Resistivity of a polydomain film" in judged
    assert "p01" not in judged
    assert QUESTION not in judged


async def test_the_question_the_claim_and_planned_queries_are_searched_once_each(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    shelf, services = Shelf(all_passages()), Services(all_works())
    planned = [
        Evidence(source="literature_search 1", inputs={"query": "bismuth ferrite walls", "within": None}),
        Evidence(source="literature_search 1", inputs={"query": QUESTION.upper(), "within": None}),
        Evidence(source="calculator 1", inputs={"expression": "1 eV", "unit": None}),
    ]
    async with chatting(tmp_path, scripted(answering(quote_falls))) as chat:
        literature = await consult(chat, tmp_path, make_context(shelf, services), evidence=planned)
    asked = [query for query, _ in shelf.asked]
    assert len(asked) == len(set(map(str.casefold, asked))) == 3
    assert asked[1].startswith("polydomain BiFeO3 film domain-wall density")
    assert asked[2] == "bismuth ferrite walls"
    assert asked[0].casefold() == QUESTION.casefold()
    assert services.asked == asked
    assert {search.source for search in literature.searches} == {"library", "arxiv", "openalex"}


async def test_a_resume_and_a_replay_search_and_ask_nothing_again(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    server, shelf = scripted(answering(quote_falls)), Shelf(all_passages())
    async with chatting(tmp_path, server) as chat:
        first = await consult(chat, tmp_path, make_context(shelf))
    asked, paid = len(shelf.asked), server.delivered.total()
    async with chatting(tmp_path, server) as chat:
        assert await consult(chat, tmp_path, make_context(shelf)) == first
    async with chatting(tmp_path, server, replay=True) as chat:
        again = await consult(chat, tmp_path, ToolContext(), replay=True)
    assert again.model_dump_json() == first.model_dump_json()
    assert (len(shelf.asked), server.delivered.total()) == (asked, paid)


async def test_a_replay_without_the_record_says_so(tmp_path: Path, scripted: ServerFactory) -> None:
    async with chatting(tmp_path, scripted(answering(quote_falls))) as chat:
        with pytest.raises(ReplayMiss, match=r"evidence\.jsonl"):
            await consult(chat, tmp_path, ToolContext(), replay=True)


async def test_the_nearest_prior_work_comes_first_and_each_work_once(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    works = [*all_works(), make_work(1, source="crossref", id="x", doi="10.1000/walls")]
    async with chatting(tmp_path, scripted(answering(quote_falls))) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf(all_passages()), Services(works)))
    likeness = [near.likeness for near in literature.nearest]
    assert likeness == sorted(likeness, reverse=True)
    assert sorted(near.work.title for near in literature.nearest) == sorted(title for title, _ in ABSTRACTS)


async def test_a_library_that_fails_is_named_and_the_sources_go_on(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    shelf = Shelf([], LibraryBusy("another process holds it"))
    async with chatting(tmp_path, scripted(answering(quote_falls))) as chat:
        literature = await consult(chat, tmp_path, make_context(shelf, Services(all_works())))
    assert literature.citations
    assert "library (another process holds it)" in literature.novelty
    assert "openalex (too many requests (429))" in literature.novelty


async def test_an_embedder_that_cannot_be_had_is_a_gap_and_no_end(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    async with chatting(tmp_path, scripted(answering(quote_falls))) as chat:
        literature = await consult(chat, tmp_path, ToolContext(library=Shelf(all_passages())))
    assert literature.gap == "the embedding model is not loaded here"
    assert "nothing can be said of novelty" in literature.novelty


async def test_unreadable_answers_leave_passages_and_a_gap(tmp_path: Path, scripted: ServerFactory) -> None:
    async with chatting(tmp_path, scripted(lambda _: "no JSON")) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf(all_passages())))
    assert literature.passages
    assert not literature.citations
    assert str(literature.gap).startswith("no quotations: no readable answer")


async def test_a_stance_that_cannot_be_read_is_null(tmp_path: Path, scripted: ServerFactory) -> None:
    async with chatting(tmp_path, scripted(answering(quote_falls, "perhaps"))) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf(all_passages())))
    (citation,) = literature.citations
    assert (citation.stance, citation.judge, citation.reason) == (None, None, None)


async def test_with_nothing_found_nobody_is_asked(tmp_path: Path, scripted: ServerFactory) -> None:
    server = scripted(answering(quote_falls))
    async with chatting(tmp_path, server) as chat:
        literature = await consult(chat, tmp_path, make_context(Shelf([])))
    assert not server.requests
    assert "no sign of novelty" in literature.novelty
