"""Every concept and discipline of the gold stands in PhySH, where it says."""

import pytest

import physh
from bench.mining.gold import HistoricalTransfer, read_transfers
from physh.source import EMBEDDED


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> physh.Ontology:
    return physh.load(EMBEDDED, cache=tmp_path_factory.mktemp("physh"))


@pytest.mark.parametrize("transfer", read_transfers(), ids=lambda t: f"{t.method.label} to {t.target.label}")
def test_a_transfer_stands_in_physh(transfer: HistoricalTransfer, ontology: physh.Ontology) -> None:
    for concept, discipline in ((transfer.method, transfer.home), (transfer.target, transfer.field)):
        found = ontology.concepts[concept.uri]
        assert found.label == concept.label
        assert not found.deprecated
        assert ontology.discipline(discipline.uri).label == discipline.label
        assert discipline.uri in found.disciplines


def test_methods_are_techniques_and_disciplines_differ(ontology: physh.Ontology) -> None:
    techniques = {facet.uri for facet in ontology.facets if facet.label.endswith("Techniques")}
    for transfer in read_transfers():
        assert techniques & set(ontology.concepts[transfer.method.uri].facets)
        assert transfer.home.uri != transfer.field.uri


def test_none_is_told_twice() -> None:
    transfers = read_transfers()
    assert len(transfers) >= 40
    assert len({(t.method.uri, t.target.uri) for t in transfers}) == len(transfers)
    assert len({(t.doi, t.target.uri) for t in transfers}) == len(transfers)
