"""What the literature transfers between disciplines: the map that is there before anything is mined."""

from collections.abc import Sequence

import streamlit as st

from app.atlas_map import AtlasMap, ConceptNeighbourhood, DisciplineLink, Exchange
from app.mining_pictures import draw_joined, draw_neighbours
from app.ui.foreign import inline, visible
from app.ui.layout import facts, labelled
from app.ui.service import connect, refusals
from retrieval.passage import Work

HEIGHT = 700  # pixels of the map
LISTED = 40  # transfers, and open pairs
YEARS = 12  # shown of a concept
FIRST = "Turbulence"  # concept shown before one is asked for


def show_literature_map() -> None:
    with refusals():
        found = connect().atlas()
        _show_map(found)
        _show_exchange(found.meetings)
    with refusals():
        _show_concept()


def _show_map(found: AtlasMap) -> None:
    atlas = found.atlas
    st.markdown(
        "Methods that abstracts name together with the problems of another discipline, more often than "
        "chance would. Nobody has read them: it says where methods travel, not how well."
    )
    st.caption(
        inline(f"{atlas.name}: {atlas.works:,} abstracts of {atlas.since}–{atlas.until}")
        + f"; SHA-256 {atlas.sha256[:12]}"
    )
    figure = draw_joined(found.meetings)
    figure.update_layout(height=HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False)
    alt = "Heat map: how many methods of one discipline the literature uses on problems of another"
    config = {"displayModeBar": False, "displaylogo": False}
    st.plotly_chart(figure, key="literature-map", alt=alt, config=config)


def _show_exchange(meetings: Sequence[DisciplineLink]) -> None:
    if not meetings:
        st.markdown("This atlas joins no method of one discipline with a problem of another.")
        return
    homes = sorted({meeting.home.label for meeting in meetings})
    fields = sorted({meeting.field.label for meeting in meetings})
    first = meetings[0]  # most pairs
    with st.container(horizontal=True):
        home = st.selectbox("Methods of", homes, index=homes.index(first.home.label), key="atlas-home")
        field = st.selectbox("Problems of", fields, index=fields.index(first.field.label), key="atlas-field")
    if home == field:
        st.markdown("Choose two different disciplines.")
        return
    found = connect().exchange(home, field, limit=LISTED)
    _show_known(found)
    _show_open(found)


def _show_known(found: Exchange) -> None:
    with labelled("Known: named together in at least 3 abstracts"):
        if not found.known:
            st.markdown("None.")
            return
        st.dataframe(
            {
                "Method": [visible(one.first.label) for one in found.known],
                "Problem": [visible(one.second.label) for one in found.known],
                "Abstracts": [one.together for one in found.known],
                "Since": [str(one.first_year or "") for one in found.known],
                "Trend": [one.direction for one in found.known],
                "Papers": [visible("; ".join(map(_cited, one.works))) for one in found.known],
            },
            hide_index=True,
            column_config={"Papers": st.column_config.TextColumn(width="large")},
        )


def _show_open(found: Exchange) -> None:
    label = "Not joined by any abstract yet, by the concepts that both are written about with"
    with labelled(label):
        if not found.open:
            st.markdown("None.")
            return
        st.dataframe(
            {
                "Method": [visible(one.method.label) for one in found.open],
                "Problem": [visible(one.problem.label) for one in found.open],
                "Shared concepts": [one.shared for one in found.open],
            },
            hide_index=True,
        )


def _show_concept() -> None:
    st.header("Around a concept", anchor=False)
    name = st.text_input("A concept of PhySH, by its name", value=FIRST, max_chars=200, key="atlas-concept")
    if not name.strip():
        return
    found = connect().neighbourhood(name.strip())
    by_year = dict(list(found.by_year.items())[-YEARS:])
    facts([("Concept", found.concept.label), ("Abstracts", f"{found.works:,}"), ("Since", _first(found))])
    if not found.neighbours:
        st.markdown("The abstracts join it with no other concept more often than chance.")
        return
    config = {"displayModeBar": False, "displaylogo": False}
    alt = f"What the literature writes about with {found.concept.label}"
    st.plotly_chart(draw_neighbours(found), key="atlas-neighbours", alt=alt, config=config)
    with labelled("Abstracts a year"):
        st.bar_chart({"year": list(map(str, by_year)), "abstracts": list(by_year.values())}, x="year")
    if found.papers:
        with labelled("Papers, the latest first"):
            st.markdown("\n".join(f"- {inline(_cited(paper))}" for paper in found.papers))


def _first(found: ConceptNeighbourhood) -> str:
    return str(min(found.by_year, default="none"))


def _cited(work: Work) -> str:
    return f"{work.title} ({work.year}, arXiv:{work.arxiv})"
