"""The report as JSON, after the published schema docs/report.schema.json."""

from agents.schema import Report


def render(report: Report) -> str:
    return report.model_dump_json(indent=2) + "\n"
