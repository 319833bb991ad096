"""What holds for the release that ships."""

import pytest

import physh


def test_every_discipline_with_content_is_there(ontology: physh.Ontology) -> None:
    labels = [discipline.label for discipline in ontology.disciplines]
    assert len(labels) == 17
    assert "APS Taxonomy" not in labels, "the root is no discipline"
    assert "General Physics" not in labels, "deprecated, without content"
    assert ontology.discipline("general physics").deprecated
    assert len(ontology.facets) == 9


def test_every_concept_in_use_is_reached_from_its_disciplines(ontology: physh.Ontology) -> None:
    members = {d.uri: {c.uri for c in ontology.members(d.uri)} for d in ontology.disciplines}
    for concept in ontology.concepts.values():
        if not concept.deprecated:
            homes = {uri for uri, found in members.items() if concept.uri in found}
            assert homes
            assert homes == set(concept.disciplines), concept.label


def test_members_of_all_facets_are_the_members(ontology: physh.Ontology) -> None:
    for discipline in ontology.disciplines:
        parts = {c.uri for f in discipline.facets for c in ontology.members(discipline.uri, f)}
        assert parts == {concept.uri for concept in ontology.members(discipline.uri)}


def test_a_facet_holds_its_narrower_facets(ontology: physh.Ontology) -> None:
    techniques = {c.uri for c in ontology.members("Fluid Dynamics", "Techniques")}
    computational = {c.uri for c in ontology.members("Fluid Dynamics", "Computational Techniques")}
    assert computational
    assert computational < techniques


def test_nothing_is_broader_than_itself(ontology: physh.Ontology) -> None:
    for uri in ontology.concepts:
        assert uri not in {concept.uri for concept in ontology.ancestors(uri)}


def test_links_have_their_inverse(ontology: physh.Ontology) -> None:
    for uri, concept in ontology.concepts.items():
        assert all(uri in ontology.concepts[above].narrower for above in concept.broader)
        assert all(uri in ontology.concepts[below].broader for below in concept.narrower)
        assert all(uri in ontology.concepts[other].related for other in concept.related)


def test_ancestors_come_nearest_first(ontology: physh.Ontology) -> None:
    concept = ontology.concept("Superfluid density")
    above = ontology.ancestors(concept.uri)
    assert {found.uri for found in above[: len(concept.broader)]} == set(concept.broader)


def test_a_concept_is_found_by_each_of_its_names(ontology: physh.Ontology) -> None:
    for concept in list(ontology.concepts.values())[::20]:
        assert ontology.concept(concept.uri) is concept
        assert ontology.concept(f"  {concept.label.upper()} ") is concept
    assert ontology.concept("qft").label == "Quantum field theory"


def test_an_unknown_name_is_answered_with_near_ones(ontology: physh.Ontology) -> None:
    with pytest.raises(physh.UnknownConcept, match="'superconductivity'"):
        ontology.concept("superconductivty")
    with pytest.raises(physh.UnknownConcept, match="no discipline 'Alchemy'"):
        ontology.discipline("Alchemy")
    with pytest.raises(physh.UnknownConcept, match="no facet"):
        ontology.members("Fluid Dynamics", "Colours")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("turbulence", "Turbulence"),
        ("QFT", "Quantum field theory"),
        ("supercondctivity", "Superconductivity"),
        ("rayleigh-benard", "Rayleigh-Bénard convection"),
        ("alchemy", None),
    ],
)
def test_search_finds_by_name(ontology: physh.Ontology, text: str, first: str | None) -> None:
    found = ontology.search(text, 5)
    assert [concept.label for concept in found[:1]] == ([first] if first else [])


@pytest.mark.parametrize("text", ["", "   ", "\0\n", "x" * 1_000_000, "%%%"])
def test_search_survives_any_text(ontology: physh.Ontology, text: str) -> None:
    assert ontology.search(text, 5) == []


def test_search_gives_each_concept_once_and_no_deprecated(ontology: physh.Ontology) -> None:
    found = ontology.search("magnet", 500)
    assert len(found) == len(set(found)) > 5
    assert not any(concept.deprecated for concept in found)


def test_the_release_is_read_whole(ontology: physh.Ontology) -> None:
    concepts = ontology.concepts.values()
    assert ontology.triples == 23_590
    assert len(concepts) == 3_838
    assert sum(len(concept.alt_labels) for concept in concepts) == 608
    assert sum(concept.deprecated for concept in concepts) == 8
    assert sum(not concept.broader for concept in concepts) == 459
    assert sum(len(concept.broader) > 1 for concept in concepts) == 230
