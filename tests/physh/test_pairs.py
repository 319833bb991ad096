"""Features of pairs, on the embedded release with an embedder that knows words only."""

import numpy as np
import pytest

import physh
from physh.source import EMBEDDED
from tests.physh.conftest import HashingEmbedder


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> physh.Ontology:
    return physh.load(EMBEDDED, cache=tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module")
def router(ontology: physh.Ontology, tmp_path_factory: pytest.TempPathFactory) -> physh.Router:
    return physh.Router(ontology, HashingEmbedder(), tmp_path_factory.mktemp("vectors"))


def test_a_structure_draws_a_method_to_problems_of_its_words(
    ontology: physh.Ontology, router: physh.Router
) -> None:
    told = "chaos waves networks"
    plain = physh.PairFeatures(ontology, router, {})
    drawn = physh.PairFeatures(ontology, router, {"Monte Carlo methods": told})
    method = ontology.concept("Monte Carlo methods").uri
    targets = [ontology.concept(name).uri for name in ("Chaos", "Superconductors", "Traffic", "Earthquakes")]
    others = [method, ontology.concept("Cellular automata").uri]
    before, after = (f.structural(others, targets) for f in (plain, drawn))
    assert after[0, 0] - after[0, 1] > before[0, 0] - before[0, 1]
    assert after.shape == before.shape == (2, 4)
    assert np.isfinite(after).all()


def test_what_is_below_a_concept_takes_its_structure(ontology: physh.Ontology, router: physh.Router) -> None:
    above = next(c for c in ontology.concepts.values() if c.narrower and not c.deprecated)
    below = ontology.concepts[above.narrower[0]]
    targets = [ontology.concept(name).uri for name in ("Chaos", "Superconductors")]
    plain, drawn = (
        physh.PairFeatures(ontology, router, told) for told in ({}, {above.label: "chaos chaos chaos"})
    )
    change = drawn.structural([below.uri], targets) - plain.structural([below.uri], targets)
    assert change[0, 0] > change[0, 1]


def test_semantic_likeness_is_a_cosine(ontology: physh.Ontology, router: physh.Router) -> None:
    features = physh.PairFeatures(ontology, router, {})
    uris = [ontology.concept(name).uri for name in ("Chaos", "Superconductors")]
    cosines = features.semantic(uris, uris)
    assert np.allclose(np.diag(cosines), 1, atol=1e-4)
    assert np.allclose(cosines, cosines.T)


def test_distances_are_steps_and_the_same_both_ways(ontology: physh.Ontology) -> None:
    distances = physh.ConceptDistances(ontology)
    child = next(c for c in ontology.concepts.values() if c.broader)
    parent = child.broader[0]
    assert distances.between(child.uri, child.uri) == 0
    assert distances.between(child.uri, parent) == distances.between(parent, child.uri) == 1
    assert distances.between(child.uri, "https://doi.org/10.29172/none") == -1
    chosen = [ontology.concept(name).uri for name in ("Chaos", "Superconductors", "Traffic", "Earthquakes")]
    for one in chosen:
        for other in chosen:
            assert (
                distances.between(one, other)
                == distances.between(other, one)
                == _slowly(ontology, one, other)
            )


def _slowly(ontology: physh.Ontology, one: str, other: str) -> int:
    """By plain breadth-first search over the same links."""
    links: dict[str, set[str]] = {}
    for c in ontology.concepts.values():
        near = {*c.broader, *c.narrower, *c.related} | (set() if c.broader else set(c.disciplines))
        for uri in near:
            links.setdefault(c.uri, set()).add(uri)
            links.setdefault(uri, set()).add(c.uri)
    seen, layer, steps = {one}, {one}, 0
    while layer and other not in layer:
        layer = {uri for here in layer for uri in links.get(here, ())} - seen
        seen |= layer
        steps += 1
    return steps if layer else -1
