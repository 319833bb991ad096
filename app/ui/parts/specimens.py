"""Crystals in 3D and molecules in 2D, where a piece of evidence holds strings that stand for some."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import streamlit as st

from agents.schema import Evidence
from app.ui.foreign import inline
from app.ui.parts.charts import draw
from tools import ToolError
from tools.generation import Form, Sample

TOOLS: Final = ("generate_strings ", "evaluate_strings ", "screen_strings ")
MOST: Final = 3  # pictures of a piece
LARGEST: Final = 300  # atoms


def find_specimens(piece: Evidence) -> list[Sample]:
    """The first strings of an answer that came through, the best first where they are ranked."""
    form = str(piece.content.get("form"))
    if not piece.source.startswith(TOOLS) or form not in set(Form):
        return []
    return [Sample(form=Form(form), text=text) for text in islice(_texts(piece.content), MOST)]


def show_specimens(samples: list[Sample], *, key: str) -> None:
    """Those that can be read; where packages are missing, nothing."""
    for number, sample in enumerate(samples):
        try:
            _show(sample, key=f"{key}-{number}")
        except (ToolError, ModuleNotFoundError):
            return


def _show(sample: Sample, *, key: str) -> None:
    from app.strings.pictures import draw_crystal, draw_molecule
    from tools.generation.downstream.screening import name_of
    from tools.generation.judging.examine import examine
    from tools.generation.judging.facts import CrystalFacts, Wanted

    facts = examine(sample, Wanted()).facts
    if facts is None or (isinstance(facts, CrystalFacts) and len(facts.crystal.symbols) > LARGEST):
        return
    name = name_of(facts)
    if isinstance(facts, CrystalFacts):
        st.caption(f"{inline(name)} · as it was written, not relaxed")
        draw(draw_crystal(facts.crystal), key=key, alt=f"Atoms of {name}", height=320, turns=True)
    else:
        st.caption(inline(name))
        st.image(draw_molecule(facts.smiles), width=260)


def _texts(content: dict[str, object]) -> Iterator[str]:
    for item in _items(content.get("ranked")) or _items(content.get("judged")):
        if isinstance(item, dict) and item.get("lost") is None and isinstance(item.get("text"), str):
            yield item["text"]
    yield from (text for text in _items(content.get("strings")) if isinstance(text, str))


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
