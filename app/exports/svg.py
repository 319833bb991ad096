"""Structures and plots as SVG elements that stand in a page: the same input gives the same bytes."""

from collections.abc import Iterator
from html import escape
from io import StringIO

from app.drawing import CAME, COLORS, ELEMENTS, GONE, LINE, inline_svg, is_layer
from tools.bonds import radius
from tools.views import ChangedSite, Plot, Structure, Vector

WIDEST = 640  # pixels
MARGIN = 16
MOST = 60.0  # pixels an Å
LARGE = 0.4  # of a covalent radius: an atom's disc
RING = 0.9  # Å: the radius of a ring around what has changed
TILT = 0.18  # a layer is looked at nearly from above, so that what lies below shows
TURN = 0.35  # a crystal is looked at beside its axes
Point = tuple[float, float, float]
"""x, y and depth."""


def draw_structure(structure: Structure) -> str:
    """Return discs by covalent radii, farther ones first, with bonds, edges and a ring at each change."""
    layer = is_layer(structure.places)
    atoms = [_project(place, layer=layer) for place in structure.places]
    marks = [_project(mark.place, layer=layer) for mark in structure.marks]
    edges = [tuple(_project(end, layer=layer) for end in edge) for edge in structure.edges]
    shown = [*atoms, *marks, *(end for edge in edges for end in edge)]
    low_x, high_x = min(p[0] for p in shown), max(p[0] for p in shown)
    low_y, high_y = min(p[1] for p in shown), max(p[1] for p in shown)
    scale = min(WIDEST / max(high_x - low_x, high_y - low_y, 1.0), MOST)
    margin = MARGIN + max(RING, *(LARGE * radius(element) for element in structure.elements)) * scale

    def place(point: Point) -> Point:
        return margin + (point[0] - low_x) * scale, margin + (high_y - point[1]) * scale, point[2]

    width, height = (2 * margin + span * scale for span in (high_x - low_x, high_y - low_y))
    lines = [_line(place(one), place(other), 1) for one, other in edges]
    lines += [_line(place(atoms[one]), place(atoms[other]), 2) for one, other in structure.bonds]
    discs = [
        (point[2], _disc(place(point), LARGE * radius(element) * scale, _color(element, structure)))
        for point, element in zip(atoms, structure.elements, strict=True)
    ]
    rings = [_ring(place(point), mark, scale) for point, mark in zip(marks, structure.marks, strict=True)]
    body = "".join([*lines, *(disc for _, disc in sorted(discs)), *rings])
    legend = "; ".join(dict.fromkeys([*sorted(set(structure.elements)), *(m.label for m in structure.marks)]))
    keys = "".join(_keys(structure, height))
    size = f'viewBox="0 0 {width:.0f} {height + 28:.0f}" width="{width:.0f}" role="img"'
    title = f"<title>{escape(legend)}</title>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{title}{body}{keys}</svg>'


def draw_plot(plot: Plot) -> str:
    """Return the series with bars of one standard deviation."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "plot", "svg.fonttype": "none"}):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes = figure.subplots()
        for series in plot.series:
            style = "o-" if series.line else "o"
            axes.errorbar(
                series.x, series.y, yerr=series.std, fmt=style, label=_plain(series.name), capsize=2
            )
        axes.set_xlabel(_plain(plot.x))
        axes.set_ylabel(_plain(plot.y))
        axes.legend()
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return inline_svg(written.getvalue())


def _plain(text: str) -> str:
    """matplotlib reads formulas between dollars."""
    return text.replace("$", r"\$")


def _project(place: Vector, *, layer: bool) -> Point:
    x, y, z = place
    if layer:
        return x, y + TILT * z, z
    return x + TURN * y, z + TURN * 0.5 * y, -y


def _color(element: str, structure: Structure) -> str:
    order = sorted(set(structure.elements))
    return ELEMENTS.get(element, COLORS[order.index(element) % len(COLORS)])


def _line(one: Point, other: Point, width: int) -> str:
    return (
        f'<line x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{other[0]:.1f}" y2="{other[1]:.1f}" '
        f'stroke="{LINE}" stroke-width="{width}"/>'
    )


def _disc(point: Point, size: float, color: str) -> str:
    x, y, _ = point
    style = f'fill="{color}" stroke="{LINE}" stroke-width="0.5"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {style}/>'


def _ring(point: Point, mark: ChangedSite, scale: float) -> str:
    color, (x, y, _) = CAME if mark.element else GONE, point
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RING * scale:.1f}" fill="none" stroke="{color}" '
        f'stroke-width="3"><title>{escape(mark.label)}</title></circle>'
    )


def _keys(structure: Structure, top: float) -> Iterator[str]:
    """The legend in one line below."""
    labels = [(element, _color(element, structure), True) for element in sorted(set(structure.elements))]
    labels += [(m.label, CAME if m.element else GONE, False) for m in structure.marks]
    x = float(MARGIN)
    for label, color, filled in dict.fromkeys(labels):
        style = f'fill="{color}"' if filled else f'fill="none" stroke="{color}" stroke-width="2"'
        yield f'<circle cx="{x:.0f}" cy="{top + 10:.0f}" r="6" {style}/>'
        where = f'x="{x + 11:.0f}" y="{top + 15:.0f}" font-size="14" fill="currentColor"'
        yield f"<text {where}>{escape(label)}</text>"
        x += 30 + 8.5 * len(label)
