"""Pictures for people; the optional extra brings matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.defects.errors import BadInput
from tools.defects.extra import needing_extra
from tools.defects.schema import Prediction
from tools.defects.screening import DefectScreening
from tools.defects.windows import ANY, ANY_GAP, Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAR: Final = 1e3  # eV: beyond every axis


def plot_screening(screening: DefectScreening, path: Path) -> None:
    """Gap over energy, the wanted windows and the Pareto front, as PNG. Raises BadInput, MissingExtra."""
    with needing_extra():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.add_subplot()
    _draw(axes, screening)
    axes.set_xlabel("formation energy per site (eV)")
    axes.set_ylabel("HOMO–LUMO gap (eV)")
    axes.set_title(f"{screening.search.host}: {len(screening.answers):,} configurations")
    axes.legend(fontsize="small")
    try:
        FigureCanvasAgg(figure).print_figure(path, dpi=150, format="png")
    except FileNotFoundError as error:
        raise BadInput(f"{path} cannot be written: there is no folder {path.parent}") from error
    except IsADirectoryError as error:
        raise BadInput(f"{path} is a folder: name a PNG file in it") from error


def _draw(axes: "Axes", screening: DefectScreening) -> None:
    inside, front = screening.found, screening.front
    names = {answer.id for answer in inside}
    outside = [a for a in screening.answers if a.applicable and a.id not in names]
    for some, colour, label in ((outside, "0.75", "outside"), (inside, "tab:blue", "in the windows")):
        axes.plot(*_points(some), "o", markersize=3, color=colour, label=f"{label} ({len(some):,})")
    axes.plot(*_points(front), "o-", color="tab:red", fillstyle="none", label=f"Pareto front ({len(front)})")
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())  # kept: a window may be wider than what was found
    for span, window in ((axes.axvspan, screening.search.energy), (axes.axhspan, screening.search.gap)):
        if _is_bound(window):
            span(max(window[0], -FAR), min(window[1], FAR), color="tab:blue", alpha=0.08, linewidth=0)


def _points(answers: Sequence[Prediction]) -> tuple[list[float], list[float]]:
    pairs = [(a.formation_energy_per_site, a.homo_lumo_gap) for a in answers]
    whole = [(energy.value, gap.value) for energy, gap in pairs if energy and gap]
    return [energy for energy, _ in whole], [gap for _, gap in whole]


def _is_bound(window: Window) -> bool:
    return window not in {ANY, ANY_GAP}
