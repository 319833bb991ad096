"""Pictures of what tools say: structures in 3D, molecules in 2D, plots."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from tools.bonds import radius
from tools.views import ChangedSite, Plot, Structure, Vector

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

WIDTH, HEIGHT = 260, 200  # of a molecule, pixels
COLORS: Final = (
    "#4b7fb5",
    "#c47a3d",
    "#5f9b6f",
    "#a0668f",
    "#8a8d91",
    "#a39130",
)  # seen on light and on dark
ELEMENTS: Final = {
    "H": "#b9bcc0", "B": "#d98c7e", "C": "#6f7478", "N": "#4a6fd0", "O": "#d0463b", "F": "#6fae5a",
    "P": "#e08a2e", "S": "#d6b426", "Cl": "#57a84f", "Se": "#d58a3a", "Mo": "#3f9a9a", "W": "#3d7fb0",
    "Ga": "#b07f86", "In": "#9a6f9c", "Ti": "#8a95a0", "Ba": "#4f9a4f",
}  # fmt: skip
"""Colours that many programs give these elements, in shades that are seen on light and on dark."""
LINE, GONE, CAME = "#8a8d91", "#d0342c", "#e08a2e"  # bonds and edges; what is missing; what is foreign
BESIDE: Final = {"x": 2.18, "y": 0.86, "z": 0.69}  # beside the cell's diagonal, where atoms hide each other
ABOVE: Final = {"x": 0.05, "y": -0.7, "z": 3.1}  # a layer is looked at from above
THIN: Final = 0.3  # of its width: what is not higher is a layer
FEW: Final = 40  # atoms that are drawn large
RING: Final = 2.8  # its size against that of an atom of 1 Å
LABEL: Final = 40  # characters of a name in a chart
SHORT: Final = 12  # whole numbers up to which each has its tick


def draw_structure(structure: Structure) -> "Figure":
    """Return atoms by their covalent radii, bonds, the cell's edges, and rings where something is changed."""
    from plotly.graph_objects import Figure

    figure = Figure([_draw_lines(structure.edges, 1), _draw_lines(_bonds(structure), 3)])
    size = 15 if len(structure.places) <= FEW else 5
    for number, element in enumerate(sorted(set(structure.elements))):
        mine = [p for p, e in zip(structure.places, structure.elements, strict=True) if e == element]
        color = ELEMENTS.get(element, COLORS[number % len(COLORS)])
        marker = {"size": size * radius(element), "color": color, "line": {"width": 0.5, "color": LINE}}
        figure.add_trace(_draw_points(element, mine, marker))
    for label in dict.fromkeys(mark.label for mark in structure.marks):
        figure.add_trace(_draw_marks(label, [mark for mark in structure.marks if mark.label == label], size))
    figure.update_scenes(
        aspectmode="data",
        camera={"eye": ABOVE if is_layer(structure.places) else BESIDE},
        **{f"{axis}axis": {"visible": False} for axis in "xyz"},
    )
    return figure


def draw_plot(plot: Plot) -> "Figure":
    """Return the series with bars of one standard deviation."""
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    for series in plot.series:
        bars = {"type": "data", "array": series.std} if series.std else None
        mode = "lines+markers" if series.line else "markers"
        figure.add_trace(Scatter(x=series.x, y=series.y, error_y=bars, mode=mode, name=name(series.name)))
    whole = _are_few_whole(x for series in plot.series for x in series.x)
    figure.update_xaxes(title=name(plot.x), dtick=1 if whole else None)
    figure.update_yaxes(title=name(plot.y))
    return figure


def _are_few_whole(numbers: Iterable[float]) -> bool:
    """Whether all are whole numbers of a short row: components, which have no halves."""
    found = set(numbers)
    return bool(found) and all(float(x).is_integer() for x in found) and max(found) - min(found) <= SHORT


def draw_molecule(smiles: str) -> str:
    """Return an SVG element without any text of the string's own. It needs RDKit."""
    from rdkit import Chem
    from rdkit.Chem.Draw import rdMolDraw2D

    drawer = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT)
    options: Any = drawer.drawOptions()
    options.clearBackground = False
    options.useBWAtomPalette()
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, Chem.MolFromSmiles(smiles))
    drawer.FinishDrawing()
    return re.sub(r"#000000", "currentColor", inline_svg(str(drawer.GetDrawingText())))


def inline_svg(drawn: str) -> str:
    """Return a picture as a page takes it: without the head of an XML file."""
    return drawn[drawn.index("<svg") :]


def name(text: str) -> str:
    """One short line for plotly, which would make links and markup of HTML."""
    line = " ".join(text.split())
    return escape(line if len(line) <= LABEL else f"{line[: LABEL - 1].rstrip()}…")


def _bonds(structure: Structure) -> list[tuple[Vector, Vector]]:
    return [(structure.places[one], structure.places[other]) for one, other in structure.bonds]


def is_layer(places: Sequence[Vector]) -> bool:
    if not places:
        return False
    spans = [max(column) - min(column) for column in zip(*places, strict=True)]
    return bool(spans[2] < THIN * min(spans[0], spans[1]))


def _draw_lines(pairs: Sequence[tuple[Vector, Vector]], width: int) -> Any:  # noqa: ANN401 - plotly ships no types
    """All as one line, broken between them."""
    from plotly.graph_objects import Scatter3d

    columns = [[value for one, other in pairs for value in (one[k], other[k], None)] for k in range(3)]
    x, y, z = columns
    line = {"color": LINE, "width": width}
    return Scatter3d(x=x, y=y, z=z, mode="lines", line=line, showlegend=False, hoverinfo="skip")


def _draw_points(label: str, places: Sequence[Vector], marker: dict[str, object]) -> Any:  # noqa: ANN401 - as above
    from plotly.graph_objects import Scatter3d

    x, y, z = ([place[k] for place in places] for k in range(3))
    told = f"{name(label)}<br>%{{x:.2f}}, %{{y:.2f}}, %{{z:.2f}} Å<extra></extra>"
    return Scatter3d(x=x, y=y, z=z, mode="markers", name=name(label), marker=marker, hovertemplate=told)


def _draw_marks(label: str, marks: Sequence[ChangedSite], size: int) -> Any:  # noqa: ANN401 - as above
    """A red ring where an atom is gone, one in orange around an atom that came."""
    color = CAME if marks[0].element else GONE
    marker = {
        "size": RING * size,
        "symbol": "circle-open",
        "color": color,
        "line": {"width": 3, "color": color},
    }
    return _draw_points(label, [mark.place for mark in marks], marker)
