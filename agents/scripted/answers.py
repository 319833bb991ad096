"""Answers without a model: recorded, or made up from the request's JSON schema, alike for like requests."""

import json
import math
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agents.scripted.wire import Request

DEEPEST = 12
_CLAIMS = (
    "{x} rises by {n} % when {y} exceeds {m} K, because {z} couples to the lattice",
    "if {x} is driven at {n} kHz, {y} falls below {m} meV within {k} ps and {z} follows",
    "{x} scales with {y} to the power {k}/3 up to {m} GPa; above it {z} takes over",
    "a change of {y} by {n} mT would shift {x} by at least {m} nm unless {z} is screened",
)
_WORDS = re.compile(r"[A-Za-z][a-z-]{6,}")
_OWN_WORDS = ("screening", "anisotropy", "relaxation", "dissipation", "coherence", "viscosity", "disorder")


class UnknownRequest(Exception):
    """There is no answer for this request: the server answers 404 and invents nothing."""


def scripted(request: Request) -> str:
    """Text that fits the schema and says of itself that it is scripted."""
    if request.asked_schema is None:
        return f"Scripted answer {request.key[:8]}."
    return json.dumps(_Script(request).fill(request.asked_schema, "answer", 0), ensure_ascii=False)


class _Script:
    """One request's answer. Numbers and words are drawn from a generator seeded by the request."""

    def __init__(self, request: Request) -> None:
        self.random = random.Random(request.key)  # noqa: S311 - variety, not secrecy
        self.root: Mapping[str, Any] = request.asked_schema or {}
        self.words = sorted(set(_WORDS.findall(request.text))) or list(_OWN_WORDS)

    def fill(self, schema: Mapping[str, Any], name: str, depth: int) -> object:
        if "$ref" in schema:
            return self.fill(self._resolve(schema["$ref"]), name, depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.fill(self._choose(schema[several], depth), name, depth + 1)
        return self._of_type(schema, name, depth)

    def _of_type(self, schema: Mapping[str, Any], name: str, depth: int) -> object:
        match schema.get("type", "object" if "properties" in schema else "string"):
            case "object":
                fields = schema.get("properties", {})
                return {field: self.fill(inner, field, depth + 1) for field, inner in fields.items()}
            case "array":
                inner = schema.get("items", {"type": "string"})
                return [self.fill(inner, name, depth + 1) for _ in range(self._count(schema, depth))]
            case "integer" | "number" as kind:
                return self._number(schema, whole=kind == "integer")
            case "boolean":
                return self.random.random() < 0.5  # noqa: PLR2004 - a coin
            case "null":
                return None
            case _:
                return self._prose(schema, name)

    def _resolve(self, reference: str) -> Mapping[str, Any]:
        found: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found  # type: ignore[no-any-return] # a JSON schema is untyped

    def _choose(self, choices: list[Mapping[str, Any]], depth: int) -> Mapping[str, Any]:
        if depth < DEEPEST:
            return self.random.choice(choices)
        plain = [choice for choice in choices if "$ref" not in choice and choice.get("type") != "array"]
        return (plain or choices)[-1]  # a schema that contains itself has to end somewhere

    def _count(self, schema: Mapping[str, Any], depth: int) -> int:
        least = int(schema.get("minItems", 0))
        most = int(schema.get("maxItems", least + 3))
        return least if depth >= DEEPEST else self.random.randint(least, min(most, least + 3))

    def _number(self, schema: Mapping[str, Any], *, whole: bool) -> float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        high = schema.get("maximum", schema.get("exclusiveMaximum", max(low, 0) + 100))
        if not whole:
            return float(round(self.random.uniform(low, high), 3))
        first = math.floor(low) + 1 if "exclusiveMinimum" in schema else math.ceil(low)
        last = math.ceil(high) - 1 if "exclusiveMaximum" in schema else math.floor(high)
        return self.random.randint(first, last)

    def _prose(self, schema: Mapping[str, Any], name: str) -> str:
        x, y, z = (self.random.choice(self.words).lower() for _ in range(3))
        numbers = {
            "n": self.random.randint(2, 60),
            "m": self.random.randint(3, 900),
            "k": self.random.randint(1, 9),
        }
        claim = self.random.choice(_CLAIMS).format(x=x, y=y, z=z, **numbers)
        text = f"Scripted {name.replace('_', ' ')}: {claim}."
        text = text.ljust(int(schema.get("minLength", 0)), ".")
        return text[: int(schema.get("maxLength", len(text)))]


def recorded(journal: Path) -> Callable[[Request], str]:
    """Answers the calls that the journal (calls.jsonl) holds, and no others."""
    with journal.open(encoding="utf-8") as lines:
        known = {call["key"]: str(call["answer"]) for call in map(json.loads, lines)}

    def answer(request: Request) -> str:
        try:
            return known[request.key]
        except KeyError:
            raise UnknownRequest(f"{journal} holds no call {request.key[:12]}…") from None

    return answer
