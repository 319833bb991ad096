"""Schemas of strangers: what they say is understood, what cannot be used is refused in one line."""

import pytest

from tools.reading import BadSchema, load_form, read_schema


def test_slots_carry_kind_unit_and_bounds() -> None:
    form = read_schema({
        "title": "Film",
        "type": "object",
        "properties": {
            "gap": {"type": "number", "description": "optical gap (eV)", "minimum": 0},
            "speed": {"type": "integer", "unit": "rpm"},
            "phase": {"enum": ["cubic", "hexagonal"]},
            "wet": {"type": ["boolean", "null"]},
            "steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}},
        },
        "$defs": {"Step": {"type": "object", "properties": {"name": {"type": "string"}}}},
    })  # fmt: skip
    told = {slot.path: (slot.kind, slot.unit, slot.low, slot.choices) for slot in form.slots}
    assert told["gap"] == ("number", "eV", 0, ())
    assert told["speed"] == ("number", "rpm", None, ())
    assert told["phase"] == ("text", None, None, ("cubic", "hexagonal"))
    assert told["wet"][0] == "yes_no"
    assert told["steps[].name"][0] == "text"
    assert form.single


def test_a_list_at_the_top_means_many_records() -> None:
    form = read_schema(
        {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}}
    )
    assert not form.single


def test_the_cell_has_its_31_slots() -> None:
    assert len(load_form("perovskite_cell").slots) == 31


NODE = {"type": "object", "properties": {"child": {"$ref": "#/$defs/N"}}}
DEEP: dict[str, object] = {"type": "string"}
for _ in range(8):
    DEEP = {"type": "object", "properties": {"a": DEEP}}


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"$ref": "#/$defs/N", "$defs": {"N": NODE}}, "recursive"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, "recursive"),
        (DEEP, "levels deep"),
        (
            {"type": "object", "properties": {f"s{k}": {"type": "string"} for k in range(300)}},
            "more than 200 slots",
        ),
        (
            {"type": "object", "properties": {"x": {"type": "string", "description": "d" * 300_000}}},
            "characters",
        ),
        (
            {"type": "object", "properties": {"x": {"$ref": "https://example.org/x.json"}}},
            "outside the schema",
        ),
        ({"type": "object", "properties": {"x": {"$ref": "#/$defs/none"}}}, "holds nothing there"),
        ({"type": "object"}, 'without "properties"'),
        ({"type": "string"}, "must be an object"),
        ({"type": "object", "properties": {"x": {"type": "null"}}}, "has the type"),
        ({"type": "object", "properties": {"x": {"type": "number", "unit": "wibble"}}}, "no unit"),
        ({"type": "object", "properties": {"x": {"type": "number", "minimum": "low"}}}, "no number"),
        ({"type": "object", "properties": {"a.b": {"type": "string"}}}, "no name of a slot"),
        ({"type": "object", "properties": {"x": 5}}, "where a schema is needed"),
    ],
)
def test_what_cannot_be_used_is_refused(schema: dict[str, object], told: str) -> None:
    with pytest.raises(BadSchema, match=told) as caught:
        read_schema(schema)
    assert "\n" not in str(caught.value)


def test_an_endless_object_is_refused() -> None:
    schema: dict[str, object] = {"type": "object"}
    schema["properties"] = {"me": schema}
    with pytest.raises(BadSchema, match="ends"):
        read_schema(schema)


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    with pytest.raises(BadSchema, match="doping, measurements"):
        load_form("dopping")
