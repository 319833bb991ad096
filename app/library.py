"""The user's own papers, with PhySH concepts on their passages."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.literature import open_shelves
from app.runtime import Observer, load_embedder, make_router
from app.settings import Settings

if TYPE_CHECKING:
    from physh import Ontology, Router
    from physh.atlas.records import WorkRecord
    from retrieval.library import DumpReader, Library

MOST = 8  # concepts of a passage, without those that they are part of
NEAR = 0.25  # a concept's score; a text without physics stays below
SHARE = 0.3  # of a discipline in a passage


@contextmanager
def open_own_library(
    settings: Settings, observer: Observer, *, ontology: "Ontology | None" = None
) -> Iterator["Library"]:
    """With an ontology, what is added is given its concepts. Raises RetrievalError or PhyshError."""
    embedder = load_embedder(settings, observer)
    label = make_label(ontology, make_router(settings, ontology, embedder, observer)) if ontology else None
    dumps = make_dump_reader(ontology) if ontology else None
    with open_shelves(settings, embedder, label, dumps) as library:
        yield library


def make_dump_reader(ontology: "Ontology") -> "DumpReader":
    """Return how dumps are read: as for an atlas, with the concepts that are named in each abstract."""
    from physh.atlas import ConceptTagger
    from retrieval.library import DumpReader

    tagger = ConceptTagger(ontology)

    @cache
    def whole(place: int) -> tuple[str, ...]:
        concept = tagger.concepts[place]
        broader = [above.uri for above in ontology.ancestors(concept.uri)]
        return (concept.uri, *broader, *concept.facets, *concept.disciplines)

    def label(text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(uri for place in tagger.tag(text) for uri in whole(place)))

    return DumpReader(_read_dump, label)


def _read_dump(path: Path, refused: Counter[str]) -> "Iterator[WorkRecord]":
    """Raises ValueError if the file cannot be opened."""
    from physh.atlas.records import arxiv_identifier, read_records
    from physh.errors import AtlasError

    try:
        for record in read_records(path, refused):
            yield record.model_copy(update={"id": arxiv_identifier(record.id)})
    except AtlasError as error:
        raise ValueError(str(error)) from error


def make_label(ontology: "Ontology", router: "Router") -> Callable[[str], tuple[str, ...]]:
    """From a text to URIs: its concepts, all broader ones, their facets, and its disciplines."""
    from physh import RouteError

    def label(text: str) -> tuple[str, ...]:
        try:
            found = router.route(text, MOST)
        except RouteError:  # no word in it
            return ()
        near = [scored.uri for scored in found.concepts if scored.score >= NEAR]
        broader = [concept.uri for uri in near for concept in ontology.ancestors(uri)]
        facets = [facet for uri in near for facet in ontology.concept(uri).facets]
        fields = [scored.uri for scored in found.disciplines if near and scored.score >= SHARE]
        return tuple(dict.fromkeys([*near, *broader, *facets, *fields]))

    return label


def find_uris(ontology: "Ontology", names: Iterable[str]) -> set[str]:
    """Of concepts, facets and disciplines, by label or URI. Raises UnknownConcept."""
    return {_find_uri(ontology, name) for name in names}


def _find_uri(ontology: "Ontology", name: str) -> str:
    from physh import UnknownConcept

    try:
        return ontology.branch(name).uri
    except UnknownConcept:
        return ontology.concept(name).uri
