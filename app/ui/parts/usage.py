"""What the run cost: calls, tokens, time, and each call with the prompt that it came from."""

import streamlit as st

from agents.schema import AtlasRef, Report
from app.program import duration
from app.ui.authors import named
from app.ui.figures import cost
from app.ui.foreign import visible
from app.ui.layout import facts


def show_usage(report: Report) -> None:
    used = report.usage
    facts(
        [
            ("Model calls", str(used.calls)),
            ("Tokens in", f"{used.input_tokens:,}"),
            ("Tokens out", f"{used.output_tokens:,}"),
            ("Model time", duration(used.model_seconds)),
            ("Cost", cost(used.cost_usd)),
            ("Asked again (unreadable)", str(used.unreadable)),
            ("PhySH", f"{report.ontology.release}, {report.ontology.concepts:,} concepts"),
            *([("Atlas", _atlas(report.atlas))] if report.atlas else []),
        ]
    )
    if not report.calls:
        return
    calls = report.calls
    st.dataframe(
        {
            "Step": [visible(call.step) for call in calls],
            "For": [visible(call.who) for call in calls],
            "Model": [visible(named(call.model)) for call in calls],
            "Tokens in": [call.input_tokens for call in calls],
            "Tokens out": [call.output_tokens for call in calls],
            "Seconds": [call.seconds for call in calls],
            "USD": [call.cost_usd for call in calls],
            "Prompt": [visible(f"{call.prompt} {call.prompt_sha256[:12]}") for call in calls],
        },
        hide_index=True,
    )


def _atlas(atlas: AtlasRef) -> str:
    works = f"{atlas.works:,} abstracts of {atlas.since}–{atlas.until}"
    return f"{visible(atlas.name)}, {works}, SHA-256 {atlas.sha256[:12]}"
