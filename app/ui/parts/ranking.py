"""How the hypotheses of a report compare: by score, in blind matches, and over disciplines."""

from typing import Any

import streamlit as st

from agents.schema import Distance, Hypothesis, Report, Tournament
from app.ui.authors import named
from app.ui.figures import interval, places, share
from app.ui.foreign import charted, inline, prose, visible
from app.ui.layout import facts
from app.ui.parts.charts import FAINT, ROW, draw, label_rows

SCORE = "0 to 100, computed by us from the reviewers' marks and from rules over the text. Absolute."
SPREAD = "Standard deviation of the reviewers' scores; empty: one reading, so it is not known."
RATING = "Chance in % of winning a blind match against this run's average hypothesis. Relative to this run."
INTERVAL = "Of the strength in log-odds, 5th to 95th percentile over bootstrap resamples."
PLACE = "5th to 95th percentile of its place in this run, over the same resamples."
TEST = "What an instrument says of the claims; what is refuted stands below all that is not."
RATED = frozenset({"Rating", "Interval", "Place"})  # columns that mean nothing where a judge cannot rank
TABLE_ROW = 35  # pixels, as Streamlit draws them
MOST_ROWS = 12  # shown without scrolling
SYMBOLS = {Distance.NEAR: "circle", Distance.PINNED: "square", Distance.FAR: "diamond-open"}
WORDS = {
    Distance.NEAR: "near the question",
    Distance.PINNED: "pinned by you",
    Distance.FAR: "from afar",
}
TOUCHED = 0.05  # a discipline that the question touches less is left out unless a hypothesis is from it


def show_ranking(report: Report) -> str | None:
    """Show the table and return the key of the hypothesis that the reader picked in it."""
    rows = [_row(rank, hypothesis, report) for rank, hypothesis in enumerate(report.hypotheses, start=1)]
    rated = report.tournament is not None and report.tournament.can_rank
    hidden = frozenset() if rated else RATED
    if not any(row["Test"] for row in rows):  # a run of before there were tests
        hidden |= {"Test"}
    chosen = st.dataframe(
        {name: [row[name] for row in rows] for name in rows[0]},
        hide_index=True,
        height=TABLE_ROW * (min(len(rows), MOST_ROWS) + 1) + 3,
        column_order=[name for name in rows[0] if name not in hidden],
        column_config=_columns(),
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        key=f"ranking-{report.run}",
        alt="Hypotheses by score",
    )
    picked = chosen["selection"]["rows"]
    return report.hypotheses[picked[0]].key if picked else None


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "#": column.NumberColumn(width=40),
        "Score": column.ProgressColumn(help=SCORE, format="%.1f", min_value=0, max_value=100, width=110),
        "±": column.NumberColumn(help=SPREAD, format="%.1f", width=50),
        "Rating": column.NumberColumn(help=RATING, format="%.0f", width=60),
        "Interval": column.TextColumn(help=INTERVAL, width=120),
        "Place": column.TextColumn(help=PLACE, width=60),
        "Test": column.TextColumn(help=TEST, width=80),
        "Hypothesis": column.TextColumn(width="large"),
        "Framework": column.TextColumn(width="medium"),
        "Role": column.TextColumn(width="medium"),
    }


def _row(rank: int, hypothesis: Hypothesis, report: Report) -> dict[str, object]:
    ratings = {r.hypothesis: r for r in report.tournament.ratings} if report.tournament else {}
    rating = ratings.get(hypothesis.key)
    perspective, score = hypothesis.perspective, hypothesis.score
    return {
        "#": rank,
        "Score": score.value,
        "±": score.spread,
        "Rating": rating.scaled if rating else None,
        "Interval": interval(rating) if rating else None,
        "Place": places(rating) if rating else None,
        "Test": score.tested,
        "Role": visible(perspective.role),
        "Framework": visible(perspective.framework),
        "Hypothesis": visible(hypothesis.proposal.statement),
        "Key": visible(hypothesis.key),
        "Came to be": hypothesis.origin.way.value,
        "Marks": score.rubric,
        "Checks": score.computed,
        "Written by": visible(named(hypothesis.model)),
        "Scored by": visible(", ".join(map(named, score.given_by))),
    }


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
    label_rows(figure, [charted(names.get(rating.hypothesis, rating.hypothesis)) for rating in held.ratings])
    figure.update_xaxes(title="strength in log-odds, 5th to 95th percentile")
    figure.add_vline(x=0, line_width=1, line_dash="dot", line_color=FAINT)
    told = "; ".join(
        f"{names.get(rating.hypothesis, rating.hypothesis)} {interval(rating)}" for rating in held.ratings
    )
    draw(figure, key=f"rating-{report.run}", alt=f"Ratings. {told}", height=ROW * len(held.ratings) + 110)


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


def show_origins(report: Report) -> None:
    from plotly.graph_objects import Figure, Scatter

    rows = _disciplines(report)
    figure = Figure()
    for distance in Distance:
        some = [
            (r, h) for r, h in enumerate(report.hypotheses, start=1) if h.perspective.distance is distance
        ]
        if some:
            figure.add_trace(
                Scatter(
                    x=[hypothesis.score.value for _, hypothesis in some],
                    y=[charted(hypothesis.perspective.discipline.label) for _, hypothesis in some],
                    text=[str(rank) for rank, _ in some],
                    customdata=[charted(_about(hypothesis), 90) for _, hypothesis in some],
                    mode="markers+text",
                    textposition="middle right",
                    name=WORDS[distance],
                    marker={"size": 13, "symbol": SYMBOLS[distance]},
                    hovertemplate="%{text}. %{customdata}<br>score %{x:.1f}<extra></extra>",
                )
            )
    label_rows(figure, rows)
    figure.update_xaxes(title="score", range=[0, 104])
    told = "; ".join(
        f"{n}. {_about(h)}, {h.perspective.discipline.label}" for n, h in enumerate(report.hypotheses, 1)
    )
    st.caption(
        "Numbers are ranks. Disciplines that the question touches stand there even without a hypothesis."
    )
    draw(
        figure,
        key=f"origins-{report.run}",
        alt=f"Hypotheses by discipline. {told}",
        height=ROW * len(rows) + 120,
    )


def _disciplines(report: Report) -> list[str]:
    touched = [found.label for found in report.disciplines if found.score >= TOUCHED]
    spoken = [hypothesis.perspective.discipline.label for hypothesis in report.hypotheses]
    return [charted(label) for label in dict.fromkeys([*touched, *spoken])]


def _about(hypothesis: Hypothesis) -> str:
    return f"{hypothesis.perspective.role}, {hypothesis.perspective.narrow.label}"
