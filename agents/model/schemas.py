"""A pydantic class as the strict JSON schema that hosted endpoints and llama.cpp's grammars both take.

Strict means: every object closed, every field required, no references, no unions but `anyOf`.
"""

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

# Not allowed in strict schemas, or without effect on an answer; pydantic still checks what they say.
DROPPED = frozenset({"title", "default", "discriminator", "minLength", "maxLength", "examples"})


@lru_cache(maxsize=96)  # some classes are made for one question, and live as long as they are here
def strict_schema(output: type[BaseModel]) -> dict[str, Any]:
    """Raises TypeError for a class that contains itself: no strict schema can say that without references."""
    loose = output.model_json_schema()
    schema: dict[str, Any] = _close(loose, loose.get("$defs", {}), ())
    return schema


def response_format(output: type[BaseModel]) -> dict[str, Any]:
    """Return the request's field of that name. A class that was renamed keeps the name sent as its title."""
    schema = strict_schema(output)
    name = output.model_config.get("title") or output.__name__
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "strict": not _is_open(schema), "schema": schema},
    }


def _close(node: Any, definitions: dict[str, Any], inside: tuple[str, ...]) -> Any:  # noqa: ANN401 - a JSON schema
    if isinstance(node, list):
        return [_close(item, definitions, inside) for item in node]
    if not isinstance(node, dict):
        return node
    if reference := node.get("$ref"):
        name = reference.rsplit("/", 1)[-1]
        if name in inside:
            raise TypeError(f"{name} contains itself: an answer of that shape cannot be asked for")
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _close({**definitions[name], **beside}, definitions, (*inside, name))
    closed = {
        "anyOf" if key == "oneOf" else key: _close_value(key, value, definitions, inside)
        for key, value in node.items()
        if key not in DROPPED and key != "$defs"
    }
    if "properties" in closed:
        closed |= {"required": list(closed["properties"]), "additionalProperties": False}
    return closed


def _close_value(key: str, value: Any, definitions: dict[str, Any], inside: tuple[str, ...]) -> Any:  # noqa: ANN401 - a JSON schema
    if key == "properties":  # its keys are field names, of which one may well be "title"
        return {name: _close(field, definitions, inside) for name, field in value.items()}
    if key in ("enum", "const", "required"):
        return value
    return _close(value, definitions, inside)


def _is_open(node: Any) -> bool:  # noqa: ANN401 - a JSON schema
    """Whether some object takes any keys, or some value any shape: strict mode has no word for that."""
    if isinstance(node, list):
        return any(map(_is_open, node))
    if not isinstance(node, dict):
        return False
    if node.get("type") == "object" and "properties" not in node:
        return True
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", []), node.get("items")]
    shaped = {"type", "anyOf", "enum", "const"} & node.keys()
    return not shaped or any(_is_open(item) for item in inner if item is not None)


def without_keywords(format_: dict[str, Any], keywords: frozenset[str]) -> dict[str, Any]:
    """The response format without these keywords of JSON schema; pydantic still checks what they say."""
    return _without(format_, keywords) if keywords else format_


def _without(node: Any, keywords: frozenset[str]) -> Any:  # noqa: ANN401 - a JSON schema
    if isinstance(node, list):
        return [_without(item, keywords) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _without(field, keywords) for name, field in value.items()}
        if key == "properties"  # its keys are field names
        else _without(value, keywords)
        for key, value in node.items()
        if key not in keywords
    }
