"""What instruments say of a hypothesis's claims: verdict, number, curve and how it was measured."""

from typing import Final, Literal

import streamlit as st

from agents.experiments.remarks import own_consequence, told_conditions
from agents.experiments.verdicts import UNTESTED, draft_verdict, effect_text, show, unit_text
from agents.schema import ClaimTest, Hypothesis
from app.exports.figures import has_figure
from app.ui.foreign import inline
from app.ui.layout import PROSE, field
from tools.experiments import ExperimentResult, Verdict
from tools.experiments.figure import describe, draw

Color = Literal["green", "red", "orange", "gray"]
FIGURE: Final = 620  # pixels
COLORS: Final[dict[Verdict, Color]] = {
    Verdict.SURVIVED: "green",
    Verdict.REFUTED: "red",
    Verdict.UNDECIDED: "orange",
    Verdict.OUTSIDE: "gray",
}


def show_tests(hypothesis: Hypothesis) -> None:
    """Show the tests of a hypothesis; nothing for a run made before there were tests."""
    if hypothesis.score.tested is None:
        return
    found = hypothesis.found_in_data
    if found:
        field(
            "Found in data",
            f"{found.title}: {found.relations} relations in {found.measurements} measurements. "
            "A model worded the mechanism only.",
        )
    if hypothesis.drafts:
        _show_drafts(hypothesis)
    if hypothesis.refuted_form:
        field("As first proposed, then refuted", hypothesis.refuted_form.statement)
    for test in hypothesis.tests:
        _show_test(hypothesis, test)


def _show_drafts(hypothesis: Hypothesis) -> None:
    drafts = hypothesis.drafts
    with st.expander(f"Chosen among {len(drafts)} drafts of a small model"):
        st.table(
            {
                "draft": [f"{draft.key}{' (written out)' * draft.chosen}" for draft in drafts],
                "claim": [
                    inline(
                        f"as {draft.claim.cause} grows, {draft.claim.response} {draft.claim.relation.value} "
                        f"({draft.claim.system})"
                    )
                    for draft in drafts
                ],
                "the model's reason": [inline(draft.because) for draft in drafts],
                "rules": ["" if draft.mark is None else f"{draft.mark:.0f}" for draft in drafts],
                "test": [inline(draft_verdict(hypothesis, draft)) for draft in drafts],
            },
            border="horizontal",
            hide_index=True,
        )
        st.caption(
            "Rules marked the drafts (0–100); tests were run, best mark first, until one survived. "
            "Every test counts in the error rate of the run."
        )


def verdict_word(verdict: Verdict) -> str:
    return UNTESTED if verdict is Verdict.OUTSIDE else verdict.value


def _show_test(hypothesis: Hypothesis, test: ClaimTest) -> None:
    result = test.result
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True):
            st.badge(verdict_word(test.verdict), color=COLORS[test.verdict])
            revised = "Revised claim, other conditions: " if test.key.endswith("/revised") else ""
            st.markdown(
                inline(
                    f"{revised}as {test.claim.cause} grows, {test.claim.response} {test.claim.relation.value}"
                )
            )
        with st.container(width=PROSE):
            st.markdown(inline(result.reason))
            if remark := own_consequence(result):
                st.markdown(f"**{inline(remark)}**")
            effect = effect_text(result)
            if effect:
                st.markdown(f"**Measured:** {inline(effect)}")
        if has_figure(result):
            show_figure(result)
            with st.expander("Points and plan"):
                _show_points(hypothesis, test)
        elif result.needs:
            st.caption(inline(f"It would take {result.needs}."))


def _show_points(hypothesis: Hypothesis, test: ClaimTest) -> None:
    result, experiment = test.result, test.result.experiment
    if experiment is None:
        return
    cause, response = unit_text(experiment.cause_unit), unit_text(experiment.response_unit)
    st.table(
        {
            inline(f"{experiment.cause}{cause}"): [f"{point.cause:.4g}" for point in result.points],
            inline(f"{experiment.response}{response}"): [
                inline(point.gap or "") if point.value is None else show(point.value, point.std)
                for point in result.points
            ],
            "±": [f"{point.std:.2g}" if point.std else "" for point in result.points],
            "n": [str(point.n) for point in result.points],
        },
        border="horizontal",
        hide_index=True,
    )
    st.caption(
        inline(
            f"{experiment.instrument} {experiment.instrument_version}; {told_conditions(hypothesis, test)}; "
            f"{result.measurements} measurements in {result.seconds:.1f} s; error rate "
            f"{experiment.error_rate:.2g}; plan SHA-256 {result.key}, written before anything was measured."
        )
    )


def show_figure(result: ExperimentResult) -> None:
    """Show what was measured; on a phone as wide as the screen."""
    with st.container(width=FIGURE):
        st.image(draw(result), width="stretch", caption=inline(describe(result)))
