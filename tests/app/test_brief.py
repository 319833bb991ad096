"""A report in brief: what a person needs at the terminal, on little more than one screen."""

from collections.abc import Callable

import pytest

from agents.schema import Check, Report
from app.cli.brief import write_brief
from app.examples import list_examples, load_example
from tests.app.reports import make_report
from tests.app.tested import make_drafted_report, make_kondo, make_tested_report


def brief(report: Report, width: int = 110) -> list[str]:
    return [line.text for line in write_brief(report, width)]


@pytest.mark.parametrize("name", [one.name for one in list_examples()])
@pytest.mark.parametrize("width", [80, 110])
def test_it_is_short(name: str, width: int) -> None:
    lines = brief(load_example(name), width)
    assert len(lines) <= 60
    assert max(map(len, lines)) <= width


def test_each_hypothesis_is_told_with_verdict_score_and_next_step() -> None:
    text = "\n".join(brief(load_example("multiscale-conductor")))
    assert text.startswith("How can one model properties")
    assert "representation  Electrons on a strip" in text
    assert "verdict         survived by Anderson model of a disordered wire (band_anderson)" in text
    assert "score           88.5 of 100: rules 90.0, reviewers 75.0 (qwen2.5-coder-1.5b)" in text
    assert "next step       Measure the conductance" in text, "the run has taken the other steps"
    assert "2 more in the report" in text


def test_a_formula_and_a_contradiction_are_told() -> None:
    report = load_example("dilute-magnetic-alloy")
    wrong = Check(name="as textbooks say", mark=0, how="against: resistivity rises (A Book)", of="physics")
    first = make_kondo().model_copy(update={"checks": [wrong]})
    text = "\n".join(brief(report.model_copy(update={"hypotheses": [first]})))
    assert "⚠               textbooks say otherwise: resistivity rises\n" in text
    assert "This tests the" in text


@pytest.mark.parametrize("make", [make_report, make_tested_report, make_drafted_report])
@pytest.mark.parametrize("width", [10, 40, 110])
def test_any_report_can_be_told_at_any_width(make: Callable[[], Report], width: int) -> None:
    assert brief(make(), width)


def test_a_run_without_a_hypothesis_says_why() -> None:
    report = make_report().model_copy(update={"hypotheses": [], "notes": []})
    assert "no hypothesis from Computational Physicist: 3 unreadable answers" in brief(report)
