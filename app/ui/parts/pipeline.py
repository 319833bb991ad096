"""The steps of a run as a picture that is clicked: a row for each perspective, a bar for each call."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from agents.schema import Report
from app.exports.pipeline import COLORS, OTHER, VERDICT_COLORS
from app.steps import TEST, Pipeline, RunStep, StepState
from app.ui.authors import named
from app.ui.foreign import charted, inline
from app.ui.layout import PROSE, facts, labelled
from app.ui.parts.charts import label_rows
from app.ui.parts.evidence import show_evidence
from app.ui.service import connect, refusals

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW = 44  # pixels
LEAST_S = 0.004  # of the whole: a call of milliseconds is seen too
FAINT = 0.35  # of what is under way
ASKING = ("gather", "want")  # steps that choose tools


def show_pipeline(pipeline: Pipeline, key: str) -> RunStep | None:
    """Draw it, and return the step that was clicked last; None where none was."""
    if pipeline.begun is None or pipeline.until is None:
        st.caption("No step was taken yet.")
        return None
    figure = draw_steps(pipeline)
    if pipeline.stage:
        st.caption(inline(pipeline.stage))
    event: Any = st.plotly_chart(
        figure,
        key=key,
        on_select="rerun",
        selection_mode="points",
        alt="When each step of the run took place, by perspective",
        config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False},
    )
    picked = [point["customdata"][0] for point in event.selection.points if point.get("customdata")]
    return pipeline.steps[picked[0]] if picked and picked[0] < len(pipeline.steps) else None


def draw_steps(pipeline: Pipeline) -> "Figure":
    """Draw a trace for each kind of step, so that the legend names them; times in seconds from the first."""
    from plotly.graph_objects import Bar, Figure, Scatter

    labels = {one.key: charted(_title(one.label, one.score, one.failed), 70) for one in pipeline.speakers}
    whole = _whole(pipeline)
    traces: dict[str, list[int]] = {}
    for number, step in enumerate(pipeline.steps):
        if step.speaker in labels and not (step.step == TEST and step.at is None):
            traces.setdefault(step.step, []).append(number)
    figure = Figure()
    for name, numbers in traces.items():
        steps = [pipeline.steps[number] for number in numbers]
        figure.add_trace(
            Bar(
                name=charted(name),
                y=[labels[step.speaker] for step in steps],
                base=[_since(pipeline, step) for step in steps],
                x=[max(step.seconds, LEAST_S * whole) for step in steps],
                orientation="h",
                width=0.34,
                customdata=[[number] for number in numbers],
                hovertext=[_told(step) for step in steps],
                hoverinfo="text",
                marker={
                    "color": COLORS.get(name, OTHER),
                    "opacity": [FAINT if step.state is StepState.RUNNING else 0.9 for step in steps],
                },
            )
        )
    tested = [
        (number, step)
        for number, step in enumerate(pipeline.steps)
        if step.step == TEST and step.state is not StepState.RUNNING and step.speaker in labels
    ]
    if tested:
        places = _places([step for _, step in tested], pipeline, whole)
        figure.add_trace(
            Scatter(
                name="verdicts",
                x=places,
                y=[labels[step.speaker] for _, step in tested],
                mode="markers",
                customdata=[[number] for number, _ in tested],
                hovertext=[_told(step) for _, step in tested],
                hoverinfo="text",
                marker={"size": 13, "color": [_verdict_color(step) for _, step in tested]},
            )
        )
    _lay_out(figure, list(labels.values()), whole)
    return figure


def show_step(run: str, step: RunStep, report: Report | None) -> None:
    """Show prompt, answer and evidence of one step."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{inline(step.step)}, {inline(step.who)}**")
        facts(
            [("State", step.state.value), ("Time", f"{step.seconds:.1f} s"), ("Tokens", f"{step.tokens:,}")]
        )
        if step.said and step.call is None:
            with st.container(width=PROSE):
                st.markdown(inline(step.said))
        if step.call is not None:
            with refusals():
                _show_call(run, step.call)
        if report is not None and step.step in ASKING:
            pieces = [
                piece
                for one in (*report.hypotheses, *report.merged)
                if one.perspective.key == step.speaker
                for piece in one.evidence
            ]
            show_evidence(pieces, key=f"step-{run}-{step.call}")


def _show_call(run: str, number: int) -> None:
    found = connect().call(run, number)
    call = found.call
    facts(
        [("Model", named(call.model)), ("Prompt", call.prompt), ("Prompt SHA-256", call.prompt_sha256[:16])]
    )
    with labelled("Answer"):
        st.code(call.answer, language="json", wrap_lines=True)
    if found.template:
        with st.expander("The prompt's template, of this version"):
            st.code(found.template, language=None, wrap_lines=True)


def _title(label: str, score: float | None, failed: str | None) -> str:
    return f"{label}: no hypothesis" if failed else label if score is None else f"{label}: {score:.1f}"


def _whole(pipeline: Pipeline) -> float:
    assert pipeline.begun is not None  # noqa: S101 - show_pipeline has looked
    assert pipeline.until is not None  # noqa: S101 - as above
    return max((pipeline.until - pipeline.begun).total_seconds(), 1.0)


def _since(pipeline: Pipeline, step: RunStep) -> float:
    return (step.at - pipeline.begun).total_seconds() if step.at and pipeline.begun else 0.0


def _places(tested: list[RunStep], pipeline: Pipeline, whole: float) -> list[float]:
    """Return when tests ended; behind the last call where a report does not say."""
    counted: dict[str, int] = {}
    places = []
    for step in tested:
        if step.at is not None:
            places.append(_since(pipeline, step) + step.seconds)
            continue
        counted[step.speaker] = counted.get(step.speaker, 0) + 1
        places.append(whole * (1.0 + 0.03 * counted[step.speaker]))
    return places


def _verdict_color(step: RunStep) -> str:
    return VERDICT_COLORS.get(step.said.partition(":")[0], OTHER)


def _told(step: RunStep) -> str:
    seconds = f", {step.seconds:.1f} s" if step.at else ""
    said = f": {step.said}" if step.said else ""
    return charted(f"{step.step} {step.who}, {step.state.value}{seconds}, {step.tokens} tokens{said}", 160)


def _lay_out(figure: "Figure", labels: list[str], whole: float) -> None:
    label_rows(figure, labels)
    figure.update_xaxes(title="seconds", range=[0, 1.12 * whole], zeroline=False)
    figure.update_layout(
        height=ROW * len(labels) + 110,
        barmode="overlay",
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        legend={"orientation": "h", "yref": "container", "yanchor": "top", "y": 1, "x": 0},
        dragmode=False,
        clickmode="event+select",
    )
