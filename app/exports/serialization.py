"""The report as data for programs: JSON after docs/report.schema.json, and RDF as Turtle and JSON-LD.

The vocabulary is described in docs/exports.md.
"""

from agents.schema import Report


def render_json(report: Report) -> str:
    return report.model_dump_json(indent=2) + "\n"


def render_turtle(report: Report) -> str:
    from app.exports.graph import build_graph

    return build_graph(report).serialize(format="turtle")


def render_json_ld(report: Report) -> str:
    from app.exports.graph import build_graph

    return build_graph(report).serialize(format="json-ld", auto_compact=True, indent=2)
