"""What the router keeps to with any embedder, and what it finds with the real one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from platformdirs import user_cache_path

import physh
from retrieval.embeddings import MiniLM, load_embedder
from tests.physh.conftest import HashingEmbedder
from tests.physh.small import SMALL

CACHE = user_cache_path("hypothesis-finder", appauthor=False)


@pytest.fixture(scope="module")
def plain(ontology: physh.Ontology, kept: Path) -> physh.Router:
    return physh.Router(ontology, HashingEmbedder(), kept)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> physh.Router:
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.ttl").write_text(SMALL)
    return physh.Router(physh.load(folder / "small.ttl", cache=folder), HashingEmbedder(), folder)


def labels(found: Sequence[physh.RankedHeading]) -> list[str]:
    return [scored.label for scored in found]


# ---- with any embedder


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_text_is_routed_or_refused(plain: physh.Router, text: str) -> None:
    try:
        route = plain.route(text)
    except physh.RouteError:
        assert not any(c.isalnum() for c in text)
        return
    for found in (route.disciplines, route.concepts):
        scores = [scored.score for scored in found]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
    assert len(route.disciplines) == 17
    assert sum(scored.score for scored in route.disciplines) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("text", ["", "   ", "\0\x1b\n", "?!…"])
def test_a_text_without_a_word_is_refused(plain: physh.Router, text: str) -> None:
    with pytest.raises(physh.RouteError, match="no word"):
        plain.route(text)


def test_a_huge_text_and_lone_surrogates_are_read(plain: physh.Router) -> None:
    assert plain.route("turbulence " * 100_000).concepts
    assert labels(plain.route("turbulence \ud800").concepts)[0] == "Turbulence"


def test_limit_is_kept(plain: physh.Router) -> None:
    assert [len(plain.route("waves", limit).concepts) for limit in (0, 1, 30)] == [0, 1, 30]


def test_each_concept_is_found_by_its_own_names(ontology: physh.Ontology, plain: physh.Router) -> None:
    for concept in list(ontology.concepts.values())[::45]:
        for name in (concept.label, *concept.alt_labels):
            assert concept.label in labels(plain.route(name, 5).concepts), name


def test_the_deprecated_is_never_found(small: physh.Router) -> None:
    assert set(labels(small.route("old waves").concepts)) == {"Sea waves", "Waves"}
    with pytest.raises(physh.UnknownConcept):
        small.similar("waves", ["https://doi.org/10.29172/e"])


def test_deprecated_concepts_of_the_release_are_never_found(ontology: physh.Ontology, kept: Path) -> None:
    router = physh.Router(ontology, HashingEmbedder(), kept)
    for concept in ontology.concepts.values():
        if concept.deprecated:
            assert concept.label not in labels(router.route(concept.label, 50).concepts)


def test_kin_of_a_hit_is_drawn_up(small: physh.Router) -> None:
    assert small.route("sea").concepts[1].score > 0


def test_vectors_are_made_once(ontology: physh.Ontology, hashing: HashingEmbedder, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    router = physh.Router(ontology, hashing, tmp_path, lambda *report: heard.append(report))
    made = hashing.encoded
    assert made > len(ontology.concepts)
    ends = [(done, total) for _, done, total in heard if done == total]
    assert sum(done for done, _ in ends) == made  # of concepts, and of known problems
    first = router.route("waves in plasma")
    made = hashing.encoded
    second = physh.Router(ontology, hashing, tmp_path).route("waves in plasma")
    assert hashing.encoded == made + 1, "only the question was embedded"
    assert labels(second.concepts) == labels(first.concepts)


def test_damaged_vectors_are_made_again(
    ontology: physh.Ontology, hashing: HashingEmbedder, tmp_path: Path
) -> None:
    physh.Router(ontology, hashing, tmp_path)
    made = hashing.encoded
    for path in (tmp_path / "physh").glob("vectors-*"):
        path.write_bytes(path.read_bytes()[:-1])
    physh.Router(ontology, hashing, tmp_path)
    assert hashing.encoded == 2 * made


class Broken:
    name = "broken"

    def __init__(self, rows: object) -> None:
        self._rows = rows

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:  # noqa: ARG002 - that is what is broken
        return np.array(self._rows, dtype=np.float32)


@pytest.mark.parametrize("rows", [[], [[1.0, 0.0]], [1.0]])
def test_an_embedder_that_gives_other_shapes_is_named(
    ontology: physh.Ontology, tmp_path: Path, rows: object
) -> None:
    with pytest.raises(physh.RouteError, match="'broken' gave shape"):
        physh.Router(ontology, Broken(rows), tmp_path)


# ---- similar


def test_similar_gives_all_that_were_asked_best_first(ontology: physh.Ontology, plain: physh.Router) -> None:
    among = [concept.uri for concept in ontology.members("Fluid Dynamics")]
    found = plain.similar(ontology.concept("Plasma waves").uri, among)
    assert {scored.uri for scored in found} == set(among)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert plain.similar("waves", []) == []


def test_a_concept_is_most_similar_to_itself(ontology: physh.Ontology, plain: physh.Router) -> None:
    uris = [concept.uri for concept in ontology.concepts.values() if not concept.deprecated]
    for uri in uris[::100]:
        assert plain.similar(uri, uris)[0].score == pytest.approx(1, abs=1e-3)
        assert plain.similar(uri, [uri])[0].uri == uri


def test_an_unknown_uri_is_refused(ontology: physh.Ontology, plain: physh.Router) -> None:
    discipline = ontology.disciplines[0].uri
    for asked, among in ((discipline, []), ("waves", [discipline])):
        with pytest.raises(physh.UnknownConcept, match="no concept in use"):
            plain.similar(asked, among)


# ---- texts beside texts


def test_a_text_is_likened_to_others_whoever_asked_first(plain: physh.Router) -> None:
    others = ["the sand in a silo", "a laser drives electrons", "the sand in a silo flows"]
    found = plain.liken("sand in a silo", others)
    assert found == plain.liken("sand in a silo", others), "what was embedded once stays as it is"
    assert max(found) > 0.5 > found[1]
    assert plain.liken("sand in a silo", ["sand in a silo", "tea"])[0] == pytest.approx(1, abs=1e-3)
    assert plain.liken("sand", []) == []


def test_texts_that_were_remembered_are_not_embedded_when_likened(
    ontology: physh.Ontology, kept: Path, hashing: HashingEmbedder
) -> None:
    """A new start takes them from the cache, and gives the same answer."""
    others = ["sand in a pipe", "tea in a cup", "sand in a silo"]
    router = physh.Router(ontology, hashing, kept)
    router.remember(others)
    before = hashing.encoded
    router.remember(others[:2])
    assert hashing.encoded == before, "all are at hand"
    found = router.liken("sand in a silo", others)
    assert hashing.encoded == before + 1, "the text itself"
    assert found == pytest.approx(
        physh.Router(ontology, hashing, kept).liken("sand in a silo", others), abs=2e-3
    )

    again = HashingEmbedder()
    router = physh.Router(ontology, again, kept)
    before = again.encoded
    router.remember(others)
    assert again.encoded == before, "from the cache"
    assert router.liken("sand in a silo", others) == pytest.approx(found, abs=2e-3)


def test_one_more_text_has_all_of_them_remembered_anew(
    ontology: physh.Ontology, kept: Path, hashing: HashingEmbedder
) -> None:
    router = physh.Router(ontology, hashing, kept)
    router.remember([])
    router.remember(["a dune", "a wave"])
    router.remember(["a dune", "a wave", "a ripple of sand"])
    before = hashing.encoded
    likeness = router.liken("a ripple of sand", ["a dune", "a wave", "a ripple of sand"])
    assert hashing.encoded == before + 1
    assert max(likeness) == likeness[2] == pytest.approx(1, abs=1e-3)


def test_a_text_is_peculiarly_like_what_is_like_little_else(plain: physh.Router) -> None:
    name = "Kelvin-Helmholtz instability"
    assert plain.peculiar(name, [name])[0] > plain.peculiar("tea", [name])[0]
    assert plain.peculiar(name, []) == []


# ---- with the real embedder


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return load_embedder(CACHE)


@pytest.fixture(scope="module")
def real(ontology: physh.Ontology, embedder: MiniLM) -> physh.Router:
    return physh.Router(ontology, embedder, CACHE)


@pytest.mark.parametrize(
    ("text", "discipline", "concepts"),
    [
        ("Why do lithium batteries catch fire?", "Energy Science & Technology", {"Lithium batteries"}),
        (
            "What keeps neutron stars from collapsing?",
            "Gravitation, Cosmology & Astrophysics",
            {"Neutron stars & pulsars"},
        ),
        ("How do nerve cells encode time?", "Physics of Living Systems", {"Neuronal dynamics"}),
        (
            "Is entanglement lost in noisy channels?",
            "Quantum Information, Science & Technology",
            {"Quantum entanglement"},
        ),
        ("Why are sand dunes striped?", "Fluid Dynamics", {"Granular flows", "Granular materials"}),
        (
            "How do teachers find out what pupils believe?",
            "Physics Education Research",
            {"Epistemology, attitudes, & beliefs"},
        ),
        (
            "Where is the Ising universality class left?",
            "Statistical Physics & Thermodynamics",
            {"Ising model"},
        ),
    ],
)
def test_questions_find_their_field(
    real: physh.Router, text: str, discipline: str, concepts: set[str]
) -> None:
    route = real.route(text)
    assert discipline in labels(route.disciplines[:2])
    assert concepts & set(labels(route.concepts))


HONEY = "swimming bacteria stir a liquid as thick as honey"


def test_a_question_without_shared_words_is_routed(real: physh.Router) -> None:
    route = real.route(HONEY)
    assert route.disciplines[0].label == "Fluid Dynamics"
    found = set(labels(route.concepts))
    assert "Low Reynolds number flows" in found
    assert {"Living matter & active matter", "Microswimmers"} <= found


def test_a_concept_far_away_in_words_is_near_in_meaning(ontology: physh.Ontology, real: physh.Router) -> None:
    flows = [concept.uri for concept in ontology.members("Fluid Dynamics")]
    nearest = real.similar(ontology.concept("Plasma instabilities").uri, flows)[:5]
    assert "Kelvin-Helmholtz instability" in labels(nearest)
