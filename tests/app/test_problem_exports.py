"""Problem cards in Markdown, HTML and as linked data; reports of older runs have none."""

import json

from rdflib import Graph

from app.exports import croissant, html, markdown
from tests.app.reports import make_report as make_older
from tests.app.ui.samples import make_report


def test_markdown_has_the_five_with_their_gaps_and_the_data() -> None:
    text = markdown.render(make_report())
    assert "### 1.7 Problem card" in text
    for name in ("Kind of model", "Data set", "Figure of merit", "Physics intuition", "Data transformation"):
        assert f"- **{name}**" in text
    assert "*open:* How the data are split" in text
    assert "`hypofind data structures --formula MoS2" in text
    assert "Problem card" not in markdown.render(make_older())


def test_the_page_has_it_too() -> None:
    assert "Problem card</h3>" in html.render(make_report())


def test_linked_data_can_be_read_and_says_what_is_measured() -> None:
    text = croissant.render(make_report())
    graph = Graph().parse(data=text, format="json-ld")
    fields = list(
        graph.query(
            "PREFIX cr: <http://mlcommons.org/croissant/> PREFIX sc: <https://schema.org/>"
            "SELECT ?name ?unit WHERE { ?set cr:field ?field . ?field sc:name ?name "
            "OPTIONAL { ?field sc:unitText ?unit } }"
        )
    )
    assert {str(row[0]) for row in fields} == {"cause", "response"}  # type: ignore[index]  # a row
    (dataset,) = json.loads(text)["dataset"]
    assert {section["name"] for section in dataset["hf:section"]} >= {"data set", "figure of merit"}
    assert dataset["isBasedOn"]
    assert json.loads(croissant.render(make_older()))["dataset"] == []
    assert croissant.render(make_report()) == text
