"""A report, from what must be known first to what it cost and how it is taken away."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from agents.schema import AtlasRef, Failure, Hypothesis, Overview, Report, Status
from app.exports import FORMATS
from app.program import duration
from app.ui.authors import named, warning, writers
from app.ui.figures import cost
from app.ui.foreign import inline, prose, visible
from app.ui.layout import PROSE, Color, facts, field, listed, show_question
from app.ui.parts.card import show_card
from app.ui.parts.ranking import show_origins, show_ranking, show_rating

NOTHING = "This run gave no hypothesis. What stopped each perspective stands below."
STATUS: dict[Status, tuple[str, Color]] = {
    Status.COMPLETE: ("complete", "green"),
    Status.PARTIAL: ("partial", "orange"),
    Status.BUDGET: ("stopped by budget", "orange"),
    Status.INTERRUPTED: ("stopped", "orange"),
    Status.FAILED: ("failed", "red"),
}


def show_report(report: Report, *, marks: Callable[[Hypothesis], None] | None = None) -> None:
    """Show a report; `marks` asks a person's opinion of each hypothesis."""
    show_header(report)
    show_notes(report)
    if report.hypotheses:
        _show_hypotheses(report, marks)
    else:
        st.error(NOTHING, icon=None)
    show_failures(report.failures)
    show_overview(report.overview)
    _show_merged(report)
    with st.expander("Cost and calls"):
        show_usage(report)
    st.subheader("Take it away", anchor=False)
    show_exports(report)


def _show_hypotheses(report: Report, marks: Callable[[Hypothesis], None] | None) -> None:
    st.subheader("Hypotheses", anchor=False)
    table, rating, origins = st.tabs(["Scores", "Rating", "Disciplines"])
    with table:
        picked = show_ranking(report)
    with rating:
        show_rating(report)
    with origins:
        show_origins(report)
    _open(report, picked)
    for rank, hypothesis in enumerate(report.hypotheses, start=1):
        show_card(rank, hypothesis, key=_card_key(report, hypothesis), marks=marks)


def _open(report: Report, picked: str | None) -> None:
    """Open the card of the row that was picked last, once: the reader may fold it again."""
    memory = f"picked-{report.run}"
    if picked is None or st.session_state.get(memory) == picked:
        return
    st.session_state[memory] = picked
    for hypothesis in report.hypotheses:
        st.session_state[_card_key(report, hypothesis)] = hypothesis.key == picked


def _card_key(report: Report, hypothesis: Hypothesis) -> str:
    return f"card-{report.run}-{hypothesis.key}"


def _show_merged(report: Report) -> None:
    if not report.merged:
        return
    st.subheader("Near-duplicates", anchor=False)
    st.caption("Kept whole; a hypothesis above stands for each.")
    for hypothesis in report.merged:
        show_card(None, hypothesis, key=_card_key(report, hypothesis), marks=None)


def show_header(report: Report) -> None:
    show_question(report.question)
    with st.container(horizontal=True, gap="small"):
        word, color = STATUS[report.status]
        st.badge(word, color=color)
        if found := warning(writers(report)):
            st.badge(found[0], color="orange", help=found[1])
    facts(
        [
            ("Hypotheses", str(len(report.hypotheses))),
            ("Without one", str(len(report.failures))),
            ("Models", ", ".join(map(named, writers(report))) or "none answered"),
            ("Cost", cost(report.usage.cost_usd)),
            ("Asked", f"{report.created:%d %b %Y, %H:%M %Z}"),
        ]
    )


def show_notes(report: Report) -> None:
    if not report.notes:
        return
    serious = report.status in {Status.FAILED, Status.INTERRUPTED} or warning(writers(report)) is not None
    words = "\n".join(f"- {inline(note)}" for note in report.notes)
    with st.expander("Before you trust a number", expanded=serious):
        st.markdown(words)


def show_failures(failures: list[Failure]) -> None:
    if not failures:
        return
    st.subheader("Perspectives without a hypothesis", anchor=False)
    for failure in failures:
        who = failure.perspective
        with st.container(width=PROSE, gap=None):
            st.markdown(
                f"**{inline(who.role)}** / {inline(who.framework)} · failed at {inline(failure.step)}"
            )
            prose(failure.reason)


def show_overview(overview: Overview | None) -> None:
    if overview is None:
        return
    st.subheader("Taken together", anchor=False)
    listed("They agree", overview.review.agreements)
    listed("They contradict each other", overview.review.splits)
    field("The experiment that would tell them apart", overview.review.experiment)
    st.caption(f"written by {inline(named(overview.model))}")


def show_usage(report: Report) -> None:
    used = report.usage
    facts(
        [
            ("Model calls", str(used.calls)),
            ("Tokens in", f"{used.input_tokens:,}"),
            ("Tokens out", f"{used.output_tokens:,}"),
            ("Model time", duration(used.model_seconds)),
            ("Cost", cost(used.cost_usd)),
            ("Asked again (unreadable)", str(used.unreadable)),
            ("PhySH", f"{report.ontology.release}, {report.ontology.concepts:,} concepts"),
            *([("Atlas", _atlas(report.atlas))] if report.atlas else []),
        ]
    )
    if not report.calls:
        return
    calls = report.calls
    st.dataframe(
        {
            "Step": [visible(call.step) for call in calls],
            "For": [visible(call.who) for call in calls],
            "Model": [visible(named(call.model)) for call in calls],
            "Tokens in": [call.input_tokens for call in calls],
            "Tokens out": [call.output_tokens for call in calls],
            "Seconds": [call.seconds for call in calls],
            "USD": [call.cost_usd for call in calls],
            "Prompt": [visible(f"{call.prompt} {call.prompt_sha256[:12]}") for call in calls],
        },
        hide_index=True,
    )


def _atlas(atlas: AtlasRef) -> str:
    works = f"{atlas.works:,} abstracts of {atlas.since}–{atlas.until}"
    return f"{visible(atlas.name)}, {works}, SHA-256 {atlas.sha256[:12]}"


def show_exports(report: Report) -> None:
    with st.container(horizontal=True):
        for one in FORMATS:
            st.download_button(
                one.title,
                data=partial(one.render, report),  # made when it is asked for
                file_name=f"{report.run}{one.suffix}",
                mime=one.media_type,
                on_click="ignore",
                key=f"export-{one.name}-{report.run}",
            )
