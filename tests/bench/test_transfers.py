"""Every concept and discipline of the gold stands in PhySH, where it says."""

from pathlib import Path

import pytest

import physh
from bench.transfers import Transfer, read_transfers

FULL = Path(__file__).parents[3] / "shared" / "data" / "physh" / "physh.ttl"
IN_CORE = 28  # of the pairs: a figure that the docs name


@pytest.fixture(scope="module")
def full() -> physh.Ontology:
    if not FULL.is_file():
        pytest.skip("the full PhySH release is not beside this checkout")
    return physh.load(FULL)


@pytest.mark.parametrize("transfer", read_transfers(), ids=lambda t: f"{t.method.label} to {t.target.label}")
def test_a_transfer_stands_in_physh(transfer: Transfer, full: physh.Ontology) -> None:
    for concept, discipline in ((transfer.method, transfer.home), (transfer.target, transfer.field)):
        found = full.concepts[concept.uri]
        assert found.label == concept.label
        assert not found.deprecated
        assert full.discipline(discipline.uri).label == discipline.label
        assert discipline.uri in found.disciplines


def test_methods_are_techniques_and_disciplines_differ(full: physh.Ontology) -> None:
    techniques = {facet.uri for facet in full.facets if facet.label.endswith("Techniques")}
    for transfer in read_transfers():
        assert techniques & set(full.concepts[transfer.method.uri].facets)
        assert transfer.home.uri != transfer.field.uri


def test_none_is_told_twice() -> None:
    transfers = read_transfers()
    assert len(transfers) >= 40
    assert len({(t.method.uri, t.target.uri) for t in transfers}) == len(transfers)
    assert len({(t.doi, t.target.uri) for t in transfers}) == len(transfers)


def test_so_many_stand_in_the_embedded_core() -> None:
    core = physh.load(Path(physh.__file__).parent / "data" / "core.ttl").concepts
    held = [t for t in read_transfers() if t.method.uri in core and t.target.uri in core]
    assert len(held) == IN_CORE
