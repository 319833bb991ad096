"""What a text says twice, or copies from the instructions that asked for it: no physics of its own."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from rapidfuzz import fuzz

import prompts
from agents.schema import Proposal

WORDS: Final = 6
"""Words in a row that two texts hardly share by chance."""
SAME_TEXT: Final = 85
"""Likeness, of 100, from which two texts are one."""
ASKING: Final = ("propose", "draft", "write", "revise", "word")
_MARKUP: Final = re.compile(r"{[%{].*?[%}]}", re.DOTALL)


def differ(one: str, other: str) -> bool:
    """Tell whether one part says anything, and not the same as the other."""
    return bool(one) and fuzz.token_sort_ratio(one.lower(), other.lower()) < SAME_TEXT


def copied(text: str) -> list[str]:
    """Return runs of words that stand in our prompts or in the descriptions of their fields."""
    return [" ".join(run) for run in _runs(text) if run in _instructions()]


@cache
def _instructions() -> frozenset[tuple[str, ...]]:
    bodies = [_MARKUP.sub(" | ", prompts.load(name).body) for name in ASKING]
    return frozenset(
        run for body in [*bodies, *_descriptions(Proposal.model_json_schema())] for run in _runs(body)
    )


def _descriptions(schema: Any) -> Iterator[str]:  # noqa: ANN401 - a JSON schema
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for part in schema.values():
            yield from _descriptions(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _descriptions(part)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield all runs of so many words; none goes over what separates sentences or fields."""
    for piece in re.split(r"[.:;|\n]", text.lower()):
        words = re.findall(r"[\w%°µΩ^/-]+", piece)
        yield from (tuple(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))
