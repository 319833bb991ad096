"""The candidates of a screening over two aims, with the Pareto front."""

from pathlib import Path
from typing import TYPE_CHECKING

from tools.generation.downstream.properties import PROPERTIES, RELAXED, PropertyGoal
from tools.generation.errors import BadFile
from tools.generation.extra import needing_extra
from tools.generation.schema import SampleKind

if TYPE_CHECKING:
    from tools.generation.downstream.screening import Screening


def plot_screening(screening: "Screening", path: Path) -> None:
    """As PNG. Raises BadFile where there are not two aims or the file cannot be written, MissingPackage."""
    if len(screening.screen.aims) < 2:  # noqa: PLR2004 - a plane has two axes
        raise BadFile("a Pareto plot has two axes: rank by two properties")
    with needing_extra():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    across, up = screening.screen.aims[:2]
    known = [one for one in screening.candidates if {across.name, up.name} <= one.properties.keys()]
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.add_subplot()
    for front, colour, size in ((False, "0.6", 14), (True, "tab:red", 28)):
        some = [one for one in known if (one.front == 1) is front]
        x, y = ([one.properties[aim.name].value for one in some] for aim in (across, up))
        axes.scatter(x, y, s=size, c=colour, label="Pareto front" if front else "other candidates")
        for one, left, height in zip(some, x, y, strict=True) if front else ():
            axes.annotate(
                f"{one.rank}", (left, height), fontsize=7, xytext=(4, 3), textcoords="offset points"
            )
    kind = screening.screen.kind
    axes.set_xlabel(_axis(across, kind))
    axes.set_ylabel(_axis(up, kind))
    axes.set_title(f"{len(known):,} of {screening.requested:,} requested strings; numbers are ranks")
    axes.legend(fontsize="small")
    try:
        FigureCanvasAgg(figure).print_figure(path, dpi=150, format="png")
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error


def _axis(aim: PropertyGoal, kind: SampleKind) -> str:
    unit = ({name: one.unit for name, one in PROPERTIES[kind].items()} | RELAXED).get(aim.name, "")
    name = aim.name.replace("_", " ")
    return f"{name}{f' ({unit})' if unit else ''}, {'less' if aim.least else 'more'} is better"
