"""Pictures of descriptors: diffraction in colours, Betti numbers as curves, fragments as a graph of bonds.

The graph is that of a crystal's bonds, coloured by a property, beside its fragments by elements.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tools.bonds import radius
from tools.descriptors.composition import PROPERTIES, element_properties
from tools.descriptors.contract import Floats
from tools.descriptors.fragments import Bonds, find_bonds
from tools.descriptors.tool import MOST_ATOMS, Description
from tools.descriptors.topology import FARTHEST, NAMES
from tools.structures import read_structure
from tools.structures.atoms import Atoms
from tools.structures.elements import SYMBOLS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


MOST_BARS: Final = 20  # that are named


def draw(described: Description, structure: str) -> "Figure":
    """Return the picture of the description of a structure, given as the text that was described."""
    from matplotlib.figure import Figure

    if described.descriptor == "fragments":
        return draw_fragments(read_structure(structure, MOST_ATOMS))
    figure = Figure(figsize=(5.2, 4.2), layout="constrained", dpi=130)
    axes = figure.subplots()
    values = np.array([np.nan if v is None else v for v in described.values]).reshape(described.shape)
    if described.descriptor == "diffraction":
        _draw_colours(axes, values)
    elif described.descriptor == "topology":
        for name, curve in zip(NAMES, values, strict=True):
            axes.step(np.linspace(0, FARTHEST, len(curve), endpoint=False), curve, where="post", label=name)
        axes.set_xlabel("distance (Å)")
        axes.set_ylabel("number for each atom")
        axes.legend()
    elif len(values) <= MOST_BARS:
        axes.bar(range(1, len(values) + 1), values, color="#4b7fb5")
        axes.set_xlabel("eigenvalue")
        axes.set_ylabel(f"value ({described.unit})")
    else:
        axes.plot(values, color="#4b7fb5", linewidth=0.9)
        axes.set_xlabel("component")
        axes.set_ylabel("value" if described.unit == "1" else f"value ({described.unit})")
    axes.set_title(f"{described.descriptor.replace('_', ' ')}, {described.atoms} atoms", fontsize=10)
    return figure


def _draw_colours(axes: Any, values: np.ndarray) -> None:  # noqa: ANN401 - of matplotlib
    """Root of the intensity, so that weak spots are seen."""
    axes.imshow(np.sqrt(np.moveaxis(values, 0, -1)), interpolation="nearest")
    axes.set_xlabel("pixel; rotated about x red, y green, z blue")
    axes.set_ylabel("pixel")


LABEL: Final = "electronegativity"
VIEW: Final = np.array([[0.94, -0.34, 0.0], [0.12, 0.33, 0.94], [-0.32, -0.88, 0.35]])
"""Rows: to the right, up, and towards who looks: from a little above the plane of x and y."""
MOST_KINDS: Final = 10  # of fragments that are named
SIZE: Final = 150.0  # of an atom with a radius of 1 Å, in square points


def draw_fragments(atoms: Atoms) -> "Figure":
    """Return the picture. Raises DescriptorError where no Voronoi cell can be made."""
    from matplotlib.figure import Figure

    numbers = np.array([SYMBOLS[symbol] for symbol in atoms.symbols])
    places = (atoms.fractional % 1.0) @ atoms.lattice
    bonds = find_bonds(places, numbers, atoms.lattice)
    figure = Figure(figsize=(9.5, 4.2), layout="constrained", dpi=130)
    left, right = figure.subplots(1, 2)
    _draw_graph(left, atoms, places, bonds, element_properties(numbers)[:, list(PROPERTIES).index(LABEL)])
    _draw_kinds(right, atoms.symbols, bonds)
    figure.suptitle(f"fragments, {len(numbers)} atoms in the cell", fontsize=10)
    return figure


def _draw_graph(axes: Any, atoms: Atoms, places: Floats, bonds: Bonds, labels: Floats) -> None:  # noqa: ANN401 - of matplotlib
    """Draw each bond from both of its ends, so that those that leave the cell are seen to."""
    from matplotlib.collections import LineCollection

    starts, ends = places[bonds.first] @ VIEW.T, (places[bonds.first] + bonds.vector) @ VIEW.T
    difference = np.abs(labels[bonds.first] - labels[bonds.second])
    lines = LineCollection(
        np.stack([starts[:, :2], ends[:, :2]], axis=1).tolist(), cmap="viridis", linewidths=2.2, zorder=2
    )
    lines.set_array(difference)
    lines.set_clim(0.0, max(float(np.nanmax(difference, initial=0.0)), 0.1))
    axes.add_collection(lines)
    axes.figure.colorbar(
        lines, ax=axes, label=f"bond: difference of {LABEL} (Pauling)", location="bottom", shrink=0.6
    )
    for edge in _edges(atoms.lattice):
        axes.plot(*(edge @ VIEW.T)[:, :2].T, color="#b8bbbf", linewidth=0.7, zorder=1)
    symbols = atoms.symbols
    for number, symbol in enumerate(sorted(set(symbols))):
        some = places[[one == symbol for one in symbols]] @ VIEW.T
        images = ends[[symbols[other] == symbol for other in bonds.second]]
        style = {"s": SIZE * radius(symbol), "color": f"C{number}", "linewidths": 0.5}
        axes.scatter(some[:, 0], some[:, 1], label=symbol, zorder=4, edgecolors="black", **style)
        axes.scatter(images[:, 0], images[:, 1], zorder=3, alpha=0.2, edgecolors="none", **style)
    axes.legend(fontsize=8, loc="upper left")
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_axis_off()


def _edges(lattice: Floats) -> list[Floats]:
    corners = list(np.ndindex(2, 2, 2))
    pairs = [
        (p, q) for p in corners for q in corners if sum(q) == sum(p) + 1 and np.subtract(q, p).min() == 0
    ]
    return [np.array([p, q], dtype=float) @ lattice for p, q in pairs]


def _draw_kinds(axes: Any, symbols: tuple[str, ...], bonds: Bonds) -> None:  # noqa: ANN401 - of matplotlib
    """Draw how many bonds and paths of three atoms there are for each atom of the cell, by elements."""
    kinds = count_kinds(symbols, bonds)
    shown = kinds.most_common(MOST_KINDS)
    names, counts = [name for name, _ in shown], [count / len(symbols) for _, count in shown]
    for told, color, dashes in (("bonds", "#4b7fb5", 1), ("paths of three atoms", "#c98b3a", 2)):
        rows = [row for row, name in enumerate(names) if name.count("–") == dashes]
        axes.barh(rows, [counts[row] for row in rows], color=color, label=told, height=0.6)
    axes.legend(fontsize=8, loc="lower right")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("fragments for each atom of the cell")
    if len(kinds) > len(shown):
        axes.set_title(f"the {len(shown)} commonest of {len(kinds)} kinds", fontsize=9)


def count_kinds(symbols: tuple[str, ...], bonds: Bonds) -> Counter[str]:
    """Return how many bonds ("Na–Cl") and paths of three atoms ("Cl–Na–Cl") the cell holds."""
    kinds: Counter[str] = Counter()
    for middle, symbol in enumerate(symbols):
        ends = [symbols[other] for other in bonds.second[bonds.first == middle]]
        for place, one in enumerate(ends):
            kinds["–".join(sorted((symbol, one)))] += 1
            for other in ends[place + 1 :]:
                low, high = sorted((one, other))
                kinds[f"{low}–{symbol}–{high}"] += 1
    for name in kinds:
        if name.count("–") == 1:
            kinds[name] //= 2  # each bond was met from both of its ends
    return kinds
