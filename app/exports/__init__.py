"""Report formats: one file each, listed in EXPORTERS or FORMATS. A new format is a file and a line here."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.schema import Report
from app.exports import bibliography, croissant, html, markdown, serialization
from app.exports.figures import files_of_tests

__all__ = ["EXPORTERS", "FORMATS", "Exporter", "render_all"]


@dataclass(frozen=True)
class Exporter:
    """A format. `render` gives the same text for the same report, always."""

    name: str
    title: str
    suffix: str
    media_type: str
    render: Callable[[Report], str]


PROBLEMS = "application/vnd.hypothesis-finder.problems+json"  # JSON-LD beside the report's own

EXPORTERS = (
    Exporter("json", "JSON", ".json", "application/json", serialization.render_json),
    Exporter("markdown", "Markdown", ".md", "text/markdown", markdown.render),
    Exporter("turtle", "Turtle", ".ttl", "text/turtle", serialization.render_turtle),
    Exporter("bibtex", "BibTeX", ".bib", "application/x-bibtex", bibliography.render_bibtex),
    Exporter("ris", "RIS", ".ris", "application/x-research-info-systems", bibliography.render_ris),
)
"""Written to the folder of every run."""

FORMATS = (
    *EXPORTERS,
    Exporter("json-ld", "JSON-LD", ".jsonld", "application/ld+json", serialization.render_json_ld),
    Exporter("html", "HTML", ".html", "text/html", html.render),
    Exporter("croissant", "Problem cards", ".problems.jsonld", PROBLEMS, croissant.render),
)
"""What REST, MCP and the page give: these, and what is made when it is asked for."""


def render_all(report: Report) -> dict[str, str]:
    """File name to content, for the run's folder: the report's formats, and a figure for every test."""
    formats = {f"report{exporter.suffix}": exporter.render(report) for exporter in EXPORTERS}
    return formats | files_of_tests(report)
