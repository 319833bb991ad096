"""A defect configuration in 3D, where a piece of evidence speaks of one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import streamlit as st

from agents.schema import Evidence
from app.ui.foreign import charted, inline
from app.ui.parts.charts import draw
from tools import ToolError

if TYPE_CHECKING:
    from tools.defects import Configuration

LARGEST = 3000  # atoms that a browser turns without effort
VACANCY = "vacancy"


def find_configuration(piece: Evidence) -> "Configuration | None":
    """The first defect configuration that a piece was asked about, in the short form, if it can be read."""
    from tools.defects.spec import looks_like_spec, parse_spec

    for text in _texts(piece.inputs):
        if looks_like_spec(text):
            try:
                found = parse_spec(text)
            except ToolError:  # the tool's own answer says what is wrong with it
                continue
            return found if found.size <= LARGEST else None
    return None


def show_structure(configuration: "Configuration", *, key: str) -> None:
    from plotly.graph_objects import Figure, Scatter3d

    from tools.defects import write_spec

    figure = Figure()
    for name, places in sorted(_places(configuration).items()):
        x, y, z = zip(*places, strict=True)
        gone = name == VACANCY
        figure.add_trace(
            Scatter3d(
                x=x,
                y=y,
                z=z,
                mode="markers",
                name=charted(name),
                marker={
                    "size": 9 if gone else 5,
                    "symbol": "circle-open" if gone else "circle",
                    "color": "#c0392b" if gone else None,
                },
                hovertemplate=f"{charted(name)}<br>%{{x:.2f}}, %{{y:.2f}}, %{{z:.2f}} Å<extra></extra>",
            )
        )
    figure.update_scenes(aspectmode="data", **{f"{a}axis": {"visible": False} for a in "xyz"})
    spec = write_spec(configuration)
    st.caption(f"{inline(spec)} · pristine positions in Å, not relaxed")
    draw(figure, key=key, alt=f"Atoms of {spec}", height=380, turns=True)


def _places(configuration: "Configuration") -> dict[str, list[tuple[float, float, float]]]:
    """Cartesian positions in Å by element; what is gone stands under "vacancy"."""
    host = configuration.host
    changed = {(d.i, d.j, d.basis): d.after for d in configuration.defects}
    places: dict[str, list[tuple[float, float, float]]] = {}
    for i in range(configuration.n):
        for j in range(configuration.m):
            for number, site in enumerate(host.sites):
                species = changed.get((i, j, number), site.element)
                x, y = (site.x + i) * host.plane[0] + (site.y + j) * host.plane[1]
                name = VACANCY if species == "X" else species
                places.setdefault(name, []).append((float(x), float(y), site.z))
    return places


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
