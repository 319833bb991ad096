"""Tables and lists of the literature: no empty column, what is relevant first, a word where nothing is."""

from typing import Any

import pytest

from agents.schema import Literature
from app.evidence import ShownEvidence
from app.exports import markdown
from app.exports.evidence import write_evidence
from app.exports.literature import RELATED, by_stance, related, unrelated, write_joined
from app.exports.tables import fill_columns, fill_table, write_columns
from tests.app.reports import make_literature, make_report
from tools.views import Table


def literature(**parts: Any) -> Literature:  # noqa: ANN401
    return Literature.model_validate(make_literature() | parts)


def written(table: Table, monkeypatch: pytest.MonkeyPatch) -> str:
    shown = ShownEvidence("tool", (), (table,))
    monkeypatch.setattr("app.exports.evidence.show", lambda _: shown)
    return write_evidence(make_report().hypotheses[0].evidence[0])


def test_an_empty_column_is_left_out() -> None:
    assert write_columns({"a": ["", ""]}) == write_columns({}) == ""
    assert write_columns({"a": ["1", ""], "b": ["", ""], "c": ["x|y", "z"]}, right=("a",)) == (
        "| a | c |\n|--:|---|\n| 1 | x\\|y |\n|   | z |"
    )
    assert fill_columns({"a": [0, None], "b": ["", ""], "c": [None]}) == {"a": [0, None]}
    table = Table(("a", "b"), (("1", ""), ("2", "")), "title", 3)
    assert fill_table(table) == Table(("a",), (("1",), ("2",)), "title", 3)


def test_a_ragged_table_of_an_add_on_stops_no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    for rows in ((("1", ""), ("2",)), (("1",), ("2", "", "3"))):
        table = Table(("a", "b"), rows)
        assert fill_table(table) == table
        assert "| a | b |" in written(table, monkeypatch)
    assert "|" not in written(Table(("a",), (("",),)), monkeypatch), "a table of nothing"


def test_of_what_is_joined_most_stands_first_and_what_was_not_looked_up_is_no_row() -> None:
    (known,) = make_literature()["joined"]
    rare = known | {"of": "system and cause", "together": 1}
    unread = known | {"of": "framework and system", "second": None}
    found = literature(joined=[rare, unread, known])
    rows = write_joined(found.joined).splitlines()
    assert [row.split("|")[1].strip() for row in rows[2:]] == ["cause and response", "system and cause"]
    assert "Papers" not in rows[0], "no row has one"
    hypothesis = make_report().hypotheses[0].model_copy(update={"literature": found})
    text = markdown.render(make_report().model_copy(update={"hypotheses": [hypothesis]}))
    assert "Not looked up in the atlas: framework and system: PhySH names no concept in" in text


def test_works_about_something_else_are_counted_and_not_listed() -> None:
    (near,) = make_literature()["nearest"]
    found = literature(nearest=[near | {"likeness": value} for value in (0.2, 0.5, 0.7)])
    assert [one.likeness for one in related(found.nearest)] == [0.7, 0.5]
    assert unrelated(found) == f"Works that are less like it than {RELATED}, left out: 1."
    assert unrelated(literature()) is None


def test_it_is_said_that_nothing_relevant_was_found() -> None:
    (near,) = make_literature()["nearest"]
    found = literature(nearest=[near | {"likeness": 0.21}], citations=[])
    told = "Nothing relevant was found: the likest work has a likeness of 0.21, below 0.4."
    assert unrelated(found) == told
    assert unrelated(literature(nearest=[], citations=[])) == "Nothing relevant was found."
    asked = make_literature()["searches"]
    failed = [one | {"error": "no answer"} for one in asked]
    for searches in ([], failed):
        assert unrelated(literature(nearest=[], citations=[], searches=searches)) is None
    hypothesis = make_report().hypotheses[0].model_copy(update={"literature": found})
    text = markdown.render(make_report().model_copy(update={"hypotheses": [hypothesis]}))
    assert told in text
    assert "Nearest prior work found" not in text


def test_quotes_that_bear_on_it_stand_first() -> None:
    quotes = make_literature()["citations"]
    found = literature(citations=[quotes[0] | {"stance": "unrelated"}, *reversed(quotes)])
    assert [one.stance and one.stance.value for one in by_stance(found.citations)] == [
        "supports",
        None,
        "unrelated",
    ]
