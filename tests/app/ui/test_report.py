"""A report on the page, in the states that a run can end in."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from agents.schema import Report
from app.exports import FORMATS
from app.ui.parts.card import context
from tests.app.tested import make_tested_report
from tests.app.ui.samples import (
    make_failed_report,
    make_report,
    make_small_report,
    make_strings_report,
    tournament,
)

pytestmark = pytest.mark.slow

SECONDS = 60


def show(report: Report) -> AppTest:
    def script(report):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - its source is run elsewhere
        from app.ui.parts.report import show_report

        show_report(report)

    page = AppTest.from_function(script, args=(report,), default_timeout=SECONDS).run()
    assert not page.exception
    return page


@pytest.fixture(scope="module")
def full() -> AppTest:
    """Of a report that holds everything."""
    return show(make_report())


def words(page: AppTest) -> str:
    """All that is written, without what escaping adds."""
    kinds = (page.markdown, page.text, page.caption, page.header, page.subheader, page.warning, page.error)
    told = [element.value for kind in kinds for element in kind]
    labels = [part.label for part in page.expander] + [part.label for part in page.tabs]
    return "\n".join([*told, *labels]).replace("\\", "").replace("\N{WORD JOINER}", "")


def test_a_card_has_all_that_the_headline_example_has(full: AppTest) -> None:
    report = make_report()
    first = report.hypotheses[0]
    told = words(full)
    assert context(1, first) == "1. Computational Condensed Matter Physicist / Defects::Vacancies / 78.4"
    for text in (
        context(1, first),
        first.proposal.summary,
        first.perspective.role,
        first.perspective.framework,
        first.proposal.statement,
        first.proposal.representation.formalism,
        *first.proposal.steps,
        *first.readings[0].review.weaknesses,
        "78.4 ± 6.2",
    ):
        assert text in told


def test_quotes_stand_with_what_they_say_of_the_hypothesis(full: AppTest) -> None:
    told = words(full)
    for word in ("supports", "contradicts", "not judged", "0.41 of the quote", "retracted", "does not show"):
        assert word in told


def test_tool_results_are_rounded_to_their_uncertainty_and_have_a_unit(full: AppTest) -> None:
    told = words(full)
    assert "2.636 ± 0.003 eV" in told
    assert "two S vacancies, 3.2 Å apart, same plane" in told
    assert "S@128: 8x8 cells of MoS2 have S sites 0 to 127" in told
    assert "0.0028" not in told


def test_the_structure_of_a_real_answer_is_drawn(full: AppTest) -> None:
    charts = [json.loads(chart.proto.spec) for chart in full.get("plotly_chart")]
    names = [{trace.get("name") for trace in chart["data"]} for chart in charts]
    assert {"Mo", "S", "vacancy S"} <= next(found for found in names if "vacancy S" in found)


def test_crystals_molecules_and_sums_are_shown() -> None:
    page = show(make_strings_report())
    told = words(page)
    assert "BaTiO3, as it was written" in told
    assert "25.852 meV" in told
    assert page.get("image")
    cells = [str(cell).replace("\\", "") for table in page.table for cell in table.value.to_numpy().ravel()]
    assert "180.16" in cells


def test_the_table_says_who_gave_the_score_and_how_sure_it_is(full: AppTest) -> None:
    table = full.dataframe[0].value
    assert list(table["Score"]) == [78.4, 71.9, 66.0, 48.3]
    assert list(table["±"]) == [6.2] * 4
    assert table["Interval"][0] == "+0.31 to +1.62"
    assert set(table["Scored by"]) == {"qwen2.5-coder-1.5b"}


def test_where_the_judge_cannot_rank_no_rating_is_in_the_table() -> None:
    verdict = "Nothing is ranked: a coin would have done as well."
    page = show(make_report(tournament=tournament(can_rank=False, verdict=verdict)))
    assert verdict in words(page)
    assert "Rating" not in page.dataframe[0].proto.column_order


@pytest.mark.parametrize(
    ("make", "badge"),
    [
        (make_report, "small model"),
        (make_small_report, "small model"),
        (lambda: make_small_report("scripted"), "scripted"),
    ],
)
def test_who_answered_is_marked(make: Callable[[], Report], badge: str) -> None:
    assert badge in words(show(make()))


def test_a_run_that_failed_half_way_says_why() -> None:
    page = show(make_failed_report())
    told = words(page)
    assert "gave no hypothesis" in told
    assert "refused the connection: start the server" in told
    assert "budget of 2,000 tokens is spent" in told


def test_only_the_best_card_is_open_and_the_others_open_by_themselves() -> None:
    report = make_report()
    page = show(report)
    second = report.hypotheses[1]
    assert second.proposal.representation.formalism in words(page)  # the first card says the same
    assert f"from {second.origin.parents[0]}" not in words(page)
    page.session_state[f"card-{report.run}-{second.key}"] = True
    assert f"from {second.origin.parents[0]}" in words(page.run())


def test_every_format_has_a_button(full: AppTest) -> None:
    assert len(full.get("download_button")) == len(FORMATS)


def test_verdicts_stand_in_the_table_and_on_the_card_with_number_figure_and_plan() -> None:
    page = show(make_tested_report())
    assert list(page.dataframe[0].value["Test"]) == ["survived", "untested"]
    told = words(page)
    assert "Revised claim, other conditions" in told
    assert "**Measured:** change over the range 5.709" in told
    assert "written before anything was measured" in told
    assert "As first proposed, then refuted" in told
    assert told.count("Points and plan") == 2


def test_a_report_of_before_there_were_tests_has_no_column_for_them(full: AppTest) -> None:
    assert "Test" not in full.dataframe[0].proto.column_order
