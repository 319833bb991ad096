"""Phrases of a hypothesis, read as concepts and looked up in the atlas that ships."""

from pathlib import Path

import pytest

import physh
from agents.literature.joining import Joiner, LinkQuery, say
from agents.literature.survey import LinksQuery, Surveyor
from agents.schema import AtlasLink
from agents.tool_context import ToolContext
from tests.agents.literature.shelf import WordEmbedder


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    cache: Path = tmp_path_factory.mktemp("cache")
    ontology = physh.load(cache=cache)
    router = physh.Router(ontology, WordEmbedder(), cache)
    return ToolContext(ontology=ontology, router=router, embedder=WordEmbedder)


@pytest.fixture(scope="module")
def joiner(context: ToolContext) -> Joiner:
    assert context.ontology
    assert context.router
    return Joiner(context.ontology, context.router)


def test_two_phrases_are_read_as_the_concepts_that_they_name(joiner: Joiner) -> None:
    found = joiner.join(
        LinkQuery(
            of="cause and response", first="rate of Monte Carlo simulation", second="nature of turbulence"
        )
    )
    assert found.first
    assert found.second
    assert (found.first.label, found.second.label) == ("Monte Carlo methods", "Turbulence")
    assert found.together > 1
    assert found.first_year
    assert found.is_looked_up
    assert 1986 <= found.first_year <= 2016
    assert all(work.arxiv for work in found.works)
    said = say(found, 154_054, 2016)
    assert said
    assert said.startswith("Monte Carlo methods and Turbulence stand together in ")


def test_a_phrase_that_names_nothing_is_not_guessed(joiner: Joiner) -> None:
    found = joiner.join(LinkQuery(of="cause and response", first="turbulence", second="the price of eggs"))
    assert found.first
    assert found.second is None
    assert not found.is_looked_up
    assert say(found, 10, 2016) is None


def test_nothing_is_said_of_one_concept_and_itself(joiner: Joiner) -> None:
    found = joiner.join(LinkQuery(of="system and cause", first="turbulence", second="strength of turbulence"))
    assert not found.is_looked_up
    assert say(found, 10, 2016) is None


def test_a_framework_is_given_by_its_uri(joiner: Joiner, context: ToolContext) -> None:
    assert context.ontology
    uri = context.ontology.concept("Turbulence").uri
    found = joiner.join(LinkQuery(of="framework and system", first=uri, second="electron"))
    assert found.first
    assert found.first.uri == uri
    assert found.phrases[0] == "Turbulence"


def test_the_survey_tells_links_in_full_and_in_words(context: ToolContext) -> None:
    link = LinkQuery(of="cause and response", first="turbulence", second="Monte Carlo simulation")
    survey = Surveyor(context, joins=True).run(LinksQuery(queries=[], statement="x", links=[link]))
    assert [one.of for one in survey.joined] == ["cause and response"]
    assert "of 151,927 abstracts until 2016" in survey.known[0]


def test_what_older_runs_recorded_is_read_without_links() -> None:
    assert AtlasLink(of="x", phrases=("a", "b"), first=None, second=None).works == []
