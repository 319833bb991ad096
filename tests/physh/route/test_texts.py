"""Our descriptions belong to something, and say it in words of their own."""

import physh
from physh import words
from physh.route.texts import load_glosses


def test_disciplines_are_all_described(ontology: physh.Ontology) -> None:
    assert set(load_glosses().disciplines) == {discipline.label for discipline in ontology.disciplines}


def test_every_described_concept_exists_and_is_in_use(ontology: physh.Ontology) -> None:
    used = {concept.label for concept in ontology.concepts.values() if not concept.deprecated}
    assert set(load_glosses().concepts) <= used


def test_hundreds_of_concepts_are_described(ontology: physh.Ontology) -> None:
    described = set(load_glosses().concepts) & {concept.label for concept in ontology.concepts.values()}
    assert len(described) > 400


def test_no_description_is_the_label_again() -> None:
    for label, gloss in load_glosses().concepts.items():
        assert words.fold(gloss) != words.fold(label)
