"""The report as RDF in Turtle. The vocabulary is described in docs/exports.md."""

from agents.schema import Report


def render(report: Report) -> str:
    from app.exports.graph import build_graph

    return build_graph(report).serialize(format="turtle")
