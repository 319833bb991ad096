"""What tools answered: each number with its unit and uncertainty, each failure with its reason."""

import json
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from agents.schema import Evidence
from app.ui.foreign import inline
from app.ui.layout import PROSE, labelled
from app.ui.parts.specimens import find_specimens, show_specimens
from app.ui.parts.structure import find_configuration, show_structure

MOST_ROWS: Final = 12
QUANTITY = "value"  # a mapping with this key is a number with what belongs to it


def show_evidence(pieces: list[Evidence], *, key: str) -> None:
    if not pieces:
        st.caption("No tool was run.")
    for position, piece in enumerate(pieces):
        _show_piece(piece, key=f"{key}-{position}")


def _show_piece(piece: Evidence, *, key: str) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True):
            st.markdown(f"**{inline(piece.source)}**")
            if not piece.answered:
                st.badge("failed", color="red")
            st.caption(f"asked by {inline(piece.asked_by)}")
        if piece.error is not None:
            with st.container(width=PROSE):
                st.markdown(inline(piece.error))
        _show_table("Asked", piece.inputs)
        _show_table("Answer", piece.content)
        configuration = find_configuration(piece)
        if configuration is not None:
            show_structure(configuration, key=f"{key}-structure")
        show_specimens(find_specimens(piece), key=f"{key}-specimen")


def _show_table(heading: str, values: Mapping[str, object]) -> None:
    if not values:
        return
    records = {name: value for name, value in values.items() if _is_records(value)}
    plain = {name: value for name, value in values.items() if name not in records}
    with labelled(heading):
        if plain:
            st.table(
                {
                    "what": [inline(name) for name in plain],
                    "told": [inline(told(value)) for value in plain.values()],
                },
                border="horizontal",
                hide_index=True,
                hide_header=True,
            )
        for name, value in records.items():
            _show_records(name, value)


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _show_records(name: str, records: Any) -> None:  # noqa: ANN401 - a list of mappings, which JSON held
    """One row a record; what is beyond the first rows is in the report's JSON."""
    columns = list(dict.fromkeys(key for record in records for key in record))
    shown = records[:MOST_ROWS]
    st.caption(
        inline(name) if len(shown) == len(records) else inline(f"{name}: {len(shown)} of {len(records)}")
    )
    st.table(
        {inline(key): [inline(told(record.get(key, ""))) for record in shown] for key in columns},
        border="horizontal",
        hide_index=True,
    )


def told(value: object) -> str:
    """`2.61 ± 0.08 eV` for a quantity; else its JSON, without the quotes of a plain text."""
    if isinstance(value, str):
        return value
    if value is None:
        return "–"
    if isinstance(value, Mapping) and QUANTITY in value:
        return _quantity(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _quantity(value: Mapping[str, object]) -> str:
    rest = {name: item for name, item in value.items() if name not in {QUANTITY, "uncertainty", "unit"}}
    spread = value.get("uncertainty")
    parts = [
        str(value[QUANTITY]),
        "" if spread is None else f"± {spread}",
        str(value.get("unit") or ""),
        *(f"({name} {item})" for name, item in rest.items()),
    ]
    return " ".join(part for part in parts if part)
