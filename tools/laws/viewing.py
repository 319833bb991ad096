"""A law as blocks that a person sees, and as a picture."""

from io import BytesIO
from typing import Any, Final, Literal

from tools.laws.schema import Constant, LawResult
from tools.quantity import write
from tools.views import Block, Plot, Sentences, Series, Table

INNER, OUTER = "#08306b", "#b2182b"
LEVEL: Final = 1.96
"""Half width of a 95 % interval in standard errors."""


def view(result: LawResult) -> tuple[Block, ...]:
    """Return formula and verdict, constants, alternatives, and law against observation."""
    law = result.law
    told = [result.verdict, *result.notes]
    if result.rejected:
        told.append(f"Not in the law: {', '.join(result.rejected)}.")
    if law is None:
        return (Sentences(tuple(told)),)
    test, score = result.out_of_range, result.accuracy
    if test is not None:
        told.append(
            f"Out of range, squared error over variance: {write(float(f'{test.law:.3g}'))}; "
            f"of a straight line {write(float(f'{test.line:.3g}'))}."
        )
    if result.stability is not None:
        told.append(f"This form is the best in {100 * result.stability:.0f} % of resamples of the rows.")
    head = f"{law.formula}  (SI base units{'; any coherent units' if law.pure and not score else ''})"
    rows = tuple((one.symbol, interval(one), one.unit, one.simple or "") for one in law.constants)
    blocks: list[Block] = [
        Sentences((head, *told)),
        Table(("constant", "value (95 %)", "unit", "simple number"), rows, title=f"Constants of {law.form}"),
    ]
    if result.domain:
        spans = tuple((one.name, write(one.low), write(one.high), one.unit) for one in result.domain)
        blocks.append(Table(("variable", "from", "to", "unit"), spans, title="Range of the rows"))
    if result.alternatives:
        others = tuple(
            (one.formula, f"{one.longer:.1f}", f"{one.relative_error:.2g}") for one in result.alternatives
        )
        blocks.append(Table(("formula", "nats longer", "error / spread"), others, title="Next best"))
    if result.points:
        series = tuple(
            Series(name, tuple(p.observed for p in result.points if p.outer == outer),
                   tuple(p.predicted for p in result.points if p.outer == outer))
            for name, outer in (("fitted", False), ("out of range, unseen", True))
            if any(p.outer == outer for p in result.points)
        )  # fmt: skip
        blocks.append(
            Plot("Law against observation", _axis("observed", result), _axis("law", result), series)
        )
    return tuple(blocks)


def interval(constant: Constant) -> str:
    """Return `0.5002 ± 0.0004`, half the width of the 95 % interval."""
    return write(constant.value, (constant.high - constant.low) / 2)


def draw(result: LawResult, form: Literal["png", "svg"] = "png") -> bytes:
    """Return a picture of law, observation and residuals. Raises ValueError without a law."""
    from textwrap import fill

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if result.law is None or not result.points:
        raise ValueError("no law was found, so there is nothing to draw")
    figure = Figure(figsize=(8.4, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    for name, outer, colour, marker in (
        ("fitted rows", False, INNER, "o"),
        ("out of range, unseen", True, OUTER, "^"),
    ):
        points = [p for p in result.points if p.outer == outer]
        if points:
            said, seen = [p.predicted for p in points], [p.observed for p in points]
            style: dict[str, Any] = {
                "s": 12,
                "color": colour,
                "marker": marker,
                "alpha": 0.6,
                "linewidths": 0,
            }
            left.scatter(said, seen, label=name, **style)
            right.scatter(said, [s - p for s, p in zip(seen, said, strict=True)], **style)
    ends = [min(p.predicted for p in result.points), max(p.predicted for p in result.points)]
    left.plot(ends, ends, color="0.5", linewidth=0.8)
    right.axhline(0, color="0.5", linewidth=0.8)
    left.set(xlabel=_axis("law", result), ylabel=_axis("observed", result))
    right.set(xlabel=_axis("law", result), ylabel=_axis("observed minus law", result))
    left.legend(fontsize=8, framealpha=0.9)
    figure.suptitle(fill(result.law.formula, 100), fontsize=9, parse_math=False)
    buffer = BytesIO()
    metadata: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
    figure.savefig(buffer, format=form, dpi=144, metadata=metadata)
    return buffer.getvalue()


def _axis(kind: str, result: LawResult) -> str:
    unit = "" if result.unit == "1" else f" ({result.unit})"
    return f"{result.target}, {kind}{unit}"
