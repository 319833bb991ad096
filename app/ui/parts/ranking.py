"""The scored table: one row a hypothesis, sortable, with how sure each number is and who gave it."""

from typing import Any

import streamlit as st

from agents.schema import Hypothesis, Report
from app.ui.authors import named
from app.ui.figures import interval, places
from app.ui.foreign import visible

SCORE = "0 to 100, computed by us from the reviewers' marks and from rules over the text. Absolute."
SPREAD = "Standard deviation of the reviewers' scores; empty: one reading, so it is not known."
RATING = "Chance in % of winning a blind match against this run's average hypothesis. Relative to this run."
INTERVAL = "Of the strength in log-odds, 5th to 95th percentile over bootstrap resamples."
PLACE = "5th to 95th percentile of its place in this run, over the same resamples."
TEST = "What an instrument says of the claims; what is refuted stands below all that is not."
RATED = frozenset({"Rating", "Interval", "Place"})  # columns that mean nothing where a judge cannot rank
ROW = 35  # pixels, as Streamlit draws them
MOST_ROWS = 12  # shown without scrolling


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
        height=ROW * (min(len(rows), MOST_ROWS) + 1) + 3,
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
