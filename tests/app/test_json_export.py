import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agents.schema import Report
from app.exports import json_schema, serialization
from tests.app.reports import make_report, poison

PUBLISHED = Path(__file__).parents[2] / "docs" / "report.schema.json"


def test_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == json_schema.render(), (
        "run: python -m app.exports.json_schema > docs/report.schema.json"
    )


def test_a_report_follows_the_published_schema() -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(serialization.render_json(make_report())))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), min_size=1))
def test_json_gives_the_same_report_back(texts: list[str]) -> None:
    report = poison(make_report(), texts)
    assert Report.model_validate_json(serialization.render_json(report)) == report


def test_numbers_that_json_lacks_do_not_break_it() -> None:
    data = make_report().model_dump()
    data["hypotheses"][0]["evidence"][0]["content"] = {"gap": float("nan")}
    text = serialization.render_json(Report.model_validate(data))
    json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
