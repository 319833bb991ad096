"""A judgement as one HTML file that opens offline: no link, no image and no script from elsewhere.

What strings say reaches the page as escaped text only; pictures are made from parsed atoms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

from app.drawing import draw_molecule, draw_structure
from app.strings.judging import TITLES, Judgement
from tools.generation import SampleVerdict
from tools.generation.downstream.screening import name_of
from tools.generation.extra import needing_extra
from tools.generation.judging.facts import CrystalFacts, SiteFacts
from tools.generation.results import RuleSetScores
from tools.generation.sites.drawing import draw_site
from tools.generation.viewing import DRAWN, draw_crystal

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup
    from plotly.graph_objects import Figure


LARGEST: Final = 1_000  # atoms that a browser turns without effort
SHOWN: Final = 600  # characters of a specimen's string
CONFIG: Final = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False, "responsive": True}
BINS: Final = 40
FEW: Final = 12  # whole numbers that each get a tick
OURS, REAL = "#c47a3d", "#4b7fb5"


@dataclass(frozen=True)
class Specimen:
    """One that came through, with its picture."""

    number: int
    name: str
    text: str
    picture: "Markup | None"


def render_html(judgement: Judgement, title: str) -> str:
    """Raises MissingPackage."""
    with needing_extra():
        import plotly.offline
        from markupsafe import Markup

        evaluation, kept = judgement.evaluation, judgement.kept
        page = PageFigures()
        return _template().render(
            title=title,
            evaluation=evaluation,
            funnels=[(one, page.place(draw_funnel(one))) for one in evaluation.scored],
            histograms=[
                page.place(draw_histogram(TITLES[name], values, judgement.real.get(name, ())))
                for name, values in kept.values.items()
            ],
            specimens=[_specimen(verdict, page) for verdict in kept.specimens],
            plotly=Markup(plotly.offline.get_plotlyjs()),  # noqa: S704 - plotly's own script
        )


class PageFigures:
    """Numbers the figures of one page."""

    def __init__(self) -> None:
        self._placed = 0

    def place(self, figure: "Figure") -> "Markup":
        """The figure's element and script; plotly writes < and > of its data as escapes."""
        from markupsafe import Markup

        self._placed += 1
        figure.update_layout(
            paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font_color="#8a8d91"
        )
        text = figure.to_html(
            full_html=False, include_plotlyjs=False, config=CONFIG, div_id=f"figure-{self._placed}"
        )
        return Markup(text)  # noqa: S704 - made of numbers, stages and symbols of elements


def _specimen(verdict: SampleVerdict, page: PageFigures) -> Specimen:
    facts = verdict.finding.facts
    assert facts is not None  # noqa: S101 - only what came through is kept
    return Specimen(verdict.number, name_of(facts), verdict.sample.text[:SHOWN], _picture(verdict, page))


def _picture(verdict: SampleVerdict, page: PageFigures) -> "Markup | None":
    from markupsafe import Markup

    facts = verdict.finding.facts
    if isinstance(facts, SiteFacts):
        return page.place(_small(draw_structure(draw_site(facts.site, name_of(facts)))))
    if isinstance(facts, CrystalFacts):
        if len(facts.crystal.symbols) > LARGEST:
            return None
        return page.place(_small(draw_structure(draw_crystal(facts.crystal, name_of(facts)))))
    if facts is None or len(facts.smiles) > DRAWN["molecule"]:  # RDKit's time grows with the square
        return None
    return Markup(draw_molecule(facts.smiles))  # noqa: S704 - RDKit's own drawing


def _small(figure: "Figure") -> "Figure":
    figure.update_layout(margin=dict.fromkeys("lrtb", 0), height=280, legend={"orientation": "h", "y": 0})
    return figure


def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["plain"] = write_number
    return environment.from_string((files("app.strings") / "report.html.j2").read_text(encoding="utf-8"))


def write_number(value: float | None) -> str:
    """With as many digits as say something."""
    if value is None:
        return "–"
    return f"{value:.4f}" if abs(value) < 10 else f"{value:,.2f}"  # noqa: PLR2004 - two digits before the point


def draw_funnel(scored: RuleSetScores) -> "Figure":
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
