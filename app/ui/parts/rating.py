"""The tournament: ratings with their intervals, what a reader may conclude, and how the judges judged."""

import streamlit as st

from agents.schema import Report, Tournament
from app.ui.authors import named
from app.ui.foreign import charted, inline, prose, visible
from app.ui.layout import facts
from app.ui.numbers import interval, share
from app.ui.parts.charts import FAINT, ROW, draw


def show_rating(report: Report) -> None:
    held = report.tournament
    if held is None:
        st.caption("No pairs were judged in this run: the score stands alone.")
        return
    if held.can_rank:
        prose(held.verdict)
    else:
        st.warning(inline(held.verdict), icon=None)
    if held.ratings:
        _show_chart(report, held)
    counted = sum(match.outcome != "void" for match in held.matches)
    facts(
        [
            ("Matches", f"{counted} of {len(held.matches)} counted"),
            ("Ended because", held.stopped.value),
            ("Agreement of judges (α)", "not known" if held.alpha is None else f"{held.alpha:.2f}"),
        ]
    )
    _show_judges(held)
    _show_matches(held)


def _show_chart(report: Report, held: Tournament) -> None:
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    names = {
        h.key: f"{rank}. {h.perspective.role} ({h.key})" for rank, h in enumerate(report.hypotheses, start=1)
    }
    for ranked, name in ((True, "ranked"), (False, "too few matches to be ranked")):
        some = [rating for rating in held.ratings if rating.ranked is ranked]
        if some:
            figure.add_trace(
                Scatter(
                    x=[rating.strength for rating in some],
                    y=[charted(names.get(rating.hypothesis, rating.hypothesis)) for rating in some],
                    error_x={
                        "type": "data",
                        "symmetric": False,
                        "array": [rating.high - rating.strength for rating in some],
                        "arrayminus": [rating.strength - rating.low for rating in some],
                    },
                    mode="markers",
                    name=name,
                    marker={"size": 10, "symbol": "circle" if ranked else "circle-open"},
                    hovertemplate="%{y}: %{x:.2f}<extra></extra>",
                )
            )
    order = [charted(names.get(rating.hypothesis, rating.hypothesis)) for rating in reversed(held.ratings)]
    figure.update_yaxes(categoryorder="array", categoryarray=order, automargin=True)
    figure.update_xaxes(title="strength in log-odds against this run's average; 5th to 95th percentile")
    figure.add_vline(x=0, line_width=1, line_dash="dot", line_color=FAINT)
    told = "; ".join(
        f"{names.get(rating.hypothesis, rating.hypothesis)} {interval(rating)}" for rating in held.ratings
    )
    draw(figure, key=f"rating-{report.run}", alt=f"Ratings. {told}", height=ROW * len(order) + 110)


def _show_judges(held: Tournament) -> None:
    st.dataframe(
        {
            "Judge": [visible(named(judge.judge)) for judge in held.judges],
            "Matches": [judge.matches for judge in held.judges],
            "Ties": [judge.ties for judge in held.judges],
            "Split": [judge.split for judge in held.judges],
            "Void": [judge.void for judge in held.judges],
            "Both orders agree": [share(judge.consistent) for judge in held.judges],
            "With a winner": [share(judge.decided) for judge in held.judges],
        },
        hide_index=True,
    )


def _show_matches(held: Tournament) -> None:
    with st.expander(f"All {len(held.matches)} matches"):
        st.dataframe(
            {
                "First": [visible(match.first) for match in held.matches],
                "Second": [visible(match.second) for match in held.matches],
                "Won by": [match.outcome.value + (" (split)" * match.split) for match in held.matches],
                "Judge": [visible(named(match.judge)) for match in held.matches],
                "Reasons": [visible(" / ".join(match.reasons)) for match in held.matches],
            },
            hide_index=True,
            column_config={"Reasons": st.column_config.TextColumn(width="large")},
        )
