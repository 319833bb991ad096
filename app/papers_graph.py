"""Records of papers as Turtle: what was read, from which words, with PhySH concepts where there are."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from rdflib import DCTERMS, PROV, RDFS, Graph, URIRef

from app.errors import InputError
from app.exports.triples import HF, Triples
from app.papers import PaperLine
from tools.reading import ExtractedRecord, Form

if TYPE_CHECKING:
    from physh import Ontology

CONCEPTS = {"synthesis": "Synthesis", "perovskite_cell": "Solar energy"}  # of a form, by PhySH label


def write_turtle(lines: Iterable[PaperLine], form: Form, path: Path) -> int:
    """Write all records and return the number of triples. Raises InputError."""
    from app.runtime import load_ontology
    from app.settings import load_settings

    graph = make_graph(lines, form, load_ontology(load_settings()))
    try:
        graph.serialize(path, format="turtle")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
    return len(graph)


def make_graph(lines: Iterable[PaperLine], form: Form, ontology: "Ontology") -> Graph:
    """Return papers, their records and each value with its quote and place."""
    triples = Triples("papers")
    for line in lines:
        if line.result is None:
            continue
        paper = triples.describe(f"paper-{line.key}", [HF.Paper], {RDFS.label: line.source})
        for number, record in enumerate(line.result.records, 1):
            name = f"paper-{line.key}-{number}"
            node = triples.describe(
                name, [HF.Record],
                {
                    RDFS.label: f"{form.name} {number} of {line.source}", PROV.wasDerivedFrom: paper,
                    HF.reader: line.result.reader, DCTERMS.subject: _concepts(record, form, ontology),
                },
            )  # fmt: skip
            for place, value in enumerate(record.values, 1):
                said = triples.describe(
                    f"{name}-{place}", [HF.Value],
                    {
                        HF.slot: value.path, HF.value: value.value, HF.unit: value.unit,
                        HF.written: value.written,
                        HF.quote: value.quote, HF.start: value.start,
                        HF.end: value.end, HF.how: value.how,
                    },
                )  # fmt: skip
                triples.graph.add((node, HF[quote(value.path.split("[")[0], safe="")], said))
    return triples.graph


def _concepts(record: ExtractedRecord, form: Form, ontology: "Ontology") -> list[URIRef]:
    """PhySH concepts of the form, and of the property that was measured."""
    from physh import UnknownConcept
    from tools.reading.measurements import properties

    labels = [CONCEPTS[form.name]] if form.name in CONCEPTS else []
    measured = record.content.get("property")
    labels += [one.concept for one in properties() if one.name == measured and one.concept]
    found = []
    for label in labels:
        try:
            found.append(URIRef(ontology.concept(label).uri))
        except UnknownConcept:
            continue
    return found
