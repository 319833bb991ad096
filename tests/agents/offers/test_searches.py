"""Searches that a model may plan: what they give, and what they say when they cannot."""

from pathlib import Path

import pytest

import physh
from agents.offers.concepts import ConceptSearch, Topic
from agents.offers.literature import SHOWN, LiteratureSearch, Looking
from agents.tool_context import ToolContext
from retrieval.errors import LibraryBusy
from tests.agents.literature.shelf import Services, Shelf, WordEmbedder, all_passages, all_works, make_context
from tools import ToolError


def looking(query: str = "walls", within: str | None = None) -> Looking:
    return Looking(query=query, within=within)


def test_passages_come_with_keys_and_what_was_asked() -> None:
    found = LiteratureSearch(make_context(Shelf(all_passages()), Services(all_works()))).run(looking())
    assert found.excerpts[0].passage == all_passages()[0].key
    assert all(len(excerpt.begins) <= SHOWN for excerpt in found.excerpts)
    assert [(s.source, s.error) for s in found.searches] == [
        ("library", None),
        ("arxiv", None),
        ("openalex", "too many requests (429)"),
    ]


def test_that_no_source_can_be_searched_is_an_error() -> None:
    shelf = Shelf([], LibraryBusy("another process holds it"))
    with pytest.raises(ToolError, match="library: another process holds it"):
        LiteratureSearch(make_context(shelf)).run(looking())


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> physh.Ontology:
    return physh.load(cache=tmp_path_factory.mktemp("cache"))


def test_a_discipline_or_facet_limits_the_library(ontology: physh.Ontology) -> None:
    shelf = Shelf(all_passages())
    search = LiteratureSearch(ToolContext(ontology=ontology, library=shelf))
    search.run(looking(within="Fluid Dynamics"))
    search.run(looking(within="physical systems"))
    search.run(looking())
    fluid, systems, everything = (concepts for _, concepts in shelf.asked)
    assert fluid
    assert systems
    assert everything is None
    uri = ontology.discipline("Fluid Dynamics").uri
    assert all(uri in ontology.concepts[concept].disciplines for concept in fluid)


def test_an_unknown_discipline_limits_nothing_and_says_so(ontology: physh.Ontology) -> None:
    shelf = Shelf(all_passages())
    found = LiteratureSearch(ToolContext(ontology=ontology, library=shelf)).run(looking(within="Alchemy"))
    assert found.note == "'Alchemy' is no discipline and no facet of PhySH: all was searched"
    assert found.excerpts
    assert [concepts for _, concepts in shelf.asked] == [None]


def test_concepts_come_with_their_uris(ontology: physh.Ontology, tmp_path: Path) -> None:
    router = physh.Router(ontology, WordEmbedder(), tmp_path)
    found = ConceptSearch(ToolContext(ontology=ontology, router=router)).run(Topic(topic="turbulence"))
    assert "Turbulence" in {concept.label for concept in found.concepts}
    assert all(concept.uri in ontology.concepts for concept in found.concepts)
    assert found.release == ontology.release


def test_a_topic_without_words_is_an_error(ontology: physh.Ontology, tmp_path: Path) -> None:
    router = physh.Router(ontology, WordEmbedder(), tmp_path)
    with pytest.raises(ToolError, match="has no word in it"):
        ConceptSearch(ToolContext(ontology=ontology, router=router)).run(Topic(topic="?!"))
