"""Triples under a run's own addresses: every node has an IRI and none is blank."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias
from urllib.parse import quote

from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from app.exports.markdown import SCRIPTED

HF = Namespace("https://w3id.org/hypothesis-finder/ns#")
RUNS = "https://w3id.org/hypothesis-finder/run/"
MODELS = "https://w3id.org/hypothesis-finder/model/"

Value: TypeAlias = Node | str | float | datetime | bool | None
Facts: TypeAlias = Mapping[URIRef, Value | list[Value] | list[str] | list[URIRef]]


class Triples:
    """A graph that grows by described nodes."""

    def __init__(self, run: str) -> None:
        self.here = Namespace(f"{RUNS}{quote(run, safe='')}#")
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in {
            "hf": HF,
            "prov": PROV,
            "skos": SKOS,
            "dcterms": DCTERMS,
            "rdfs": RDFS,
            "xsd": XSD,
            "": self.here,
        }.items():
            self.graph.bind(prefix, namespace)

    def describe(self, name: str | URIRef, kinds: list[URIRef], facts: Facts) -> URIRef:
        node = name if isinstance(name, URIRef) else self.here[name]
        for kind in kinds:
            self.graph.add((node, RDF.type, kind))
        for predicate, values in facts.items():
            for value in values if isinstance(values, list) else [values]:
                if value is not None:
                    self.graph.add((node, predicate, _as_node(value)))
        return node

    def agent(self, model: str) -> URIRef:
        """One IRI a model, the same in every run; a scripted answer's author says that it is no model."""
        facts: Facts = {RDFS.label: model, HF.scripted: True if model == SCRIPTED else None}
        return self.describe(URIRef(MODELS + quote(model, safe="")), [PROV.SoftwareAgent], facts)

    def hypothesis(self, key: str) -> URIRef:
        return self.here[f"hypothesis-{key}"]


def _as_node(value: Value) -> Node:
    if isinstance(value, Node):
        return value
    if isinstance(value, float):  # rdflib would write 70.0 as 7e+01
        return Literal(format(Decimal(repr(value)), "f"), datatype=XSD.decimal)
    return Literal(value)
