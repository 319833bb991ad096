"""What PhySH recognises in a question, kept for as long as the same question stands there."""

import streamlit as st

from agents.schema import ScoredConcept, Strict
from app.ui.service import connect

KEPT_S = 3600
FIELDS_FROM = 0.1  # how strongly a question must touch a discipline to be shown
SUBJECTS_FROM = 0.3
MOST_SUBJECTS = 8


class RecognisedConcept(ScoredConcept):
    """A recognised concept with the facets that it lies in."""

    facets: list[str]


class Recognised(Strict):
    """Best first."""

    fields: list[ScoredConcept]
    subjects: list[RecognisedConcept]


@st.cache_data(ttl=KEPT_S, max_entries=200, show_spinner=False)
def recognise(question: str) -> Recognised:
    """Return the concepts that a question touches. Raises ServiceError."""
    client = connect()
    found = client.route(question)
    near = [concept for concept in found.concepts if concept.score >= SUBJECTS_FROM][:MOST_SUBJECTS]
    return Recognised(
        fields=[field for field in found.disciplines if field.score >= FIELDS_FROM],
        subjects=[RecognisedConcept(**dict(one), facets=_facets(one.uri)) for one in near],
    )


@st.cache_data(ttl=KEPT_S, max_entries=2000, show_spinner=False)
def _facets(uri: str) -> list[str]:
    return [facet.label for facet in connect().concept(uri).facets]
