"""The graph answers in SPARQL, directly and through rdflib, and reaches for nothing else."""

import pytest

import physh

DISCIPLINES = "SELECT ?d ?label { ?d a physh_rdf:Discipline ; physh_rdf:prefLabel ?label } ORDER BY ?label"


def test_rows_are_plain_values(ontology: physh.Ontology) -> None:
    rows = ontology.query(DISCIPLINES)
    assert len(rows) == 19, "the root and the deprecated one are in the graph"
    assert rows[0] == {
        "d": "https://doi.org/10.29172/7b910510-8488-42c8-ac66-4a0afdc726c9",
        "label": "APS Taxonomy",
    }


def test_an_unbound_variable_is_none(ontology: physh.Ontology) -> None:
    query = "SELECT ?note { ?c a physh_rdf:Facet OPTIONAL { ?c skos:scopeNote ?note } } LIMIT 1"
    assert ontology.query(query) == [{"note": None}]


def test_rdflib_sees_the_same_graph(ontology: physh.Ontology) -> None:
    assert len(ontology.graph) == ontology.triples
    found = [{name: str(row[name]) for name in ("d", "label")} for row in ontology.graph.query(DISCIPLINES)]  # type: ignore[call-overload, index]  # SELECT rows
    assert found == ontology.query(DISCIPLINES)


def test_sparql_and_walking_agree(ontology: physh.Ontology) -> None:
    rows = ontology.query("""
        SELECT DISTINCT ?c {
          ?d physh_rdf:prefLabel "Nuclear Physics"@en ; physh_rdf:hasConcept/skos:narrower* ?c
          FILTER NOT EXISTS { ?c physh_rdf:deprecated true }
        }""")
    assert {row["c"] for row in rows} == {c.uri for c in ontology.members("Nuclear Physics")}


@pytest.mark.parametrize(
    "query", ["", "SELECT {", "select ?x where", "DROP ALL", "SELECT ?x { ?x a \ud800 }"]
)
def test_what_is_no_select_is_refused_in_one_line(ontology: physh.Ontology, query: str) -> None:
    with pytest.raises(physh.QueryError) as caught:
        ontology.query(query)
    assert "\n" not in str(caught.value)


def test_other_forms_are_sent_to_the_graph(ontology: physh.Ontology) -> None:
    with pytest.raises(physh.QueryError, match=r"graph\.query"):
        ontology.query("ASK { ?s ?p ?o }")


@pytest.mark.parametrize("word", ["SERVICE", "service", "\\u0053ERVICE", "S\\U00000045RVICE"])
def test_no_query_reaches_out(ontology: physh.Ontology, word: str) -> None:
    with pytest.raises(physh.QueryError, match="SERVICE"):
        ontology.query(f"SELECT * {{ {word} SILENT <http://127.0.0.1:8/> {{ ?s ?p ?o }} }}")
