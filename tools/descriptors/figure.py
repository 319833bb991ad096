"""Pictures of descriptors: diffraction in colours, Betti numbers as curves, fragments as a graph of bonds."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tools.descriptors.tool import MOST_ATOMS, Description
from tools.descriptors.topology import FARTHEST, NAMES
from tools.structures import read_structure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_BARS: Final = 20  # that are named


def draw(described: Description, structure: str) -> "Figure":
    """Return the picture of the description of a structure, given as the text that was described."""
    from matplotlib.figure import Figure

    if described.descriptor == "fragments":
        from tools.descriptors.fragments_figure import draw_fragments

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
