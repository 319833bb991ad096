"""A form from a tool's schema gives what the tool takes."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tools import TOOLS

pytestmark = pytest.mark.slow

SECONDS = 60


def draw(schema: dict[str, Any]) -> AppTest:
    def script(schema):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - its source is run elsewhere
        import json

        import streamlit as st

        from app.ui.parts.forms import SchemaForm

        try:
            st.session_state["found"] = json.dumps(SchemaForm(schema, "f").read())
        except ValueError as error:
            st.error(str(error))

    page = AppTest.from_function(script, args=(schema,), default_timeout=SECONDS).run()
    assert not page.exception
    return page


def found(page: AppTest) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(page.session_state["found"])


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_has_a_form_that_can_be_drawn(tool: Any) -> None:  # noqa: ANN401 - of any arguments
    schema = tool.arguments.model_json_schema()
    drawn = found(draw(schema))
    assert set(drawn) <= set(schema["properties"])


def test_what_is_filled_in_is_what_the_tool_takes() -> None:
    from tools.defects import TOOL

    page = draw(TOOL.arguments.model_json_schema())
    page.selectbox(key="f.host").set_value("MoS2")
    page.number_input(key="f.defects").set_value(2)
    page.run()
    for number in range(2):
        page.selectbox(key=f"f.defects.{number}.kind").set_value("vacancy S")
        page.number_input(key=f"f.defects.{number}.site").set_value(12 + number)
    page.run()
    asked = TOOL.arguments.model_validate(found(page))
    assert asked.host == "MoS2"
    assert [(one.kind, one.site) for one in asked.defects] == [("vacancy S", 12), ("vacancy S", 13)]


def test_what_is_left_empty_is_left_out() -> None:
    from tools.calculator import TOOL

    page = draw(TOOL.arguments.model_json_schema())
    assert found(page) == {}
    page.text_input(key="f.expression").set_value("2 m").run()
    assert found(page) == {"expression": "2 m"}


def test_lists_of_texts_and_of_numbers() -> None:
    schema = {
        "properties": {
            "names": {"type": "array", "items": {"type": "string"}},
            "values": {"type": "array", "items": {"type": "number"}},
        }
    }
    page = draw(schema)
    page.text_area(key="f.names").set_value("C=C\nCCO").run()
    page.text_area(key="f.values").set_value("1 2.5\n3e2").run()
    assert found(page) == {"names": ["C=C", "CCO"], "values": [1, 2.5, 300.0]}
    page.text_area(key="f.names").set_value("4 4 4\nBa 0 0 0\n\n5 5 5\nTi 0 0 0").run()
    assert found(page)["names"] == ["4 4 4\nBa 0 0 0", "5 5 5\nTi 0 0 0"]


def test_a_part_that_may_be_left_out_is_asked_for_first() -> None:
    schema = {
        "$defs": {"Span": {"type": "object", "properties": {"low": {"type": "number"}}, "required": ["low"]}},
        "properties": {"range": {"anyOf": [{"$ref": "#/$defs/Span"}, {"type": "null"}], "default": None}},
    }
    page = draw(schema)
    assert found(page) == {}
    page.checkbox(key="f.range").check().run()
    page.number_input(key="f.range.of.low").set_value(3.5).run()
    assert found(page) == {"range": {"low": 3.5}}


def test_json_that_is_none_is_said_in_place() -> None:
    page = draw({"properties": {"fixed": {"type": "object", "additionalProperties": {"type": "number"}}}})
    page.text_area(key="f.fixed").set_value('{"a": ').run()
    assert "is not JSON" in page.error[0].value
    page.text_area(key="f.fixed").set_value('{"a": 1}').run()
    assert found(page) == {"fixed": {"a": 1}}
