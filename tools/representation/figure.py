"""A counterexample as a picture: the input, what was done to it, and the outputs that should agree."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tools.bonds import radius
from tools.representation.results import Array, CheckResult, Counterexample
from tools.structures.elements import NAMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 9.5, 3.4  # inches
COLORS: Final = {"expected": "#4b7fb5", "found": "#c4412f"}
AXES: Final = "xyz"


def draw(result: CheckResult) -> "Figure | None":
    """Return the first counterexample; None where there is none."""
    from matplotlib.figure import Figure

    finding = next((one for one in result.findings if one.counterexample), None)
    if finding is None or finding.counterexample is None:
        return None
    case = finding.counterexample
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained", dpi=130)
    kinds = {one.name: one.kind.value for one in result.transform.inputs}
    left, middle, right = figure.subplots(1, 3)
    for axes, title, arrays in ((left, "input", case.inputs), (middle, "changed input", case.changed)):
        _draw_input(axes, title, arrays, kinds)
    _draw_outputs(right, case)
    figure.suptitle(f"{result.against or result.name}: counterexample, {finding.claim}", fontsize=10)
    figure.supxlabel(case.change if len(case.change) < 110 else f"{case.change[:107]}…", fontsize=8)  # noqa: PLR2004 - axes, or a pair
    return figure


def _draw_input(axes: Any, title: str, arrays: list[Array], kinds: dict[str, str]) -> None:  # noqa: ANN401 - arrays of any type
    held = {kinds[one.name]: np.array(one.values).reshape(one.shape) for one in arrays}
    axes.set_title(title, fontsize=9)
    places = held.get("position")
    if places is None:
        _draw_numbers(axes, arrays)
        return
    places = places.reshape(-1, places.shape[-1])
    numbers = held.get("species", np.full(len(places), 6))
    lattice = held.get("lattice")
    if lattice is not None:
        corners = np.array([0 * lattice[0], lattice[0], lattice[0] + lattice[1], lattice[1], 0 * lattice[0]])
        axes.plot(corners[:, 0], corners[:, 1], color="#8a8d91", linewidth=0.8)
    for number in sorted({int(z) for z in numbers}):
        some, symbol = places[numbers == number], NAMES[number - 1]
        axes.scatter(
            some[:, 0], some[:, 1], s=90 * radius(symbol), label=symbol if "species" in held else None
        )
    for one in arrays:
        vectors = np.array(one.values).reshape(one.shape)
        if kinds[one.name] not in ("position", "lattice", "species") and vectors.shape == places.shape:
            axes.quiver(*places[:, :2].T, *vectors[:, :2].T, color="#5f9b6f", width=0.008)
    if "species" in held:
        axes.legend(fontsize=7, loc="best")
    axes.set_aspect("equal", adjustable="datalim")
    unit = next(one.unit for one in arrays if kinds[one.name] == "position")
    axes.set_xlabel(f"x ({unit})", fontsize=8)
    axes.set_ylabel(f"y ({unit})", fontsize=8)
    axes.tick_params(labelsize=7)


def _draw_numbers(axes: Any, arrays: list[Array]) -> None:  # noqa: ANN401 - arrays of any type
    for one in arrays:
        axes.plot(range(len(one.values)), one.values, "o-", markersize=4, label=f"{one.name} ({one.unit})")
    axes.legend(fontsize=7)
    _count_components(axes)
    axes.tick_params(labelsize=7)


def _count_components(axes: Any) -> None:  # noqa: ANN401 - matplotlib's
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("component", fontsize=8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_outputs(axes: Any, case: Counterexample) -> None:  # noqa: ANN401 - arrays of any type
    for (name, color), array in zip(COLORS.items(), (case.expected, case.found), strict=True):
        marker = "o" if name == "expected" else "x"
        axes.plot(range(len(array.values)), array.values, marker, color=color, label=name, markersize=6)
    unit = "" if case.expected.unit == "1" else f" ({case.expected.unit})"
    axes.set_title("output", fontsize=9)
    axes.set_ylabel(f"{case.expected.name}{unit}", fontsize=8)
    _count_components(axes)
    axes.legend(fontsize=7)
    axes.tick_params(labelsize=7)
