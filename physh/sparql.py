"""The graph on Oxigraph: one store, queried directly or through rdflib."""

import re
import sys
from typing import TYPE_CHECKING

from physh.errors import QueryError
from physh.vocabulary import PREFIXES

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store


def store(turtle: bytes) -> "Store":
    import pyoxigraph

    loaded = pyoxigraph.Store()
    loaded.load(turtle, format=pyoxigraph.RdfFormat.TURTLE)
    return loaded


def graph(loaded: "Store") -> "rdflib.Graph":
    import rdflib
    from oxrdflib import OxigraphStore
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    made = rdflib.Graph(store=OxigraphStore(store=loaded), identifier=DATASET_DEFAULT_GRAPH_ID)
    for prefix, uri in PREFIXES.items():
        made.bind(prefix, uri)
    return made


def select(loaded: "Store", query: str) -> list[dict[str, str | None]]:
    import pyoxigraph

    _refuse_reaching_out(query)
    try:
        found = loaded.query(query, prefixes=PREFIXES)
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise QueryError("only SELECT gives rows: for ASK, CONSTRUCT and DESCRIBE use graph.query")
        names = [variable.value for variable in found.variables]
        return [{name: _value(row[name]) for name in names} for row in found]
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the query cannot be read: {' '.join(str(error).split())[:200]}") from error


def _refuse_reaching_out(query: str) -> None:
    """Refuse SERVICE, which would have this process call any address that a query names.

    The word is refused wherever it stands, escaped letters included: to tell a keyword from a literal
    would take a parser, and no label of PhySH needs it.
    """
    plain = re.sub(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})", _unescape, query)
    if "service" in plain.casefold():
        raise QueryError("a query may not contain SERVICE: it answers from PhySH alone")


def _unescape(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code <= sys.maxunicode else ""


def _value(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", term))
