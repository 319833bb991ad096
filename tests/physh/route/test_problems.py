"""Known problems are found by meaning, by rare words and by the literature, and name concepts that exist."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import physh
from agents.data_files import operations
from agents.perspectives.far import operation_texts
from physh import Router
from physh.route import texts
from physh.route.problems import FOLDER, problem_texts, read_known
from physh.route.vectors import SHIPPED, key_of, pack, unpack
from physh.source import EMBEDDED
from retrieval.embeddings import MiniLM, load_embedder

EVERYTHING = 10_000


@pytest.fixture(scope="module")
def files() -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]


@pytest.fixture(scope="module")
def router(cache: Path) -> Router:
    return Router(physh.load(cache=cache), load_embedder(cache), cache)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why does a drop of water hover on a very hot plate?", "hot plate"),
        ("How can sudden bursts at the edge of a tokamak be tamed?", "edge bursts"),
        ("How does a motor protein walk along a filament?", "molecular motors"),
    ],
)
def test_a_question_in_other_words_finds_its_problem(router: Router, question: str, words: str) -> None:
    (problem, sure), *_ = router.problems(question)
    assert words in problem.text
    assert sure > 0.3


def test_what_is_no_physics_is_surely_no_known_problem(router: Router) -> None:
    assert router.problems("Which cake did my aunt bake on Sunday?", 1)[0][1] < 0.3


def test_concepts_of_problems_are_in_use(router: Router) -> None:
    known = {concept.uri for concept in router.concepts}
    problems = [problem for problem, _ in router.problems("x", EVERYTHING)]
    assert len({problem.text for problem in problems}) == len(problems)
    assert all(known.issuperset((*p.about, *p.works)) for p in problems)


def test_each_discipline_with_concepts_has_a_file(
    ontology: physh.Ontology, files: list[dict[str, Any]]
) -> None:
    used = {uri for concept in ontology.concepts.values() for uri in concept.disciplines}
    assert [file["in"] for file in files] == sorted(d.label for d in ontology.disciplines if d.uri in used)
    assert sum(len(file["problems"]) for file in files) > 1300


def test_every_name_in_the_problems_is_physh_s(ontology: physh.Ontology, files: list[dict[str, Any]]) -> None:
    labels = {concept.label for concept in ontology.concepts.values() if not concept.deprecated}
    for problem in (problem for file in files for problem in file["problems"]):
        assert labels.issuperset(problem["about"].split("; ")), problem["say"]
        assert labels.issuperset(problem["with"].split("; ")), problem["say"]
        assert operations().keys() >= set(problem["needs"].split(", ")), problem["say"]


def test_a_far_method_is_at_home_elsewhere(ontology: physh.Ontology, files: list[dict[str, Any]]) -> None:
    homes = {discipline.label: discipline.uri for discipline in ontology.disciplines}
    for file in files:
        for problem in file["problems"]:
            for line in problem.get("far", ()):
                label, discipline, says = line.split(" | ")
                assert discipline != file["in"], problem["say"]
                assert homes[discipline] in ontology.concept(label).disciplines, problem["say"]
                there, _, here = says.partition("; here ")
                assert min(len(there), len(here)) > 20, says


@pytest.mark.slow
def test_no_far_method_is_named_for_too_many_problems(files: list[dict[str, Any]]) -> None:
    named = Counter(
        line.split(" | ")[0]
        for file in files
        for problem in file["problems"]
        for line in problem.get("far", ())
    )
    assert named.total() > 4000
    assert named.most_common(1)[0][1] < 0.02 * named.total()


def test_a_known_problem_says_of_which_discipline_a_question_is(router: Router) -> None:
    route = router.route("Why do fireflies in a forest flash together?")
    assert route.disciplines[0].label == "Physics of Living Systems"


def test_vectors_of_the_problems_and_of_physh_ship_as_they_are_now(tmp_path: Path) -> None:
    ontology = physh.load(EMBEDDED)
    concepts = [concept for concept in ontology.concepts.values() if not concept.deprecated]
    for listed in (
        problem_texts(read_known(tmp_path)),
        texts.collect(ontology, concepts, texts.load_glosses()).all,
        operation_texts(),
    ):
        path = SHIPPED / f"{key_of(MiniLM.name, listed)}.npy"
        assert path.exists(), "texts have changed: run `python -m bench.shipped_vectors`"
        assert np.load(path).shape == (len(listed), MiniLM.dimension)


def test_problems_are_read_once(tmp_path: Path) -> None:
    read = read_known(tmp_path)
    (kept,) = tmp_path.glob("problems-*")
    kept.write_bytes(kept.read_bytes().replace(b"Tokamaks", b"Tokomaks", 1))
    assert read_known(tmp_path) == read, "what was damaged is made again"
    assert read_known(tmp_path) == read, "and what was kept is the same"


def test_vectors_in_bytes_keep_their_cosines() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert np.abs(unpack(pack(rows)) @ rows.T - rows @ rows.T).max() < 0.01
