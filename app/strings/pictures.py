"""Crystals in 3D, molecules in 2D, funnels and histograms."""

import re
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.crystal import Crystal
from tools.generation.results import Scored

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LARGEST: Final = 1_000  # atoms that a browser turns without effort
WIDTH, HEIGHT = 260, 200  # of a molecule, pixels
COLORS: Final = (
    "#4b7fb5",
    "#c47a3d",
    "#5f9b6f",
    "#a0668f",
    "#8a8d91",
    "#a39130",
)  # seen on light and on dark
EDGE: Final = 1e-3  # of a cell vector: an atom this near to a face is drawn on the opposite one too
BINS: Final = 40
FEW: Final = 12  # whole numbers that each get a tick
VIEW: Final = {"x": 2.18, "y": 0.86, "z": 0.69}  # beside the cell's diagonal, where atoms hide each other
OURS, REAL = "#c47a3d", "#4b7fb5"


def draw_crystal(crystal: Crystal) -> "Figure":
    """Atoms by their covalent radii, the cell's edges as lines; atoms on faces are drawn on all of them."""
    from plotly.graph_objects import Figure, Scatter3d

    symbols, places = _with_images(crystal)
    figure = Figure()
    x, y, z = _edges(crystal.lattice).T
    line = {"color": "#8a8d91", "width": 2}
    figure.add_trace(Scatter3d(x=x, y=y, z=z, mode="lines", line=line, showlegend=False, hoverinfo="skip"))
    for number, symbol in enumerate(sorted(set(symbols))):
        mine = places[np.array(symbols) == symbol]
        figure.add_trace(
            Scatter3d(
                **dict(zip("xyz", mine.T.round(3).tolist(), strict=True)),
                mode="markers",
                name=symbol,
                marker={
                    "size": 11 * _radius(symbol),
                    "color": COLORS[number % len(COLORS)],
                    "line": {"width": 1},
                },
                hovertemplate=f"{symbol}<br>%{{x:.2f}}, %{{y:.2f}}, %{{z:.2f}} Å<extra></extra>",
            )
        )
    figure.update_scenes(
        aspectmode="data",
        camera={"eye": VIEW},
        **{f"{axis}axis": {"visible": False} for axis in "xyz"},
    )
    figure.update_layout(margin=dict.fromkeys("lrtb", 0), height=280, legend={"orientation": "h", "y": 0})
    return figure


def draw_molecule(smiles: str) -> str:
    """An SVG element without any text of the string's own."""
    from rdkit import Chem
    from rdkit.Chem.Draw import rdMolDraw2D

    drawer = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT)
    options: Any = drawer.drawOptions()
    options.clearBackground = False
    options.useBWAtomPalette()
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, Chem.MolFromSmiles(smiles))
    drawer.FinishDrawing()
    drawn = str(drawer.GetDrawingText())
    return re.sub(r"#000000", "currentColor", drawn[drawn.index("<svg") :])


def draw_funnel(scored: Scored) -> "Figure":
    """Bars of how many samples reached each stage."""
    from plotly.graph_objects import Bar, Figure

    judged = [
        ("requested", scored.requested),
        *((str(s.stage), s.count) for s in scored.funnel if s.count is not None),
    ]
    names, counts = zip(*judged, strict=True)
    whole = max(1, scored.requested)
    figure = Figure(
        Bar(
            x=counts,
            y=names,
            orientation="h",
            marker_color=REAL,
            text=[f"{count:,} · {count / whole:.1%}" for count in counts],
            textposition="auto",
            hoverinfo="skip",
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(height=60 + 34 * len(names), margin={"l": 8, "r": 8, "t": 8, "b": 24})
    return figure


def draw_histogram(title: str, values: Sequence[float], real: Sequence[float]) -> "Figure":
    """Shares of the samples, beside those of the reference where there is one."""
    from plotly.graph_objects import Bar, Figure

    some = [*values, *real]
    whole = all(float(value).is_integer() for value in some)
    low, high = min(some), max(some)
    edges = np.arange(low - 0.5, high + 1) if whole else np.linspace(low, high or low + 1, BINS + 1)
    figure = Figure()
    for name, part, color in (("reference", real, REAL), ("samples", values, OURS)):
        if part:
            counts, _ = np.histogram(part, bins=edges)
            middles = ((edges[1:] + edges[:-1]) / 2).round(4).tolist()
            shares = (counts / len(part)).round(5).tolist()
            figure.add_trace(Bar(x=middles, y=shares, name=name, marker_color=color, opacity=0.6))
    figure.update_xaxes(title=title, dtick=1 if whole and high - low < FEW else None)
    figure.update_yaxes(title="share")
    figure.update_layout(
        barmode="overlay",
        bargap=0.04,
        height=260,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.15},
    )
    return figure


def _with_images(crystal: Crystal) -> tuple[list[str], NDArray[np.float64]]:
    """Symbols and Cartesian places in Å."""
    symbols: list[str] = []
    places: list[NDArray[np.float64]] = []
    inside = crystal.fractional % 1.0
    inside[inside > 1 - EDGE] = 0.0
    for symbol, place in zip(crystal.symbols, inside, strict=True):
        for image in product(*((0, 1) if x < EDGE else (0,) for x in place)):
            symbols.append(symbol)
            places.append((place + image) @ crystal.lattice)
    return symbols, np.array(places)


def _edges(lattice: NDArray[np.float64]) -> NDArray[np.float64]:
    """The twelve edges as one line, broken by rows that are no numbers."""
    rows: list[NDArray[np.float64]] = []
    for axis in range(3):
        others = [k for k in range(3) if k != axis]
        for corner in product((0, 1), repeat=2):
            start = corner[0] * lattice[others[0]] + corner[1] * lattice[others[1]]
            rows += [start, start + lattice[axis], np.full(3, np.nan)]
    return np.array(rows)


def _radius(symbol: str) -> float:
    """Covalent, in Å."""
    from rdkit.Chem import GetPeriodicTable

    return float(GetPeriodicTable().GetRcovalent(symbol))
