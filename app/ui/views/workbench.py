"""Every tool by hand: a form made from its own schema, its result as it shows it, kept and cited."""

import streamlit as st

from app.client import UseInfo
from app.jobs.benches import ToolUse
from app.jobs.state import RunState
from app.jobs.tasks import LONGEST
from app.results import Kept
from app.tools import ToolCard
from app.ui.foreign import inline
from app.ui.layout import PROSE, page, shortened
from app.ui.parts.evidence import capitalised, show_evidence
from app.ui.parts.forms import SchemaForm
from app.ui.parts.queue import Queued, show_queue
from app.ui.parts.rights import may_use_tools
from app.ui.parts.sharing import ask_to_publish
from app.ui.service import connect, refusals, visitor

KEPT_S = 3600
OFFERED = 50  # runs to cite a result in
LISTED = 50  # uses that were queued
LONGEST_MIN = int(LONGEST / 60)
PARAMETER = "tool"
SHOWN = "workbench-result"  # session state: the id of the result that was made last


def show_workbench() -> None:
    with page():
        st.header("Workbench", anchor=False)
        st.caption(
            "Tools that agents use, by hand. No model is asked. A result is kept under a name by which it "
            "can be cited."
        )
        make, queued, kept = st.tabs(["Compute", "Queue", "Kept results"])
        with make, refusals():
            _show_form()
        with queued, refusals():
            st.caption("What takes minutes is computed one at a time. You may close this page.")
            show_queue(lambda: [_queued(use) for use in connect().queued_uses(limit=LISTED).items])
        with kept, refusals():
            _show_kept()


def _show_form() -> None:
    tools = {card.name: card for card in _tools(visitor())}
    asked = st.query_params.get(PARAMETER)
    names = list(tools)
    name = st.selectbox(
        "Tool",
        names,
        index=names.index(asked) if asked in tools else 0,
        format_func=lambda name: inline(capitalised(name.replace("_", " "))),
        key="workbench-tool",
    )
    card = tools[name]
    with st.container(width=PROSE):
        st.caption(inline(card.purpose))
    try:
        arguments = SchemaForm(card.arguments, f"workbench-{name}").read()
    except ValueError as error:
        st.error(inline(str(error)), icon=None)
        return
    with st.container(horizontal=True):
        if st.button("Compute", type="primary", key="compute", disabled=not may_use_tools()):
            with st.spinner("Computing …"):
                st.session_state[SHOWN] = (name, connect().run_tool(name, arguments, keep=True).kept)
        _offer_queue(name, arguments)
    shown, result = st.session_state.get(SHOWN, (None, None))
    if shown == name and result:
        _show_result(connect().result(result), "made")


def _offer_queue(name: str, arguments: dict[str, object]) -> None:
    """Offer to compute what takes longer than a page waits."""
    with st.popover("Takes longer than a minute?"):
        minutes = st.number_input("Minutes, at most", 1, LONGEST_MIN, 10, key=f"minutes-{name}")
        if st.button("Queue", key=f"queue-{name}", disabled=not may_use_tools()):
            connect().queue_use(ToolUse(tool=name, arguments=arguments, seconds=60.0 * minutes))
            st.toast("Queued: its state and result are under Queue")


def _queued(use: UseInfo) -> Queued:
    kept, place = use.kept, f"queued-{use.id}"
    return Queued(
        use,
        what=capitalised(use.use.tool.replace("_", " ")),
        show=None if kept is None else lambda: _show_result(connect().result(kept), place, use.by),
        cancel=lambda: connect().cancel_use(use.id),
    )


def _show_result(kept: Kept, place: str, by: str = "") -> None:
    show_evidence([kept.evidence.model_copy(update={"asked_by": by})], key=f"{place}-{kept.id}")
    st.caption(f"Cite it as: {inline(kept.citation)}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            "JSON",
            kept.model_dump_json(indent=2),
            file_name=f"{kept.result.tool}-{kept.id}.json",
            mime="application/json",
            on_click="ignore",
            key=f"json-{place}-{kept.id}",
        )
        _offer_citing(kept, place)
        with st.popover("Publish"):
            ask_to_publish(
                f"{kept.result.tool}-{kept.id}",
                lambda licence, authors: connect().result_crate(kept.id, licence, authors),
                place,
            )


def _offer_citing(kept: Kept, place: str) -> None:
    """Offer to write a note beside a run that names the result."""
    with st.popover("Cite in a run"):
        runs = {info.id: info for info in connect().runs(limit=OFFERED, state=RunState.SUCCEEDED).items}
        run = st.selectbox(
            "Run",
            list(runs),
            index=None,
            format_func=lambda run: runs[run].labels.name or shortened(runs[run].question),
            key=f"cite-run-{place}-{kept.id}",
        )
        said = st.text_input("What it says of the run", max_chars=500, key=f"cite-said-{place}-{kept.id}")
        if st.button("Cite", key=f"cite-{place}-{kept.id}", disabled=run is None) and run:
            connect().write_note(run, f"{said.strip()}\n[{kept.citation}]".strip())
            st.toast("Cited in the run's notes")


def _show_kept() -> None:
    found = connect().results()
    if not found:
        st.caption("Nothing was computed yet.")
    for kept in found:
        told = f"{capitalised(kept.result.tool.replace('_', ' '))}, {kept.at:%d %b %Y, %H:%M}, {kept.id}"
        with st.expander(inline(told), key=f"kept-{kept.id}", on_change="rerun") as opened:
            if opened.open:
                _show_result(kept, "kept")


@st.cache_data(ttl=KEPT_S, show_spinner=False)
def _tools(whose: str) -> list[ToolCard]:  # noqa: ARG001 - part of the cache's key
    return list(connect().tools().items)
