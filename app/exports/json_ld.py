"""The report as RDF in JSON-LD."""

from agents.schema import Report


def render(report: Report) -> str:
    from app.exports.graph import build_graph

    return build_graph(report).serialize(format="json-ld", auto_compact=True, indent=2)
