"""What can go wrong with the ontology. Each message is one line that says what is wrong and what to do.

PhyshError
├── OntologyError   the file cannot be used: unreadable, broken Turtle (names the line), or not PhySH
├── UnknownConcept  no such URI or label; names the nearest ones
├── QueryError      SPARQL that cannot be read, or that reaches outside
└── RouteError      a text or an embedder that nothing can be routed with
"""


class PhyshError(Exception):
    """Root of all errors of this package."""


class OntologyError(PhyshError):
    """The operator must give another file, or install the release again."""


class UnknownConcept(PhyshError):
    """The user must name a concept, discipline or facet that exists."""


class QueryError(PhyshError):
    """The user must mend the query."""


class RouteError(PhyshError):
    """The user must give a text with words, or the operator an embedder that works."""


class AtlasError(PhyshError):
    """No atlas can be made of, or read from, the files that were given."""
