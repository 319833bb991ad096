"""A result as a picture: what the claim says as a band, what was measured as points, the verdict above."""

from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final, Literal

from tools.experiments.schema import Experiment, ExperimentResult, Relation, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = {
    Verdict.SURVIVED: "#1b7837",
    Verdict.REFUTED: "#b2182b",
    Verdict.UNDECIDED: "#8a6d00",
    Verdict.OUTSIDE: "#555555",
}
BAND: Final = "#9ecae1"
POINT: Final = "#08306b"
WIDTH: Final = 92
"""Characters of a line of the title."""


def draw(result: ExperimentResult, form: Literal["png", "svg"] = "png") -> bytes:
    """Return the picture; the same result gives the same bytes. Raises ValueError without measurements."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    plan = result.experiment
    if plan is None or not any(point.value is not None for point in result.points):
        raise ValueError("nothing was measured, so there is nothing to draw")
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_claim(axes, result, plan)
    _draw_points(axes, result, plan)
    axes.set_xlabel(_label(plan.cause, plan.cause_unit))
    axes.set_ylabel(_label(plan.response, plan.response_unit))
    axes.set_title(
        fill(f"{result.verdict.value.upper()}. {result.reason}", WIDTH),
        fontsize=9,
        color=COLOURS[result.verdict],
        loc="left",
        parse_math=False,
    )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, framealpha=0.9)
    buffer = BytesIO()
    with rc_context({"svg.hashsalt": result.key or "", "svg.fonttype": "none"}):
        metadata: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(buffer, format=form, dpi=144, metadata=metadata)
    return buffer.getvalue()


def describe(result: ExperimentResult) -> str:
    """Return the picture in words, for those who cannot see it."""
    plan = result.experiment
    if plan is None:
        return result.reason
    shown = [point for point in result.points if point.value is not None]
    if not shown:
        return f"Nothing could be measured. {result.reason}"
    first, last = shown[0], shown[-1]
    return (
        f"{_label(plan.response, plan.response_unit)} against {_label(plan.cause, plan.cause_unit)}: "
        f"{len(shown)} points, from {first.value:.4g} at {first.cause:.4g} to {last.value:.4g} at "
        f"{last.cause:.4g}. The claim says that it {plan.claim.relation.value}. "
        f"Verdict: {result.verdict.value}. {result.reason}"
    )


def _draw_points(axes: "Axes", result: ExperimentResult, plan: Experiment) -> None:
    shown = [point for point in result.points if point.value is not None]
    cause = [point.cause for point in shown]
    value = [point.value or 0.0 for point in shown]
    error = [2 * (point.std or 0.0) for point in shown]
    axes.errorbar(
        cause,
        value,
        yerr=error if any(error) else None,
        fmt="o-",
        markersize=4,
        linewidth=0.8,
        capsize=2,
        color=POINT,
        label="measured, ± 2 standard errors" if any(error) else "computed",
    )
    if plan.logarithmic:
        axes.set_xscale("log")
    if plan.claim.relation is Relation.SCALES and min(value) > 0:
        axes.set_yscale("log")


def _draw_claim(axes: "Axes", result: ExperimentResult, plan: Experiment) -> None:
    value = [point.value for point in result.points if point.value is not None]
    least = plan.smallest_effect * (max(map(abs, value)) if plan.relative else 1.0)
    relation, first = plan.claim.relation, value[0]
    style: dict[str, Any] = {"color": BAND, "alpha": 0.35, "linewidth": 0}
    room = 0.15 * ((max(value) - min(value)) or abs(first) or 1.0)
    bottom, top = min(value) - room, max(value) + room
    if relation in {Relation.RISES, Relation.SATURATES}:
        axes.axhspan(first + least, max(top, first + 2 * least), label="where the claim has it end", **style)
    elif relation is Relation.FALLS:
        axes.axhspan(
            min(bottom, first - 2 * least), first - least, label="where the claim has it end", **style
        )
    elif relation is Relation.STAYS:
        axes.axhspan(first - least, first + least, label="where the claim has it stay", **style)
    elif relation is Relation.PEAKS:
        axes.axhspan(max(first, value[-1]) + least, top, label="where the claim has a maximum", **style)
    elif relation is Relation.DIPS:
        axes.axhspan(bottom, min(first, value[-1]) - least, label="where the claim has a minimum", **style)
    elif relation is Relation.SCALES and plan.exponent is not None and value[0] > 0:
        _draw_power(axes, result, plan, style)
    if plan.position is not None:
        axes.axvspan(plan.position.low, plan.position.high, label="where the claim has it", **style)
    falsifier = plan.falsifier
    if falsifier and falsifier.quantity in {"value", "position"}:
        line = axes.axhline if falsifier.quantity == "value" else axes.axvline
        line(
            falsifier.number,
            color=COLOURS[Verdict.REFUTED],
            linestyle="--",
            linewidth=0.9,
            label=f"refuted where {falsifier.comparator} {falsifier.number:.4g}",
        )


def _draw_power(axes: "Axes", result: ExperimentResult, plan: Experiment, style: dict[str, Any]) -> None:
    """Draw the claimed power through the middle point, with the smallest difference that counts.

    A steep one leaves the picture a hundred times above or below what was measured.
    """
    import numpy as np

    shown = [point for point in result.points if point.value is not None]
    middle, exponent = shown[len(shown) // 2], plan.exponent or 0.0
    cause = np.array([point.cause for point in shown])
    value = np.array([point.value for point in shown], dtype=float)
    bounds = []
    with np.errstate(all="ignore"):
        for side in (-1, 1):
            power = (cause / middle.cause) ** (exponent + side * plan.smallest_effect)
            claimed = np.nan_to_num((middle.value or 0.0) * power, nan=np.inf)
            bounds.append(np.clip(claimed, np.abs(value).min() / 100, np.abs(value).max() * 100))
    axes.fill_between(cause, bounds[0], bounds[1], label=f"claimed exponent {exponent:.4g}", **style)


def _label(name: str, unit: str) -> str:
    return name.replace("_", " ") + ("" if unit == "1" else f" ({unit})")
