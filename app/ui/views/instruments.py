"""Measure by hand: a claim as a sentence, at once or in the queue, or an instrument's curve."""

import streamlit as st

from app.client import InstrumentPage, TestInfo
from app.exports.figures import has_figure
from app.instrument_card import InstrumentCard
from app.jobs.benches import LongTest
from app.jobs.tasks import LONGEST
from app.ui.foreign import inline
from app.ui.layout import PROSE, field, page
from app.ui.parts.evidence import show_block
from app.ui.parts.queue import Queued, show_queue
from app.ui.parts.rights import may_use_tools
from app.ui.parts.verdict import COLORS, show_figure
from app.ui.service import connect, refusals
from tools.experiments import ExperimentResult
from tools.experiments.tool import SWEEP, Curve, ToSweep
from tools.instruments import Parameter, Setting

KEPT_S = 3600
PAGE = 200
LONGEST_MIN = int(LONGEST / 60)
QUEUED = 50  # tests that are listed
EXAMPLE = (
    "In the two-dimensional Ising model the magnetisation falls as the temperature rises from 1 to 4 J/k_B."
)


def show_instruments() -> None:
    with page():
        st.header("Instruments", anchor=False)
        claim, long, curve = st.tabs(["Test a claim", "Long tests", "Measure a curve"])
        with claim, refusals():
            _show_claim()
        with long, refusals():
            _show_long()
        with curve, refusals():
            _show_curve()


def _show_claim() -> None:
    with st.form("claim", border=False):
        said = st.text_area("Claim", placeholder=EXAMPLE, max_chars=2000, height=80)
        asked = st.form_submit_button("Test", type="primary")
    if asked:
        with st.spinner("Measuring …"):
            st.session_state["claim-result"] = connect().test_claim(said.strip() or EXAMPLE)
    found = st.session_state.get("claim-result")
    if isinstance(found, ExperimentResult):
        _show_result(found)


def _show_long() -> None:
    """Queue a test that takes minutes, and show those of the project."""
    st.caption("Measured one at a time, kept, and gone on with after a restart. You may close this page.")
    with st.form("long-claim", border=False):
        said = st.text_area("Claim", placeholder=EXAMPLE, max_chars=2000, height=80, key="long-claim-text")
        minutes = st.number_input("Minutes of one core, at most", 1, LONGEST_MIN, 5, key="long-minutes")
        if st.form_submit_button("Queue", type="primary", disabled=not may_use_tools()):
            connect().queue_test(LongTest(statement=said.strip() or EXAMPLE, seconds=60.0 * minutes))
    show_queue(lambda: [_queued(test) for test in connect().queued_tests(limit=QUEUED).items])


def _queued(test: TestInfo) -> Queued:
    result, claim = test.result, test.claim
    what = claim.statement or f"{claim.system}: {claim.response} {claim.relation} with {claim.cause}"
    return Queued(
        test,
        what=what if result is None else f"{result.verdict.value}: {what}",
        show=None if result is None else lambda: _show_result(result),
        cancel=lambda: connect().cancel_test(test.id),
    )


def _show_result(result: ExperimentResult) -> None:
    st.badge(result.verdict.value, color=COLORS[result.verdict])
    with st.container(width=PROSE):
        st.markdown(inline(result.reason))
        if result.needs:
            st.caption(inline(f"It would take {result.needs}."))
    if has_figure(result):
        show_figure(result)


def _show_curve() -> None:
    known = {one.name: one for one in _cards()}
    name = st.selectbox(
        "Instrument", list(known), format_func=lambda name: inline(known[name].title), key="instrument"
    )
    if name is None:
        return
    card = known[name]
    with st.container(width=PROSE):
        st.markdown(inline(card.purpose))
    with st.expander("Representation"):
        st.code(card.representation, language=None)
    wanted = _choose(card)
    if st.button("Measure", type="primary"):
        with st.spinner("Measuring …"):
            answer = connect().run_tool(SWEEP.name, wanted.model_dump(mode="json"))
        st.session_state["curve"] = (wanted, Curve.model_validate(answer.content))
    held = st.session_state.get("curve")
    if held and held[0].instrument == name:
        _draw(*held)


def _choose(card: InstrumentCard) -> ToSweep:
    """Ask for cause, response, range and what is held."""
    causes = {one.name: one for one in card.parameters}
    responses = {one.name: one for one in card.responses}
    left, right = st.columns(2)
    cause = left.selectbox(
        "Varied", list(causes), format_func=lambda name: _named(causes[name].label, causes[name].unit)
    )
    response = right.selectbox(
        "Measured",
        list(responses),
        format_func=lambda name: _named(responses[name].label, responses[name].unit),
    )
    low, high = _range(causes[cause])
    settings: dict[str, Setting] = {}
    with st.expander("Held fixed"):
        for choice in card.choices:
            settings[choice.name] = st.selectbox(
                inline(choice.label), choice.values, index=choice.values.index(choice.default)
            )
        for parameter in card.parameters:
            if parameter.name != cause:
                settings[parameter.name] = st.number_input(
                    _named(parameter.label, parameter.unit),
                    float(parameter.low),
                    float(parameter.high),
                    float(parameter.default),
                    format="%g",
                    help=inline(parameter.meaning),
                )
    return ToSweep(
        instrument=card.name, cause=cause, response=response, low=low, high=high, settings=settings
    )


def _range(parameter: Parameter) -> tuple[float, float]:
    left, right = st.columns(2)
    ends = float(parameter.low), float(parameter.high)
    low = left.number_input("From", *ends, ends[0], format="%g", key=f"low {parameter.name}")
    high = right.number_input("To", *ends, ends[1], format="%g", key=f"high {parameter.name}")
    return low, high


def _draw(wanted: ToSweep, curve: Curve) -> None:
    for number, block in enumerate(SWEEP.view(wanted, curve)):
        show_block(block, key=f"curve {number}")
    gaps = {point.gap for point in curve.points if point.gap}
    for gap in sorted(gaps):
        st.caption(inline(gap))
    field("Source", "; ".join(curve.source))


@st.cache_data(ttl=KEPT_S, show_spinner=False)
def _cards() -> list[InstrumentCard]:
    found: list[InstrumentCard] = []
    part: InstrumentPage | None = None
    while part is None or len(found) < part.total:
        part = connect().instruments(skip=len(found), limit=PAGE)
        found += part.items
    return found


def _named(label: str, unit: str) -> str:
    return inline(label if unit == "1" else f"{label} ({unit})")
