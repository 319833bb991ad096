"""PhySH to search and to walk: discipline, facet, concept, and whatever is narrower."""

import streamlit as st

from agents.schema import ConceptRef
from app.client import Tree
from app.ui.foreign import inline
from app.ui.service import connect
from app.ui.subjects import KEPT_S

MOST_FOUND = 12
DEEPEST = 6


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
