import os
import subprocess
import sys
from decimal import Decimal

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, PROV, RDF, Graph, Literal

from agents.schema import Report
from app.exports.graph import build_graph
from app.exports.serialization import render_turtle
from app.exports.triples import HF
from tests.app.reports import PHYSH, make_report, poison

WORTH_READING = """
    SELECT ?role ?score ?broad ?narrow ?hash ?question WHERE {
        ?hypothesis a hf:Hypothesis ; hf:score ?score ; hf:perspective ?perspective ;
            prov:wasGeneratedBy ?call ; prov:wasDerivedFrom/hf:text ?question .
        ?perspective hf:role ?role ; hf:broad ?broad ; hf:narrow ?narrow .
        ?call hf:promptSha256 ?hash ; hf:step "propose" .
        FILTER (?score > 50)
    }
"""


def read(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def test_a_query_finds_the_good_hypotheses_and_the_prompts_that_made_them() -> None:
    rows = list(read(render_turtle(make_report())).query(WORTH_READING, initNs={"hf": HF, "prov": PROV}))
    assert [[str(value) for value in row] for row in rows if not isinstance(row, bool)] == [
        [
            "Computational Physicist",
            "70.0",
            f"{PHYSH}d1",
            f"{PHYSH}c1",
            "ef" * 32,
            "How can magnetic resistivity be modelled across scales?",
        ]
    ]


def test_who_answered_is_a_software_agent_and_a_scripted_one_says_so() -> None:
    rows = read(render_turtle(make_report())).query(
        "SELECT DISTINCT ?agent ?scripted WHERE { ?review a hf:Review ; prov:wasGeneratedBy ?call ."
        " ?call prov:wasAssociatedWith ?agent ; prov:endedAtTime ?at ."
        " ?agent a prov:SoftwareAgent ; hf:scripted ?scripted }",
        initNs={"hf": HF, "prov": PROV},
    )
    assert [bool(row[1]) for row in rows if not isinstance(row, bool)] == [True]


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), min_size=1))
def test_any_text_is_read_back_as_it_was(texts: list[str]) -> None:
    report = poison(make_report(), texts)
    text = render_turtle(report)
    assert set(read(text)) == set(build_graph(report))
    assert len(list(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE))) == len(read(text))


def test_nothing_is_blank_and_every_hypothesis_belongs_to_the_report() -> None:
    graph = read(render_turtle(make_report()))
    report = graph.value(predicate=RDF.type, object=HF.Report)
    parts = set(graph.subjects(DCTERMS.isPartOf, report))
    assert len(parts & set(graph.subjects(RDF.type, HF.Hypothesis))) == 3, "two, and a near-duplicate"
    assert all(node.n3().startswith("<") for node in graph.subjects())


def test_small_and_large_numbers_stay_exact_decimals() -> None:
    data = make_report().model_dump()
    data["hypotheses"][0]["score"]["spread"] = 1e-7
    graph = read(render_turtle(Report.model_validate(data)))
    spread = next(graph.objects(predicate=HF.scoreSpread))
    assert isinstance(spread, Literal)
    assert spread.value == Decimal("1e-7")


def test_the_same_report_gives_the_same_bytes_in_another_process() -> None:
    code = "import app.exports, tests.app.reports as t; print(app.exports.render_all(t.make_report()))"
    outputs = {
        subprocess.run(  # noqa: S603  our own interpreter and code
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_atlas_is_named_and_what_it_joins_is_told() -> None:
    graph = read(render_turtle(make_report()))
    atlas = next(graph.objects(predicate=HF.atlas))
    assert graph.value(atlas, DCTERMS.identifier) == Literal(f"sha256:{'cd' * 32}")
    joined = next(graph.subjects(RDF.type, HF.Joined))
    assert {str(uri).rsplit("/", 1)[-1] for uri in graph.objects(joined, HF.concept)} == {"c7", "c8"}
    assert graph.value(joined, HF.firstYear) == Literal(1998)
