"""A JSON schema as slots that a text can fill: each a path, a kind, a unit and what it means.

Any JSON schema of an object does, with nested objects, lists and references within itself. Numbers may carry
their unit as `"unit": "eV"` or in the description: "band gap (eV)".
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

from tools.experiments.errors import BadClaim
from tools.experiments.units import read_unit
from tools.reading.errors import BadSchema

Json: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = Literal["text", "number", "yes_no"]

LARGEST: Final = 200_000  # characters of a schema
DEEPEST: Final = 6
MOST_SLOTS: Final = 200
KEY: Final = re.compile(r"[^\x00-\x1f.\[\]]{1,100}")
_UNIT: Final = re.compile(r"[\[(]([^\])]{1,40})[\])]\s*$|\bin ([^\s,;]{1,20})\s*$")
_KINDS: Final[Mapping[str, Kind]] = {
    "string": "text", "number": "number", "integer": "number", "boolean": "yes_no",
}  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """One thing that a text may say. A path has `[]` for each list: "steps[].temperature"."""

    path: str
    kind: Kind
    meaning: str = ""
    unit: str | None = None
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    default: object = None

    @property
    def many(self) -> bool:
        """Whether it may be filled more than once in a record."""
        return "[]" in self.path

    @property
    def label(self) -> str:
        """Its name in words."""
        return self.path.replace("[]", "").replace(".", " ").replace("_", " ")


@dataclass(frozen=True)
class Form:
    """What a record holds. `key`: the slots that say what it is about; `single`: one record a text."""

    name: str
    slots: tuple[Slot, ...]
    purpose: str = ""
    key: tuple[str, ...] = ()
    single: bool = False
    required: tuple[str, ...] = ()
    """Slots without which a record of many is none."""

    def slot(self, path: str) -> Slot | None:
        """Return the slot of a path with or without numbers in its brackets."""
        plain = re.sub(r"\[\d+\]", "[]", path)
        return next((slot for slot in self.slots if slot.path == plain), None)

    @property
    def digest(self) -> str:
        """A hash of all that decides a reading."""
        return sha256(repr(self).encode()).hexdigest()[:12]


def read_schema(given: Json, name: str = "") -> Form:
    """Return the slots of a JSON schema. Raises BadSchema: recursive, huge, or not understood."""
    try:
        size = len(json.dumps(given))
    except (TypeError, ValueError, RecursionError) as error:
        raise BadSchema("the schema is no JSON that ends: write out what refers to itself") from error
    if size > LARGEST:
        raise BadSchema(
            f"the schema has {size:,} characters and may have {LARGEST:,}: read fewer things at once"
        )
    root = _resolve(given, given, ())[0]
    if root.get("type") == "array":
        root = _resolve(root.get("items", {}), given, ())[0]
        single = False
    else:
        single = not given.get("many_records", False)
    slots: list[Slot] = []
    for slot in _walk(root, given, "", (), 0):
        slots.append(slot)
        if len(slots) > MOST_SLOTS:
            raise BadSchema(f"the schema has more than {MOST_SLOTS} slots: read fewer things at once")
    if not slots:
        raise BadSchema('the schema has no slot: it needs "properties", each with a "type"')
    key = tuple(str(one) for one in given.get("key", ()))
    title = name or str(root.get("title") or given.get("title") or "record")
    required = tuple(slot.path for slot in slots if slot.path in root.get("required", ()))
    return Form(title[:100], tuple(slots), str(root.get("description", ""))[:1000], key, single, required)


def _walk(node: Json, root: Json, path: str, inside: tuple[str, ...], depth: int) -> Iterator[Slot]:
    if depth > DEEPEST:
        raise BadSchema(f"{path or 'the schema'} lies more than {DEEPEST} levels deep: flatten it")
    node, inside = _resolve(node, root, inside)
    kind = _kind(node)
    if kind == "object" or "properties" in node:
        properties = node.get("properties")
        if not isinstance(properties, Mapping) or not properties:
            raise BadSchema(f'{path or "the schema"} is an object without "properties": name what it holds')
        for name, inner in properties.items():
            if not KEY.fullmatch(str(name)):
                raise BadSchema(
                    f"{str(name)[:40]!r} is no name of a slot: leave out dots, brackets and line ends"
                )
            yield from _walk(inner, root, f"{path}.{name}" if path else str(name), inside, depth + 1)
    elif kind == "array":
        yield from _walk(node.get("items", {"type": "string"}), root, f"{path}[]", inside, depth + 1)
    elif isinstance(kind, str) and kind in _KINDS:
        if not path:
            raise BadSchema(f"the schema is a {kind}: it must be an object with properties")
        yield _leaf(node, path, _KINDS[kind])
    else:
        raise BadSchema(f"{path or 'the schema'} has the type {str(kind)[:40]!r}: object, array, string, "
                        "number, integer or boolean is needed")  # fmt: skip


def _resolve(node: Any, root: Json, inside: tuple[str, ...]) -> tuple[Json, tuple[str, ...]]:  # noqa: ANN401
    """Follow references within the schema, and take the alternative that is not null."""
    while True:
        if not isinstance(node, Mapping):
            raise BadSchema(f"{str(node)[:40]!r} stands where a schema is needed")
        if "$ref" in node:
            target = str(node["$ref"])
            if target in inside:
                raise BadSchema(
                    f"the schema is recursive: {target[:80]} contains itself, and records end somewhere"
                )
            inside = (*inside, target)
            node = {**_look_up(target, root), **{k: v for k, v in node.items() if k != "$ref"}}
            continue
        options = (
            node.get("anyOf")
            or node.get("oneOf")
            or (node.get("allOf") if len(node.get("allOf", ())) == 1 else None)
        )
        if not options:
            return node, inside
        real = [one for one in options if not (isinstance(one, Mapping) and one.get("type") == "null")]
        if not real:
            raise BadSchema("a slot can only be null: give it a type")
        node = {**{k: v for k, v in node.items() if k not in ("anyOf", "oneOf", "allOf")}, **real[0]}


def _look_up(target: str, root: Json) -> Json:
    if target == "#":
        return root
    if not target.startswith("#/"):
        raise BadSchema(
            f"{target[:80]!r} lies outside the schema: only references such as #/$defs/x are followed"
        )
    node: Any = root
    for part in target[2:].split("/"):
        node = node.get(part) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping):
        raise BadSchema(f"the schema refers to {target[:80]!r}, and holds nothing there")
    return node


def _kind(node: Json) -> object:
    kind = node.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), None)
    if kind is None and ("enum" in node or "const" in node):
        return "string"
    return kind


def _leaf(node: Json, path: str, kind: Kind) -> Slot:
    meaning = " ".join(str(node.get("description", "")).split())[:500]
    choices = tuple(str(one) for one in node.get("enum", ()) if one is not None)
    low, high = (
        node.get("minimum", node.get("exclusiveMinimum")),
        node.get("maximum", node.get("exclusiveMaximum")),
    )
    for bound in (low, high):
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int | float)):
            raise BadSchema(f"{path} has the bound {str(bound)[:40]!r}, which is no number")
    return Slot(
        path, kind, meaning, _unit(node, path, meaning) if kind == "number" else None, choices, low, high,
        _kind(node) == "integer", node.get("default"),
    )  # fmt: skip


def _unit(node: Json, path: str, meaning: str) -> str | None:
    """Return the unit that a number is wanted in: told apart, or at the end of its description."""
    told = node.get("unit")
    if told is not None:
        try:
            read_unit(str(told))
        except BadClaim as error:
            raise BadSchema(f"{path}: {error}") from error
        return str(told)
    found = _UNIT.search(meaning)
    if found is None:
        return None
    unit = found[1] or found[2]
    try:
        read_unit(unit)
    except BadClaim:  # brackets may hold anything
        return None
    return unit
