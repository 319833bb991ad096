"""What of the plan a person fixes: fields and subjects that PhySH recognises in a question, or has."""

import streamlit as st

from agents.schema import ConceptRef, Pins, ScoredConcept, Strict
from app.client import Tree
from app.ui.foreign import inline
from app.ui.service import connect, refusals

KEPT_S = 3600
FIELDS_FROM = 0.1  # how strongly a question must touch a discipline to be shown
SUBJECTS_FROM = 0.3
MOST_SUBJECTS = 8
ADDED = "added-subjects"  # session state: those from search and tree, by URI
MOST_FOUND = 12
DEEPEST = 6


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


def choose_pins(recognised: Recognised) -> Pins:
    """Return the pins that the reader set; nothing is pinned that is left as it was found."""
    fields = _choose_fields(recognised)
    subjects = _choose_subjects(recognised)
    found = [field.uri for field in recognised.fields]
    return Pins(
        disciplines=() if set(fields) == set(found) else tuple(fields),
        frameworks=tuple(subjects),
    )


@st.cache_data(ttl=KEPT_S, show_spinner=False)
def disciplines() -> dict[str, str]:
    """Return labels of disciplines by URI. Raises ServiceError."""
    return {branch.uri: branch.label for branch in connect().tree().children if branch.uri}


def _choose_fields(recognised: Recognised) -> list[str]:
    labels = disciplines()
    found = [field.uri for field in recognised.fields if field.uri in labels]
    return st.multiselect(
        "Fields of the question",
        list(labels),
        default=found,
        format_func=lambda uri: labels[uri],
        key=f"fields-{hash(tuple(found))}",  # another question begins with its own
        help="As PhySH recognises them. Remove one, or add others: hypotheses then come from these.",
        placeholder="chosen for you",
    )


def _choose_subjects(recognised: Recognised) -> list[str]:
    added: dict[str, str] = st.session_state.setdefault(ADDED, {})
    labels = {subject.uri: subject.label for subject in recognised.subjects} | added
    chosen: list[str] = []
    if labels:
        chosen = st.pills(
            "Subjects that must speak",
            list(labels),
            selection_mode="multi",
            default=[uri for uri in labels if uri in added],
            format_func=lambda uri: inline(labels[uri]),
            key=f"subjects-{hash(tuple(labels))}",
            help="Each one picked takes a perspective. Left alone, the finder chooses, near and far.",
        )
    with st.popover("Add a subject from PhySH"), refusals():
        picked = browse()
        if picked is not None:
            _add(picked, chosen)
    return chosen


def _add(picked: ConceptRef, chosen: list[str]) -> None:
    """Add a pick; what was picked before stays picked, though the row of chips begins anew."""
    added: dict[str, str] = st.session_state[ADDED]
    added[picked.uri] = picked.label
    for uri in chosen:
        added.setdefault(uri, connect().concept(uri).label)
    st.rerun()


def browse() -> ConceptRef | None:
    """Return a concept once the reader adds it. Raises ServiceError."""
    text = st.text_input("Search", key="physh-search", placeholder="for example: phase-field modeling")
    found = _search(text.strip()) if text.strip() else _walk()
    if found is None:
        return None
    pressed = st.button(f"Add {inline(found.label)}", key="physh-add", type="primary")
    return found if pressed else None


def _search(text: str) -> ConceptRef | None:
    cards = connect().search_concepts(text, MOST_FOUND).items
    if not cards:
        st.caption("PhySH has no such subject.")
        return None
    labels = {card.uri: card.label for card in cards if not card.deprecated}
    uri = st.radio("Found", list(labels), format_func=lambda uri: inline(labels[uri]), key="physh-found")
    return ConceptRef(uri=uri, label=labels[uri]) if uri else None


def _walk() -> ConceptRef | None:
    field = _step("Field", connect().tree(), depth=0)
    if field is None or field.uri is None:
        return None
    branch, concept = _step("Facet", _tree(field.uri), depth=1), None
    for depth in range(2, DEEPEST):
        if branch is None or not branch.children:
            break
        branch = _step("Subject" if depth == 2 else "Narrower", branch, depth=depth)  # noqa: PLR2004 - below field and facet
        concept = branch or concept
    return ConceptRef(uri=concept.uri, label=concept.label) if concept and concept.uri else None


def _step(label: str, above: Tree, *, depth: int) -> Tree | None:
    children = {child.uri: child for child in above.children if child.uri}
    chosen = st.selectbox(
        label,
        list(children),
        index=None,
        format_func=lambda uri: _told(children[uri]),
        key=f"physh-{depth}-{above.uri}",
        placeholder=f"{len(children)} to choose from",
    )
    return children[chosen] if chosen else None


def _told(branch: Tree) -> str:
    below = len(branch.children)
    return f"{branch.label} ({below})" if below else branch.label


@st.cache_data(ttl=KEPT_S, show_spinner=False)
def _tree(uri: str) -> Tree:
    return connect().tree(uri)
