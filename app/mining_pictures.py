"""The map of a job: disciplines against disciplines, as a still picture and as one to look into."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agents.mining.atlas import Meeting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from app.atlas_map import ConceptNeighbourhood, DisciplineLink

SHORT = 26  # characters of a discipline's name beside the map
TITLE = "Share of tried methods judged yes or maybe"
COLORS = "YlGnBu"
LEGEND = {  # above, as a phone has no room beside the map
    "orientation": "h",
    "y": 1.02,
    "yanchor": "bottom",
    "thickness": 10,
    "title": {"text": "Share not denied<br>rows: methods of<br>columns: problems of", "side": "top"},
}
ARROWS = 40  # between disciplines: more would hide each other


def draw_png(meetings: Sequence[Meeting], path: Path, note: str) -> None:
    """Heat map and graph side by side; white: nothing was tried."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names, shares = table(meetings)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(19, 9.5), width_ratios=(1.25, 1), layout="constrained"
    )
    image = left.imshow(shares, cmap=COLORS, vmin=0, vmax=1)
    left.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
    left.set_yticks(range(len(names)), names, fontsize=8)
    left.set_xlabel("problems of")
    left.set_ylabel("methods of")
    left.set_title(TITLE, fontsize=10)
    figure.colorbar(image, ax=left, shrink=0.7, label="share of answers that are not no")
    _draw_graph(right, names, meetings)
    figure.supxlabel(note, fontsize=9, color="#555555")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_heat(meetings: Sequence[Meeting]) -> "Figure":
    """Interactive: numbers behind each field come up under the pointer."""
    names, shares = table(meetings)
    told = {(short(m.home.label), short(m.field.label)): _told(m) for m in meetings}
    texts = [[told.get((home, field), "nothing was tried") for field in names] for home in names]
    return _heat(names, shares, texts, LEGEND, zmin=0, zmax=1)


def draw_joined(meetings: "Sequence[DisciplineLink]") -> "Figure":
    """What the literature joins. Interactive; each doubling of pairs adds as much to the color."""
    import numpy as np

    names = sorted({short(ref.label) for m in meetings for ref in (m.home, m.field)})
    at = {name: place for place, name in enumerate(names)}
    depth = np.full((len(names), len(names)), np.nan)
    texts = [["none" for _ in names] for _ in names]
    for m in meetings:
        row, column = at[short(m.home.label)], at[short(m.field.label)]
        depth[row, column] = np.log2(1 + m.pairs)
        texts[row][column] = (
            f"{m.pairs} pairs of {m.methods} methods and {m.problems} problems, since {m.since}"
        )
    ticks = [n for n in (1, 3, 10, 30, 100, 300) if np.log2(1 + n) <= np.nanmax(depth, initial=1) + 1]
    bar = {**LEGEND, "tickvals": [float(np.log2(1 + n)) for n in ticks], "ticktext": list(map(str, ticks))}
    title = "Pairs joined in abstracts<br>rows: methods of<br>columns: problems of"
    bar["title"] = {"text": title, "side": "top"}
    return _heat(names, depth, texts, bar)


def _heat(
    names: Sequence[str],
    values: "NDArray[np.float64]",
    texts: Sequence[Sequence[str]],
    bar: Mapping[str, object],
    **limits: float,
) -> "Figure":
    """Disciplines against disciplines: methods down, problems across."""
    from plotly.graph_objects import Figure, Heatmap

    heat = Heatmap(
        z=values.tolist(),
        x=names,
        y=names,
        text=texts,
        hovertemplate="methods of %{y}<br>problems of %{x}<br>%{text}<extra></extra>",
        colorscale=COLORS,
        colorbar=bar,
        **limits,
    )
    figure = Figure(heat)
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(tickangle=-60)
    return figure


def draw_neighbours(found: "ConceptNeighbourhood") -> "Figure":
    """Bars: the strongest neighbours of a concept, as long as they are strong, with their abstracts."""
    from plotly.graph_objects import Bar, Figure

    near = found.neighbours
    bars = Bar(
        x=[one.strength for one in near],
        y=[short(one.concept.label) for one in near],
        customdata=[[one.concept.label, one.together] for one in near],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} abstracts<br>strength %{x:.2f}<extra></extra>",
        orientation="h",
        marker={"color": "#4b7fb5"},
    )
    figure = Figure(bars)
    figure.update_layout(
        height=60 + 22 * len(near),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        dragmode=False,
        xaxis={"title": {"text": "log of observed over expected abstracts"}},
    )
    figure.update_yaxes(autorange="reversed", dtick=1)
    return figure


def table(meetings: Sequence[Meeting]) -> tuple[list[str], "NDArray[np.float64]"]:
    """Short names of all disciplines, and the shares (methods of, problems of); not a number: not tried."""
    import numpy as np

    names = sorted({short(ref.label) for m in meetings for ref in (m.home, m.field)})
    places = {name: place for place, name in enumerate(names)}
    shares = np.full((len(names), len(names)), np.nan)
    for m in meetings:
        shares[places[short(m.home.label)], places[short(m.field.label)]] = m.open_share
    return names, shares


def short(label: str) -> str:
    return label if len(label) <= SHORT else f"{label[: SHORT - 1].rstrip(' ,&')}…"


def _told(m: Meeting) -> str:
    return f"{m.pairs} pairs: {m.yes} yes, {m.maybe} maybe; mean mark {m.mark:.0f}, best {m.best:.0f}"


def _draw_graph(axes: "object", names: Sequence[str], meetings: Sequence[Meeting]) -> None:
    """Disciplines on a circle; an arrow from whose methods to whose problems, as wide as there are yeses."""
    import numpy as np

    angles = 2 * np.pi * np.arange(len(names)) / max(1, len(names))
    at = {name: (np.cos(a), np.sin(a)) for name, a in zip(names, angles, strict=True)}
    most = max((m.yes for m in meetings), default=0)
    for m in sorted(meetings, key=lambda m: (-m.yes, -m.mark))[:ARROWS]:
        if m.yes:
            arrow = {"arrowstyle": "-|>", "alpha": 0.45, "lw": 0.5 + 3 * m.yes / most, "color": "#4b7fb5"}
            arrow |= {"connectionstyle": "arc3,rad=0.15", "shrinkA": 6, "shrinkB": 6}
            axes.annotate("", at[short(m.field.label)], at[short(m.home.label)], arrowprops=arrow)  # type: ignore[attr-defined]  # matplotlib's axes
    for name, (x, y) in at.items():
        axes.plot(x, y, "o", color="#c47a3d")  # type: ignore[attr-defined]  # as above
        axes.text(1.08 * x, 1.08 * y, name, fontsize=8, ha="left" if x >= 0 else "right", va="center")  # type: ignore[attr-defined]  # as above
    axes.set(xlim=(-2, 2), ylim=(-1.35, 1.35), aspect="equal", title="Where most was judged yes")  # type: ignore[attr-defined]  # as above
    axes.axis("off")  # type: ignore[attr-defined]  # as above
