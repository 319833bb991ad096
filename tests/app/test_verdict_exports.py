"""What a report says of its tests, in every format: verdict, number with interval and unit, plan, figure."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
from rdflib import Graph

from agents.schema import Report
from app.exports import render_all
from app.exports.figures import figure_name
from app.steps import from_report
from tests.app.reports import make_report
from tests.app.tested import make_drafted_report, make_tested_report

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report() -> Report:
    return make_tested_report()


def test_json_fits_the_published_schema_and_reads_back(report: Report) -> None:
    text = render_all(report)["report.json"]
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))
    assert Report.model_validate_json(text) == report


def test_markdown_tells_verdict_effect_plan_and_shows_the_figure(report: Report) -> None:
    files = render_all(report)
    text = files["report.md"]
    assert "**refuted**" in text
    assert "**survived**" in text
    assert "**untested**" in text
    assert "Measured: change over the range 5.709" in text
    assert "SHA-256" in text
    assert "It would take an instrument for it." in text
    linked = re.findall(r"^ +!\[.*\]\((test[^)]+)\)$", text, re.MULTILINE)
    assert linked == ["test-p01-c1.svg", "test-p01-c1-revised.svg"]
    assert set(linked) <= set(files)
    assert "\n# heading" not in text
    assert "\\<img" in text


def test_figures_are_pictures_and_the_same_each_time(report: Report) -> None:
    first, again = render_all(report), render_all(report)
    names = [figure_name(test) for test in report.hypotheses[0].tests]
    for name in names:
        assert first[name] == again[name]
        assert ET.fromstring(first[name]).tag.endswith("svg")  # noqa: S314 - our own
        assert "period" in first[name]


def test_the_experiment_is_linked_data(report: Report) -> None:
    files = render_all(report)
    graph = Graph().parse(data=files["report.ttl"], format="turtle")
    rows = graph.query(
        """
        PREFIX hf: <https://w3id.org/hypothesis-finder/ns#>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?verdict ?value ?unit ?instrument WHERE {
            ?test a hf:Test ; hf:verdict ?verdict ; hf:effect ?effect ; prov:wasGeneratedBy ?measuring ;
                prov:wasRevisionOf ?first .
            ?effect hf:value ?value ; hf:unit ?unit .
            ?measuring prov:used ?plan . ?plan hf:instrument ?instrument .
        }
        """
    )
    ((verdict, value, unit, instrument),) = [tuple(map(str, row)) for row in rows]  # type: ignore[arg-type]  # SELECT gives rows
    assert (verdict, unit, instrument) == ("survived", "s", "pendulum")
    assert float(value) == pytest.approx(5.709, rel=1e-3)
    described = json.loads(files["test-p01-c1.jsonld"])
    assert Graph().parse(data=json.dumps(described), format="json-ld")


def test_a_report_without_tests_has_no_more_files_than_before() -> None:
    assert set(render_all(make_report())) == {f"report.{s}" for s in ("json", "md", "ttl", "bib", "ris")}


def test_every_draft_is_told_with_its_verdict_and_no_foreign_markup() -> None:
    report = make_drafted_report()
    text = render_all(report)["report.md"]
    told = [line for line in text.splitlines() if line.startswith("- p01/d")]
    assert [line.partition(":")[0] for line in told] == ["- p01/d1", "- p01/d2 (written out)", "- p01/d3"]
    assert "Rules: 62. Test: refuted" in told[0]
    assert "Test: survived" in told[1]
    assert told[2].endswith("Test: not tested.")
    assert all("\\<img src=x\\> `![a](http://b)` \\|" in line for line in told), "as code or escaped"


def test_a_test_of_a_draft_that_was_not_written_out_is_exported_too() -> None:
    report = make_drafted_report()
    assert {"test-p01-d1.svg", "test-p01-d1.jsonld", "test-p01-d2.svg"} <= render_all(report).keys()
    said = {step.who: step.said for step in from_report(report).steps if step.step == "test"}
    assert said["p01/d1"].startswith("refuted")
    assert Report.model_validate_json(report.model_dump_json()) == report
