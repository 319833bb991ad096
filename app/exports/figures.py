"""Files beside a report, for every test that measured something: its figure, and JSON-LD with PROV."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.schema import ClaimTest, Report

if TYPE_CHECKING:
    from tools.experiments.schema import ExperimentResult


def files_of_tests(report: Report) -> dict[str, str]:
    """File name to content. The same report gives the same bytes."""
    from tools.experiments.figure import draw
    from tools.experiments.provenance import to_jsonld

    files: dict[str, str] = {}
    for test in _measured(report):
        files[figure_name(test)] = draw(test.result, "svg").decode()
        described = json.dumps(to_jsonld(test.result), indent=2, ensure_ascii=False)
        files[f"{_stem(test)}.jsonld"] = f"{described}\n"
    return files


def has_figure(result: "ExperimentResult") -> bool:
    return result.experiment is not None and any(point.value is not None for point in result.points)


def figure_name(test: ClaimTest) -> str:
    """`test-p01-c1-revised.svg`"""
    return f"{_stem(test)}.svg"


def _stem(test: ClaimTest) -> str:
    return f"test-{test.key.replace('/', '-')}"


def _measured(report: Report) -> Iterator[ClaimTest]:
    for hypothesis in (*report.hypotheses, *report.merged):
        yield from (test for test in hypothesis.attempts if has_figure(test.result))
