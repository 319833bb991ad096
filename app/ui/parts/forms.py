"""A form from a tool's own JSON schema: each field a widget, and what was filled in as JSON again.

What is left empty is left out, so that the tool's defaults hold; the tool itself says what does not fit.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from app.ui.foreign import inline
from app.ui.layout import labelled

Node = Mapping[str, Any]
LONG: Final = 300  # characters from which a text gets a field of several lines
MOST_ITEMS: Final = 12  # objects of a list that a form has room for
DEEPEST: Final = 3  # objects within each other; what lies deeper is written as JSON
LISTS: Final = {"string": "one a line", "number": "numbers, one a line", "integer": "numbers, one a line"}


class SchemaForm:
    """The widgets of one schema. `read` draws them and returns what they hold."""

    def __init__(self, schema: Node, key: str) -> None:
        self._schema, self._key = schema, key
        self._definitions: Node = schema.get("$defs", {})

    def read(self) -> dict[str, Any]:
        """Return the form's values. Raises ValueError for a JSON field that holds none."""
        return self._object(self._schema, self._key, 0)

    def _object(self, node: Node, key: str, depth: int) -> dict[str, Any]:
        needed = set(node.get("required", ()))
        found = {
            name: self._field(name, part, f"{key}.{name}", depth, needed=name in needed)
            for name, part in node.get("properties", {}).items()
        }
        return {name: value for name, value in found.items() if value is not None}

    def _field(self, name: str, node: Node, key: str, depth: int, *, needed: bool) -> Any:  # noqa: ANN401 - any JSON
        node, nullable = self._resolve(node)
        label = inline(name.replace("_", " ")) + ("" if needed and not nullable else " (optional)")
        told = node.get("description")
        about = {"key": key, "help": inline(told) if told else None}
        kind = node.get("type")
        if kind == "array":
            return self._list(name, label, node, about, depth)
        if kind == "object" and "properties" in node and depth < DEEPEST:
            return self._part(label, node, about, depth, needed=needed and not nullable)
        return _ask_plain(label, node, about)

    def _resolve(self, node: Node) -> tuple[Node, bool]:
        """Follow references and drop null from a choice; return also whether null was one."""
        extra = {name: node[name] for name in ("description", "default") if name in node}
        if "$ref" in node:
            found, nullable = self._resolve(self._definitions[node["$ref"].rpartition("/")[2]])
            return {**found, **extra}, nullable
        if "anyOf" not in node:
            return node, False
        ways = [way for way in node["anyOf"] if way.get("type") != "null"]
        nullable = len(ways) < len(node["anyOf"])
        if len(ways) == 1:
            return {**self._resolve(ways[0])[0], **extra}, nullable
        plain = all(way.get("type") in ("string", "integer", "number") for way in ways)
        return {"type": "string" if plain else None, **extra}, nullable

    def _list(self, name: str, label: str, node: Node, about: dict[str, Any], depth: int) -> list[Any] | None:
        item, _ = self._resolve(node.get("items", {}))
        kind = item.get("type")
        if kind in LISTS and "enum" not in item:
            return _ask_lines(label, str(kind), about)
        if kind != "object" or depth >= DEEPEST:
            written: list[Any] | None = _ask_json(label, about)
            return written
        least, most = int(node.get("minItems", 0)), min(int(node.get("maxItems", MOST_ITEMS)), MOST_ITEMS)
        count = st.number_input(label, least, most, least, 1, **about)
        found = []
        for number in range(int(count)):
            with labelled(f"{name.replace('_', ' ')} {number + 1}"), st.container(border=True, gap="small"):
                found.append(self._object(item, f"{about['key']}.{number}", depth + 1))
        return found or None

    def _part(
        self, label: str, node: Node, about: dict[str, Any], depth: int, *, needed: bool
    ) -> dict[str, Any] | None:
        if not needed and not st.checkbox(label, False, **about):
            return None
        with st.container(border=True, gap="small"):
            if needed:
                st.caption(label)
            return self._object(node, f"{about['key']}.of", depth + 1)


def _ask_plain(label: str, node: Node, about: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Ask for a choice, a truth value, a number or a text; for JSON where it is none of them."""
    match node.get("type"):
        case _ if "enum" in node:
            return _choose(label, node, about)
        case "boolean":
            return st.checkbox(label, bool(node.get("default", False)), **about)
        case "number" | "integer":
            return _ask_number(label, node, about)
        case "string":
            return _ask_text(label, node, about)
        case _:
            return _ask_json(label, about)


def _choose(label: str, node: Node, about: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    values, default = list(node["enum"]), node.get("default")
    index = values.index(default) if default in values else None
    return st.selectbox(
        label, values, index, format_func=lambda value: inline(str(value).replace("_", " ")), **about
    )


def _ask_number(label: str, node: Node, about: dict[str, Any]) -> float | int | None:
    whole = node["type"] == "integer"
    cast: Any = int if whole else float  # Streamlit wants all numbers of one kind
    low = node.get("minimum", node.get("exclusiveMinimum"))
    high = node.get("maximum", node.get("exclusiveMaximum"))
    default = node.get("default")
    least, most, preset = (None if value is None else cast(value) for value in (low, high, default))
    found: float | int | None = st.number_input(
        label, least, most, preset, 1 if whole else None, format=None if whole else "%g", **about
    )
    return found


def _ask_text(label: str, node: Node, about: dict[str, Any]) -> str | None:
    most = node.get("maxLength")
    default = str(node.get("default") or "")
    if most is None or most <= LONG:
        return st.text_input(label, default, max_chars=most, **about).strip() or None
    text = st.text_area(label, default, max_chars=most, height=120, **about)
    return text if text.strip() else None


def _ask_lines(label: str, kind: str, about: dict[str, Any]) -> list[Any] | None:
    """Ask for texts; those of several lines, such as crystals, are parted by an empty line."""
    hint = f"{label}, {LISTS[kind]}" + (
        "; several lines each: an empty line between" if kind == "string" else ""
    )
    said = st.text_area(hint, height=120, **about)
    if kind == "string":
        parts = said.split("\n\n") if "\n\n" in said.strip() else said.splitlines()
        return [part.strip("\n") for part in parts if part.strip()] or None
    return [_number(part) for part in said.split()] or None


def _number(text: str) -> float | int | str:
    """Return the number, or the text as it is: the tool says that it is none."""
    for cast in (int, float):
        try:
            return cast(text)
        except ValueError:
            continue
    return text


def _ask_json(label: str, about: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    said = st.text_area(f"{label}, as JSON", height=80, **about)
    if not said.strip():
        return None
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{label} is not JSON: {error}") from error
