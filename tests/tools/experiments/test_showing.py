"""A result as a picture and as JSON-LD."""

import json

import pytest
from rdflib import Graph, URIRef

from tests.tools.experiments.test_deciding import run
from tests.tools.experiments.toys import Toy
from tools.experiments.deciding import outside
from tools.experiments.figure import describe, draw
from tools.experiments.provenance import to_jsonld
from tools.experiments.running import ExperimentRunner
from tools.experiments.schema import ExperimentResult, Relation


@pytest.fixture(scope="module")
def result() -> ExperimentResult:
    with ExperimentRunner() as runner:
        return run(runner, Toy("line", noise=0.1), Relation.RISES)


@pytest.mark.parametrize("relation", list(Relation))
def test_every_relation_can_be_drawn(relation: Relation) -> None:
    with ExperimentRunner() as runner:
        drawn = draw(run(runner, Toy("line"), relation))
    assert drawn.startswith(b"\x89PNG")


@pytest.mark.parametrize("exponent", [500.0, -500.0])
def test_a_claimed_power_beyond_all_numbers_is_drawn(exponent: float) -> None:
    with ExperimentRunner() as runner:
        result = run(runner, Toy("line"), Relation.SCALES, exponent=exponent)
    assert draw(result).startswith(b"\x89PNG")


def test_the_same_result_gives_the_same_picture(result: ExperimentResult) -> None:
    first, again = (draw(result, "svg") for _ in range(2))
    assert first == again
    assert b"SURVIVED" in first


def test_what_was_not_measured_is_not_drawn() -> None:
    nothing = outside("too hot", "a colder instrument")
    with pytest.raises(ValueError, match="nothing was measured"):
        draw(nothing)
    assert describe(nothing) == "too hot"


def test_the_picture_is_told_in_words(result: ExperimentResult) -> None:
    words = describe(result)
    assert "strength (mW) against width (cm)" in words
    assert "Verdict: survived" in words


def test_the_jsonld_is_rdf_with_plan_activity_and_observations(result: ExperimentResult) -> None:
    graph = Graph()
    graph.parse(data=json.dumps(to_jsonld(result, Toy())), format="json-ld")
    prov, sosa = "http://www.w3.org/ns/prov#", "http://www.w3.org/ns/sosa/"
    rdf = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert len(list(graph.subjects(rdf, URIRef(f"{sosa}Observation")))) == len(result.points)
    (plan,) = graph.subjects(rdf, URIRef(f"{prov}Plan"))
    assert str(plan) == f"urn:sha256:{result.key}"
    assert list(graph.subjects(URIRef(f"{prov}used"), plan))
