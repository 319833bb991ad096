"""The arguments of a tool in words, from the JSON schema that models are given."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tools import Tool

REQUIRED = "required"
LONGEST_DEFAULT = 30  # characters
Schema = Mapping[str, Any]


class ArgumentLine(NamedTuple):
    """An argument as a person reads it. Its meaning names its unit."""

    name: str
    type: str
    default: str
    meaning: str


def list_arguments(tool: Tool) -> Iterator[ArgumentLine]:
    """Yield each argument in its order, and the fields of each that is an object, as `above.field`."""
    schema = tool.arguments.model_json_schema()
    yield from _list_fields(schema, schema.get("$defs", {}), "")


def _list_fields(schema: Schema, known: Schema, above: str) -> Iterator[ArgumentLine]:
    """Yield the fields of an object; one within itself is not opened again."""
    for name, field in schema.get("properties", {}).items():
        default = _default(field) if name not in schema.get("required", ()) else REQUIRED
        yield ArgumentLine(above + name, _type(field, known), default, _meaning(field, known))
        inner, mark = _object_in(field, known)
        if inner is not None and above.count(".") < 1:
            yield from _list_fields(inner, known, f"{above}{name}{mark}.")


def _default(field: Schema) -> str:
    shown = json.dumps(field["default"], ensure_ascii=False) if "default" in field else "none"
    return shown if len(shown) <= LONGEST_DEFAULT else shown[:LONGEST_DEFAULT] + "…"


def _meaning(field: Schema, known: Schema) -> str:
    told = field.get("description")
    if told is None:
        inner, _ = _object_in(field, known)
        told = (inner or {}).get("description", "")
    return " ".join(str(told).partition("\n\n")[0].split())


def _object_in(field: Schema, known: Schema) -> tuple[Schema | None, str]:
    """Return the object that a field is or lists, and "[]" where it lists it; None for plain values."""
    options = [one for one in field.get("anyOf", ()) if "$ref" in one or one.get("type") == "array"]
    field = options[0] if len(options) == 1 else field
    if field.get("type") == "array":
        return _object_in(field.get("items", {}), known)[0], "[]"
    found = known.get(field.get("$ref", "").rpartition("/")[2])
    return (found, "") if found and "properties" in found else (None, "")


def _type(field: Schema, known: Schema) -> str:
    """Return a type in words, with its values or bounds."""
    if "$ref" in field:
        found = known[field["$ref"].rpartition("/")[2]]
        return "object" if "properties" in found else _type(found, known)
    if "anyOf" in field or "oneOf" in field:
        return " or ".join(dict.fromkeys(_type(one, known) for one in field.get("anyOf") or field["oneOf"]))
    if "const" in field or "enum" in field:
        return ", ".join(map(str, field.get("enum") or [field["const"]]))
    kind = str(field.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(field.get('items', {}), known)}"
    return f"{kind}{_bounds(field)}"


def _bounds(field: Schema) -> str:
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    signs = (">" if "exclusiveMinimum" in field else "≥", "<" if "exclusiveMaximum" in field else "≤")
    told = [f"{sign} {end:.12g}" for sign, end in zip(signs, (low, high), strict=True) if end is not None]
    return f" {', '.join(told)}" if told else ""
