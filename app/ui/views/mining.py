"""The map of a mining job: disciplines against disciplines, its transfers, and a run from any of them."""

from collections.abc import Sequence

import streamlit as st

from agents.mining import JobState, Mined, MiningProgress
from agents.schema import Pins
from app.atlas_map import Known
from app.client import Map
from app.mining import question_of
from app.mining_files import CSV, PNG, RDF, SUFFIXES, ZIP
from app.mining_pictures import draw_heat
from app.program import duration
from app.ui.foreign import inline, prose, visible
from app.ui.layout import PROSE, facts, field, labelled, page, turn_pages
from app.ui.parts.sharing import ask_to_publish
from app.ui.service import connect, refusals
from app.ui.views.literature_map import show_literature_map
from app.ui.views.new_job import show_new_job
from app.ui.views.places import MINING

PARAMETER = "job"  # of the permalink
EXPORTS = {
    ZIP: "Everything (ZIP)",
    CSV: "Transfers (CSV)",
    RDF: "Transfers (RDF, N-Triples)",
    PNG: "The map (PNG)",
}
HEIGHT = 760  # pixels of the heat map
EVERY_S = 2.0
GOING = {JobState.PLANNED, JobState.RUNNING}  # a planned one may wait for another
SHOWN = 50
ANY = "any discipline"
WRITTEN, MINED = "What the literature transfers", "Mining jobs"
SHOWN_MAP = "mining-shown"
CURSORS = "mining-cursors"  # session state: by job and disciplines, of the pages that were turned


def show_mining() -> None:
    with page():
        st.title("Map", anchor=False)
        first = MINED if PARAMETER in st.query_params else WRITTEN
        shown = st.segmented_control(
            "What the map is made of",
            (WRITTEN, MINED),
            default=first,
            label_visibility="collapsed",
            key=SHOWN_MAP,
        )
        if shown == MINED:
            _show_mined()
        else:
            show_literature_map()


def _show_mined() -> None:
    st.markdown(
        "Methods of one discipline, tried on the problems of another. A verdict is a model's opinion: "
        "it says where to look, not what is true."
    )
    with refusals():
        show_new_job()
        _show_jobs(connect().mining_jobs())


def _show_jobs(jobs: Sequence[MiningProgress]) -> None:
    if not jobs:
        st.markdown("Nothing has been mined yet. Plan a job above, or with `hypofind mine run SPEC`.")
        return
    names = [progress.job for progress in jobs]
    wanted = st.query_params.get(PARAMETER, names[0])
    name = st.selectbox("Job", names, index=names.index(wanted) if wanted in names else 0)
    st.query_params[PARAMETER] = name
    _show_job(next(progress for progress in jobs if progress.job == name))


def _show_job(progress: MiningProgress) -> None:
    if progress.state in GOING:
        _follow(progress)
    else:
        _show_progress(progress)
    found = connect().mining_map(progress.job)
    st.caption(inline(found.note))
    if found.meetings:
        _show_map(found)
        _show_methods(found)
        _show_compared(found)
        _show_transfers(progress.job, found)
        _offer_export(progress.job)


def _offer_export(job: str) -> None:
    """Made when it is asked for: an archive of a large job takes a while."""
    with st.expander("Take this job away"), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Format", list(EXPORTS), format_func=EXPORTS.__getitem__)
        st.download_button(
            "Download",
            lambda: connect().export_mining(job, chosen),
            file_name=f"{job}{SUFFIXES[chosen]}",
            mime=chosen,
            on_click="ignore",
            key=f"export-{job}",
        )
    with st.expander("Publish this job"), st.container(width=PROSE):
        ask_to_publish(
            f"mining-{job}", lambda licence, authors: connect().mining_crate(job, licence, authors)
        )


@st.fragment(run_every=EVERY_S)
def _follow(first: MiningProgress) -> None:
    """Show how far a job is, again and again; the whole page is drawn anew once its state has changed."""
    with refusals():
        progress = connect().mining_job(first.job)
        if progress.state is not first.state:
            st.rerun()
        _show_progress(progress)


def _show_progress(progress: MiningProgress) -> None:
    told = [("State", progress.state.value), ("Answered", f"{progress.done:,} of {progress.pairs:,}")]
    told += [("Failed", f"{progress.failed:,}"), ("Tokens", f"{progress.tokens:,}")]
    if progress.seconds_left is not None:
        told.append(("Left", duration(progress.seconds_left)))
    facts(told)
    for reason, count in progress.failures.items():
        st.caption(inline(f"{count:,} × {reason}"))
    with st.container(horizontal=True):
        if _may_start(progress):
            _offer(progress.job, "start")
        if progress.state in GOING:
            _offer(progress.job, "pause")
        if not progress.state.is_over:
            _offer(progress.job, "cancel")


def _may_start(progress: MiningProgress) -> bool:
    """Return whether the job may be started; of a job that is done, failed pairs may be tried again."""
    if progress.state is JobState.DONE:
        return progress.failed > 0
    return progress.state not in {JobState.RUNNING, JobState.CANCELLED}


def _offer(job: str, action: str) -> None:
    if st.button(action.capitalize(), key=f"{action}-{job}"):
        connect().steer_mining(job, action)  # type: ignore[arg-type]  # one of the three that are offered above
        st.rerun()


def _show_map(found: Map) -> None:
    figure = draw_heat(found.meetings)
    figure.update_layout(height=HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False)
    alt = "Heat map: share of methods of one discipline that were judged to help with problems of another"
    config = {"displayModeBar": False, "displaylogo": False}
    st.plotly_chart(figure, key="mining-map", alt=alt, config=config)


def _show_methods(found: Map) -> None:
    with labelled("Methods that travel furthest"):
        rows = [
            {
                "Method": visible(method.method.label),
                "Disciplines, yes": method.fields,
                "yes or maybe": method.fields_maybe,
                "Pairs": method.pairs,
                "Mean mark": method.mark,
            }
            for method in found.methods[:SHOWN]
        ]
        st.dataframe(rows, hide_index=True)


def _show_compared(found: Map) -> None:
    for one in found.contrasts:
        said = one.contrast
        with st.expander(f"{inline(one.first)} and {inline(one.second)} side by side"):
            st.caption(inline(f"by {one.model}"))
            for shared in said.shared:
                field(shared.challenge, f"{one.first}: {shared.in_first}; {one.second}: {shared.in_second}")
            for name, texts in ((one.first, said.only_first), (one.second, said.only_second)):
                field(f"Only {name}", "; ".join(texts))
            told = (f"{term.first} = {term.second} ({term.meaning})" for term in said.glossary)
            field("Two names for one thing", "; ".join(told))


def _show_transfers(job: str, found: Map) -> None:
    homes = sorted({meeting.home.label for meeting in found.meetings})
    fields = sorted({meeting.field.label for meeting in found.meetings})
    with st.container(horizontal=True):
        home = st.selectbox("Methods of", [ANY, *homes], key="mining-home")
        goal = st.selectbox("Problems of", [ANY, *fields], key="mining-field")
        odd = st.toggle("Surprising ones only", key="mining-odd")
    if odd:
        for surprise in found.surprises:
            _show_transfer(surprise.mined, found.known.get(surprise.mined.pair.id))
    else:
        _show_page(job, None if home == ANY else home, None if goal == ANY else goal)


def _show_page(job: str, home: str | None, goal: str | None) -> None:
    """Show a page of the transfers, best first."""
    pages: dict[tuple[str | None, ...], list[str]] = st.session_state.setdefault(CURSORS, {})
    turned = pages.setdefault((job, home, goal), [])
    found = connect().transfers(
        job, home=home, field=goal, limit=SHOWN, cursor=turned[-1] if turned else None
    )
    skipped = SHOWN * len(turned)
    if skipped or found.next:
        st.caption(f"{skipped + 1} to {skipped + len(found.items)}, best first")
    for one in found.items:
        _show_transfer(one, found.known.get(one.pair.id))
    turn_pages(turned, found.next, back="Better", on="Further")


def _show_transfer(mined: Mined, known: Known | None) -> None:
    pair, finding = mined.pair, mined.finding
    if finding is None:
        return
    said = finding.transfer
    title = f"{inline(pair.method.label)} → {inline(pair.target.label)}: {said.verdict} ({finding.mark:.0f})"
    with st.expander(title):
        st.caption(inline(f"{pair.home.label} → {pair.field.label}; by {finding.model}"))
        field("What the method does", said.method_does)
        field("The challenge", said.challenge)
        for name, text in said.mapping:
            field(name.capitalize(), text)
        field("What must hold", said.must_hold)
        field("First test", said.first_test)
        field("Why this verdict", said.reason)
        if known:
            field("In the literature", told(known))
        _show_uses(mined)
        if st.button("Ask about it", key=f"ask-{pair.id}"):
            _ask(mined)


def told(known: Known) -> str:
    """Whether abstracts name a method and a problem together, since when, and where to look."""
    if not known.together:
        return "New to the atlas: no abstract names the two together."
    papers = "; ".join(f"{work.title} ({work.year}, arXiv:{work.arxiv})" for work in known.works)
    since = f"{known.together:,} abstracts name the two together, since {known.first_year}"
    return f"Known: {since} ({known.direction}). {papers}"


def _show_uses(mined: Mined) -> None:
    uses = mined.finding.known_uses if mined.finding else None
    if uses is None:
        st.caption("The literature was not searched.")
        return
    with labelled(f"Works found for the two names together: {len(uses)}"):
        for use in uses:
            prose(f"{use.title} {use.source}")


def _ask(mined: Mined) -> None:
    question, pins = question_of(mined)
    run = connect().ask(question, pins=Pins.model_validate(pins))
    st.session_state["go-to"] = run.id
    st.switch_page(MINING)
