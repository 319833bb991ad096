"""PhySH, the Physics Subject Headings: load it, walk it, query it, route a text to it.

`Router` and its results, and what is said of pairs, need numpy and are imported on first use.
"""

from typing import TYPE_CHECKING

from physh.concept import Concept, Discipline, Facet
from physh.errors import OntologyError, PhyshError, QueryError, RouteError, UnknownConcept
from physh.language import foreign_language
from physh.ontology import Ontology
from physh.source import install_release, installed_file, load

if TYPE_CHECKING:
    from physh.pairs import ConceptDistances, PairFeatures
    from physh.route import RankedHeading, Route, Router, TextEmbedder

__all__ = [
    "Concept",
    "ConceptDistances",
    "Discipline",
    "Facet",
    "Ontology",
    "OntologyError",
    "PairFeatures",
    "PhyshError",
    "QueryError",
    "RankedHeading",
    "Route",
    "RouteError",
    "Router",
    "TextEmbedder",
    "UnknownConcept",
    "foreign_language",
    "install_release",
    "installed_file",
    "load",
]


def __getattr__(name: str) -> object:
    if name in {"TextEmbedder", "RankedHeading", "Route", "Router"}:
        from physh import route

        return getattr(route, name)
    if name in {"ConceptDistances", "PairFeatures"}:
        from physh import pairs

        return getattr(pairs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
