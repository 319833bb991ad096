"""What a model learned as a picture: shares of the variance, and the answer along the strongest inputs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tools.laws.explained import Explanation, InputEffect, Interaction

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN: Final = 3
MOST_BARS: Final = 9
MOST_LINES: Final = 6
COLOR: Final = "#4b7fb5"
LONG: Final = 5  # names of levels beyond which they are written upright


def draw(result: Explanation) -> "Figure":
    """Return the picture of an explanation."""
    from matplotlib.figure import Figure

    shown: list[InputEffect | Interaction] = list(result.interactions[:1])
    shown += result.effects[: SHOWN - len(shown)]
    figure = Figure(figsize=(4.0 + 3.0 * len(shown), 3.6), layout="constrained", dpi=130)
    axes = figure.subplots(1, 1 + len(shown), width_ratios=[1.3, *[1.0] * len(shown)], squeeze=False)[0]
    _draw_shares(axes[0], result)
    unit = "" if result.unit == "1" else f" ({result.unit})"
    name = f"log10 {result.response}" if result.logarithmic else f"{result.response}{unit}"
    named = {one.name: one for one in result.effects}
    for part, one in zip(axes[1:], shown, strict=True):
        if isinstance(one, Interaction):
            _draw_pair(part, one, named)
        else:
            _draw_effect(part, one)
    low, high = zip(*(part.get_ylim() for part in axes[1:]), strict=True)
    for part in axes[1:]:
        part.set_ylim(min(low), max(high))
    axes[1].set_ylabel(name.replace("_", " "))
    held = ", ".join(f"{key} {value}" for key, value in result.held.items())
    figure.suptitle(f"{result.instrument}, {result.asked} settings{f', {held}' if held else ''}", fontsize=10)
    return figure


def _draw_shares(axes: Any, result: Explanation) -> None:  # noqa: ANN401 - of matplotlib
    bars = [(one.name, one.share, COLOR) for one in result.effects]
    bars += [(f"{one.first} ×\n{one.second}", one.share, "#c98b3a") for one in result.interactions]
    bars = sorted(bars, key=lambda bar: -bar[1])[:MOST_BARS]
    axes.barh(range(len(bars)), [100 * share for _, share, _ in bars], color=[color for *_, color in bars])
    axes.set_yticks(range(len(bars)), [name.replace("_", " ") for name, *_ in bars], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("share of the variance (%)")


def _draw_pair(axes: Any, pair: Interaction, named: Mapping[str, InputEffect]) -> None:  # noqa: ANN401 - of matplotlib
    """Draw the answer along the input with more levels, a line for each level of the other."""
    rows = [[float("nan") if value is None else value for value in row] for row in pair.answers]
    along, other = named[pair.first], named[pair.second]
    if len(other.levels) > len(along.levels):
        along, other, rows = other, along, [list(column) for column in zip(*rows, strict=True)]
    for number, level in enumerate(other.levels[:MOST_LINES]):
        told = level.replace("_", " ") if isinstance(level, str) else f"{level:.3g}"
        _draw_effect(axes, along.model_copy(update={"answers": [row[number] for row in rows]}), told)
    axes.legend(title=other.name.replace("_", " "), fontsize=7, title_fontsize=7)


def _draw_effect(axes: Any, one: InputEffect, told: str | None = None) -> None:  # noqa: ANN401 - of matplotlib
    if any(isinstance(level, str) for level in one.levels):
        axes.plot(range(len(one.levels)), one.answers, "o", color=None if told else COLOR, label=told)
        names = [str(level).replace("_", " ") for level in one.levels]
        axes.set_xticks(range(len(names)), names, rotation=90 if len(names) > LONG else 25, fontsize=7)
        axes.margins(x=0.15)
    else:
        axes.plot(one.levels, one.answers, "o-", color=None if told else COLOR, markersize=4, label=told)
        numbers = [float(level) for level in one.levels]
        if min(numbers) > 0 and max(numbers) / min(numbers) > 100:  # noqa: PLR2004 - two decades
            axes.set_xscale("log")
    unit = "" if one.unit == "1" else f" ({one.unit})"
    axes.set_xlabel(f"{one.name.replace('_', ' ')}{unit}", fontsize=9)
