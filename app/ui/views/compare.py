"""Two runs side by side: questions, scores and marks, and the words in which their hypotheses differ."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

import streamlit as st

from agents.schema import Report
from app.client import RunInfo
from app.comparing import Change, RunComparison, VersionPair, compare
from app.jobs.state import RunState
from app.program import duration
from app.ui.authors import named, writers
from app.ui.figures import cost
from app.ui.foreign import inline, visible
from app.ui.layout import page, shortened
from app.ui.parts.review import mean_marks, show_radar
from app.ui.service import connect, refusals, visitor
from app.ui.views.run import fetch_report

OFFERED = 50  # runs, newest first
SIDES = ("first", "second")
WORDS = re.compile(r"\S+")
MOST_WORDS = 400  # of a text that is compared word by word


def show_compare() -> None:
    with page():
        st.title("Compare two runs", anchor=False)
        with refusals():
            runs = {info.id: info for info in connect().runs(limit=OFFERED, state=RunState.SUCCEEDED).items}
            chosen = [_choose(side, runs) for side in SIDES]
            reports = [fetch_report(run, str(runs[run].finished), visitor()) for run in chosen if run]
            if len(reports) == len(SIDES):
                _show_both(*reports)
            else:
                st.caption("Choose two runs that have a report.")


def _choose(side: str, runs: Mapping[str, RunInfo]) -> str | None:
    """Return the two runs to compare, kept in the page's address."""
    asked = st.query_params.get(side)
    names = list(runs)
    chosen = st.selectbox(
        f"The {side} run",
        names,
        index=names.index(asked) if asked and asked in runs else None,
        format_func=lambda run: f"{runs[run].question[:90]} · {runs[run].created:%d %b %Y, %H:%M}",
        key=f"compare-{side}",
    )
    if chosen:
        st.query_params[side] = chosen
    return chosen


def _show_both(first: Report, second: Report) -> None:
    rows = {name: (_facts(first)[name], _facts(second)[name]) for name in _facts(first)}
    st.table(
        {
            "": [f"**{name}**" for name in rows],
            "First": [inline(a) for a, _ in rows.values()],
            "Second": [inline(b) for _, b in rows.values()],
        },
        border="horizontal",
        hide_index=True,
    )
    _show_marks(first, second)
    show_differences(compare(first, second))
    for side, report in zip(SIDES, (first, second), strict=True):
        st.subheader(f"Hypotheses of the {side}", anchor=False)
        _show_hypotheses(report)


def _facts(report: Report) -> dict[str, str]:
    best = report.hypotheses[0].score.value if report.hypotheses else None
    return {
        "Question": shortened(report.question),
        "Status": report.status.value,
        "Models": ", ".join(map(named, writers(report))) or "none answered",
        "Hypotheses": f"{len(report.hypotheses)}, and {len(report.failures)} without one",
        "Best score": "none" if best is None else f"{best:.1f}",
        "Subjects": ", ".join(concept.label for concept in report.concepts[:5]),
        "Cost": cost(report.usage.cost_usd),
        "Tokens": f"{report.usage.input_tokens + report.usage.output_tokens:,}",
        "Model time": duration(report.usage.model_seconds),
    }


def _show_marks(first: Report, second: Report) -> None:
    outlines = {
        f"{side}: {report.hypotheses[0].perspective.role}": mean_marks(report.hypotheses[0])
        for side, report in zip(SIDES, (first, second), strict=True)
        if report.hypotheses and report.hypotheses[0].readings
    }
    if outlines:
        st.subheader("Marks of the best of each", anchor=False)
        show_radar(outlines, key="compare-radar")


def _show_hypotheses(report: Report) -> None:
    if not report.hypotheses:
        st.caption("None.")
        return
    st.dataframe(
        {
            "Score": [hypothesis.score.value for hypothesis in report.hypotheses],
            "Role": [visible(hypothesis.perspective.role) for hypothesis in report.hypotheses],
            "Framework": [visible(hypothesis.perspective.framework) for hypothesis in report.hypotheses],
            "Hypothesis": [visible(hypothesis.proposal.statement) for hypothesis in report.hypotheses],
        },
        hide_index=True,
        column_config={
            "Score": st.column_config.NumberColumn(format="%.1f", width=70),
            "Hypothesis": st.column_config.TextColumn(width="large"),
        },
    )


def show_differences(found: RunComparison) -> None:
    st.subheader("What differs", anchor=False)
    for pair in found.pairs:
        _show_pair(pair)


def _show_pair(pair: VersionPair) -> None:
    if pair.first is None or pair.second is None:
        st.caption(inline(f"{pair.first or pair.second}: {pair.why}"))
        return
    told = f"{pair.first} and {pair.second}: {pair.why}; {len(pair.changes)} fields differ"
    with st.expander(inline(told), expanded=bool(pair.changes)):
        if not pair.changes:
            st.caption("No difference.")
            return
        rows = [mark_words(change) for change in pair.changes]
        st.table(
            {
                "": [inline(change.field) for change in pair.changes],
                "First": [first for first, _ in rows],
                "Second": [second for _, second in rows],
            },
            border="horizontal",
            hide_index=True,
        )


def mark_words(change: Change) -> tuple[str, str]:
    """Return both texts as Markdown, with the words that the other side lacks in bold."""
    first, second = (WORDS.findall(text or "") for text in (change.first, change.second))
    if not (first and second) or max(len(first), len(second)) > MOST_WORDS:
        return inline(change.first or "–"), inline(change.second or "–")
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        left.append(_marked(first[a:b], bold=kind != "equal"))
        right.append(_marked(second[c:d], bold=kind != "equal"))
    return " ".join(filter(None, left)), " ".join(filter(None, right))


def _marked(words: list[str], *, bold: bool) -> str:
    text = inline(" ".join(words))
    return f"**{text}**" if bold and text else text
