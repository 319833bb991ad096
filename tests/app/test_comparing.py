"""Hypotheses of two runs are paired, and their fields compared."""

from app.comparing import compare
from app.ui.views.compare import mark_words
from tests.app.reports import make_report


def test_a_report_does_not_differ_from_itself() -> None:
    report = make_report()
    found = compare(report, report)
    assert [pair.first for pair in found.pairs] == [one.perspective.key for one in report.hypotheses]
    assert all(pair.first == pair.second and not pair.changes for pair in found.pairs)


def test_one_changed_field_is_the_one_difference() -> None:
    report = make_report()
    first, *others = report.hypotheses
    proposal = first.proposal.model_copy(update={"prediction": "The gap closes at 3 T."})
    changed = report.model_copy(
        update={"hypotheses": [first.model_copy(update={"proposal": proposal}), *others]}
    )
    (change,) = compare(report, changed).pairs[0].changes
    assert (change.field, change.first, change.second) == (
        "prediction",
        first.proposal.prediction,
        "The gap closes at 3 T.",
    )


def test_versions_under_another_voice_are_found_by_what_they_state() -> None:
    report = make_report()
    first = report.hypotheses[0]
    voice = first.perspective.model_copy(update={"role": "Somebody Else", "key": "p09"})
    moved = report.model_copy(
        update={"hypotheses": [first.model_copy(update={"perspective": voice})], "merged": []}
    )
    pairs = compare(report, moved).pairs
    assert (pairs[0].first, pairs[0].second) == (first.perspective.key, "p09")
    assert pairs[0].why == "statements are alike to 100 %"
    assert {pair.why for pair in pairs[1:]} <= {"only in the first"}


def test_what_one_side_has_alone_is_said() -> None:
    report = make_report()
    none = report.model_copy(update={"hypotheses": []})
    assert {pair.why for pair in compare(none, report).pairs} == {"only in the second"}
    assert {pair.second for pair in compare(report, none).pairs} == {None}


def test_only_words_that_differ_are_bold_and_all_are_inert() -> None:
    from app.comparing import Change

    first, second = mark_words(
        Change(field="statement", first="the gap *grows* fast", second="the gap falls fast")
    )
    assert first == "the gap **\\*grows\\*** fast"
    assert second == "the gap **falls** fast"
