"""The materials and procedures of solar cells, by lists (data/cells.yaml), and where a text names them."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import TypeAdapter

from tools.strict import Strict


class CellTerm(Strict):
    """A material or procedure as the database calls it, and as papers do (regular expressions)."""

    name: str
    words: tuple[str, ...]


class CellMention(NamedTuple):
    """An entry in a text: its name there, and where."""

    name: str
    text: str
    start: int


@cache
def _lists() -> dict[str, tuple[CellTerm, ...]]:
    import yaml

    text = files("tools.reading").joinpath("data", "cells.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, tuple[CellTerm, ...]]).validate_python(yaml.safe_load(text))


def find_terms(kind: str, text: str) -> list[CellMention]:
    """Return the entries of a list in the order of the text, each once."""
    found: dict[str, CellMention] = {}
    for entry in _lists()[kind]:
        match = re.search(rf"(?<![A-Za-z])(?:{'|'.join(entry.words)})(?![A-Za-z])", text)
        if match:
            found[entry.name] = CellMention(entry.name, match.group(), match.start())
    if kind == "substrate":  # glass lies under what conducts, whatever the text names first
        return list(found.values())
    return sorted(found.values(), key=lambda one: one.start)
