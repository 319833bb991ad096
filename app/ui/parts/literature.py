"""What the literature says of a hypothesis, as far as it was searched. Addresses are shown, never linked."""

import streamlit as st

from agents.schema import AtlasLink, Citation, Literature, Nearest, Stance
from app.exports.literature import by_stance, looked_up, not_looked_up, read_as, related, unrelated
from app.exports.tables import fill_columns
from app.ui.authors import named
from app.ui.foreign import inline, prose, visible
from app.ui.layout import PROSE, Color, field, labelled
from retrieval.passage import Passage, Search, Work

BADGES: dict[Stance | None, tuple[str, Color]] = {
    Stance.SUPPORTS: ("supports", "green"),
    Stance.CONTRADICTS: ("contradicts", "red"),
    Stance.UNRELATED: ("unrelated", "gray"),
    None: ("not judged", "gray"),
}
MOST_AUTHORS = 3


def show_literature(literature: Literature | None) -> None:
    if literature is None:
        st.caption("No source was asked: whether this is new is not known.")
        return
    field("Novelty", literature.novelty)
    if literature.gap:
        field("What is missing", literature.gap)
    if rows := looked_up(literature.joined):
        _show_joined(rows)
    for reason in not_looked_up(literature.joined):
        st.caption(f"Not looked up in the atlas: {inline(reason)}.")
    passages = {passage.key: passage for passage in literature.passages}
    for citation in by_stance(literature.citations):
        _show_citation(citation, passages.get(citation.passage))
    if literature.removed:
        _show_removed(literature)
    if nearest := related(literature.nearest):
        _show_nearest(nearest)
    if told := unrelated(literature):
        st.caption(inline(told))
    _show_searches(literature.searches)


def _show_joined(joined: list[AtlasLink]) -> None:
    with labelled("Known and new, by the abstracts of the atlas"):
        st.dataframe(
            fill_columns(
                {
                    "Of": [one.of for one in joined],
                    "Read as": [visible(read_as(one)) for one in joined],
                    "Together in": [one.together for one in joined],
                    "Since": [str(one.first_year or "") for one in joined],
                    "Trend": [one.direction if one.together else "" for one in joined],
                    "Between": [visible("; ".join(c.label for c in one.between)) for one in joined],
                    "Papers": [visible("; ".join(map(_reference, one.works))) for one in joined],
                }
            ),
            hide_index=True,
            column_config={"Read as": st.column_config.TextColumn(width="large")},
        )


def _show_citation(citation: Citation, passage: Passage | None) -> None:
    word, color = BADGES[citation.stance]
    with st.container(border=True, width=PROSE, gap="small"):
        with st.container(horizontal=True):
            st.badge(word, color=color)
            if citation.judge:
                st.caption(f"judged by {inline(named(citation.judge))}")
        prose(f"“{citation.quote}”")
        if passage:
            st.caption(_reference(passage.work) + (f" · page {passage.page}" if passage.page else ""))
        if citation.reason:
            st.caption(inline(citation.reason))


def _show_removed(literature: Literature) -> None:
    count = len(literature.removed)
    with st.expander(f"Citations removed, as they do not hold: {count}"):
        for removed in literature.removed:
            field(f"From {removed.passage}", f"“{removed.quote}”")
            st.caption(inline(removed.reason))


def _show_nearest(nearest: list[Nearest]) -> None:
    with labelled("Nearest prior work"):
        works = [one.work for one in nearest]
        st.dataframe(
            fill_columns(
                {
                    "Likeness": [one.likeness for one in nearest],
                    "Title": [visible(work.title) for work in works],
                    "Authors": [visible(_authors(work)) for work in works],
                    "Year": [str(work.year or "") for work in works],
                    "Identifier": [visible(_identifier(work)) for work in works],
                    "Retracted": ["retracted" if work.retracted else "" for work in works],
                }
            ),
            hide_index=True,
            column_config={
                "Likeness": st.column_config.NumberColumn(
                    help="Cosine of the embeddings of statement and abstract, −1 to 1.", format="%.2f"
                ),
                "Title": st.column_config.TextColumn(width="large"),
            },
        )


def _show_searches(searches: list[Search]) -> None:
    with labelled("Searched"):
        lines = (
            f"- {inline(search.source)}, {search.at:%d %b %Y %H:%M}: {_found(search)}, "
            f"asked for “{inline(search.query)}”"
            for search in searches
        )
        st.markdown("\n".join(lines))


def _found(search: Search) -> str:
    return f"not answered ({inline(search.error)})" if search.error else f"{search.found} works"


def _reference(work: Work) -> str:
    retracted = " · **retracted**" if work.retracted else ""
    parts = [_authors(work), work.title, work.venue or "", str(work.year or ""), _identifier(work)]
    return inline(", ".join(part for part in parts if part)) + retracted


def _authors(work: Work) -> str:
    names = list(work.authors[:MOST_AUTHORS])
    return ", ".join([*names, "et al."] if len(work.authors) > MOST_AUTHORS else names)


def _identifier(work: Work) -> str:
    if work.doi:
        return f"doi:{work.doi}"
    return f"arXiv:{work.arxiv}" if work.arxiv else f"{work.source}:{work.id}"
