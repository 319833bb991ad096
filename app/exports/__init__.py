"""Report formats: one file each, listed in EXPORTERS. A new format is a file and a line here."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.schema import Report
from app.exports import bibtex, json_export, markdown, ris, turtle
from app.exports.figures import files_of_tests

__all__ = ["EXPORTERS", "Exporter", "render_all"]


@dataclass(frozen=True)
class Exporter:
    """A format. `render` gives the same text for the same report, always."""

    name: str
    suffix: str
    media_type: str
    render: Callable[[Report], str]


EXPORTERS = (
    Exporter("json", ".json", "application/json", json_export.render),
    Exporter("markdown", ".md", "text/markdown", markdown.render),
    Exporter("turtle", ".ttl", "text/turtle", turtle.render),
    Exporter("bibtex", ".bib", "application/x-bibtex", bibtex.render),
    Exporter("ris", ".ris", "application/x-research-info-systems", ris.render),
)


def render_all(report: Report) -> dict[str, str]:
    """File name to content, for the run's folder: the report's formats, and a figure for every test."""
    formats = {f"report{exporter.suffix}": exporter.render(report) for exporter in EXPORTERS}
    return formats | files_of_tests(report)
