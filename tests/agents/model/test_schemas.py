"""Schemas that both OpenAI's strict mode and llama.cpp's grammars accept."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from agents.literature.quotes import StanceJudgement
from agents.model.schemas import response_format, strict_schema
from agents.schema import Proposal, Review


class Colour(StrEnum):
    RED = "red"


class Left(BaseModel):
    kind: Literal["left"]
    title: str = "a field may be called like a keyword"


class Right(BaseModel):
    kind: Literal["right"]
    colour: Colour | None = Field(default=None, description="beside a reference")


Side = Annotated[Left | Right, Field(discriminator="kind")]


class Both(BaseModel):
    sides: Annotated[
        list[Annotated[Left | Right, Field(discriminator="kind")]], Field(min_length=1, max_length=3)
    ]
    first: Left = Field(description="beside a reference too")
    share: float = Field(gt=0, lt=1)


class Free(BaseModel):
    anything: dict[str, int]


class Tree(BaseModel):
    children: list["Tree"]


def nodes(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a JSON schema
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for item in node:
            yield from nodes(item)


@pytest.mark.parametrize("output", [Both, Proposal, Review])
def test_every_object_is_closed_and_complete(output: type[BaseModel]) -> None:
    objects = [node for node in nodes(strict_schema(output)) if node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("output", [Both, Proposal, Review])
def test_no_word_is_used_that_strict_mode_lacks(output: type[BaseModel]) -> None:
    words = {"$ref", "$defs", "oneOf", "allOf", "discriminator", "default", "minLength", "maxLength"}
    assert not words & {word for node in nodes(strict_schema(output)) for word in node}


def test_fields_and_bounds_survive() -> None:
    schema = strict_schema(Both)
    sides = schema["properties"]["sides"]
    assert (sides["minItems"], sides["maxItems"]) == (1, 3)
    assert list(sides["items"]["anyOf"][0]["properties"]) == ["kind", "title"]
    assert schema["properties"]["first"]["description"] == "beside a reference too"
    assert response_format(Both)["json_schema"]["strict"] is True


def test_what_strict_mode_cannot_say_is_asked_for_loosely() -> None:
    assert response_format(Free)["json_schema"]["strict"] is False


def test_a_class_that_contains_itself_is_refused() -> None:
    with pytest.raises(TypeError, match="Tree contains itself"):
        strict_schema(Tree)


def test_a_renamed_class_keeps_the_name_that_old_journals_know() -> None:
    """The name is part of a call's key: under another one an old run would be paid twice."""
    assert response_format(StanceJudgement)["json_schema"]["name"] == "Verdict"
