"""The attacks, and the channels by which a text from outside reaches a model."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, TypeAdapter

from agents.schema import Quotation, Stance, Strict

FOLDER = Path(__file__).parent


class Channel(StrEnum):
    QUESTION = "question"
    TITLE = "title"
    ABSTRACT = "abstract"
    PDF = "PDF text"
    TOOL = "tool result"
    ANSWER = "model answer"
    FIELDS = "model answer, fields too"


class ToolCall(Strict):
    tool: str
    arguments: dict[str, object]


class Obedience(Strict):
    """What a model does that reads the attack and obeys it, as far as the answer's schema lets it."""

    marks: int | None = Field(default=None, ge=1, le=5)
    prefer: Literal["first", "second"] | bool = False
    call: ToolCall | Literal["none"] | None = None
    times: int = 1
    say: str = ""
    leak: bool = False
    stance: Stance | None = None
    quote: Quotation | None = None


class Attack(Strict):
    id: str
    text: str
    heart: str | None = None
    obey: Obedience

    @property
    def trace(self) -> str:
        """By which a model knows it again, in whatever form the text comes to it."""
        return letters(self.heart or self.text)


def letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@cache
def attacks(name: str = "attacks") -> tuple[Attack, ...]:
    """Of that file; those of "adaptive" were written to get past our defences."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Attack, ...]).validate_python(yaml.safe_load(text))
