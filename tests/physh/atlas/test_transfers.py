"""What the literature transfers between disciplines, by the atlas that ships and the embedded release."""

import pytest

import physh
from physh.atlas import Atlas, load
from physh.atlas.atlas import FEWEST, USED
from physh.atlas.transfers import Transfers
from physh.errors import AtlasError
from physh.source import EMBEDDED

STATISTICAL, NETWORKS = "Statistical Physics & Thermodynamics", "Networks"


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> physh.Ontology:
    return physh.load(EMBEDDED, cache=tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load()


@pytest.fixture(scope="module")
def transfers(ontology: physh.Ontology, atlas: Atlas) -> Transfers:
    return Transfers(ontology, atlas)


def test_a_transfer_is_a_method_of_one_discipline_on_a_problem_of_another(
    ontology: physh.Ontology, atlas: Atlas, transfers: Transfers
) -> None:
    home, field = ontology.discipline(STATISTICAL), ontology.discipline(NETWORKS)
    found = transfers.between(home, field, 30)
    assert len(found) > 5
    assert [one.together for one in found] == sorted((one.together for one in found), reverse=True)
    for one in found:
        method, problem = ontology.concepts[one.method], ontology.concepts[one.problem]
        assert home.uri in method.disciplines
        assert field.uri not in method.disciplines
        assert field.uri in problem.disciplines
        assert home.uri not in problem.disciplines
        pair = atlas.pair(one.method, one.problem)
        assert (pair.together, pair.first_year, pair.strength) == (one.together, one.first_year, one.strength)
        assert pair.together >= FEWEST
        assert one.strength > USED


def test_the_map_counts_what_is_listed(ontology: physh.Ontology, transfers: Transfers) -> None:
    meetings = {(met.home.label, met.field.label): met for met in transfers.meetings()}
    met = meetings[STATISTICAL, NETWORKS]
    listed = transfers.between(ontology.discipline(STATISTICAL), ontology.discipline(NETWORKS), 10_000)
    assert met.pairs == len(listed)
    assert met.methods == len({one.method for one in listed})
    assert met.since == min(one.first_year for one in listed)
    assert not any(one == other for one, other in meetings), "no discipline meets itself"


def test_what_is_open_is_in_no_abstract(ontology: physh.Ontology, atlas: Atlas, transfers: Transfers) -> None:
    found = transfers.open_between(ontology.discipline(STATISTICAL), ontology.discipline(NETWORKS), 20)
    assert found
    assert [one.shared for one in found] == sorted((one.shared for one in found), reverse=True)
    assert all(atlas.pair(one.method, one.problem).together == 0 for one in found)


def test_an_earlier_year_knows_nothing_of_later_ones(ontology: physh.Ontology, atlas: Atlas) -> None:
    early = atlas.until(2003)
    assert int(early.years[-1]) == 2003
    assert early.total == sum(atlas.works[: len(early.years)])
    one, other = (ontology.concept(name).uri for name in ("Mean field theory", "Epidemic"))
    whole = {year: n for year, n in atlas.pair(one, other).by_year.items() if year <= 2003}
    assert early.pair(one, other).by_year == whole
    assert early.concept(one) == {year: n for year, n in atlas.concept(one).items() if year <= 2003}
    assert early.about["to"] == 2003
    assert atlas.until(2050).total == atlas.total
    with pytest.raises(AtlasError, match="begins in"):
        atlas.until(1900)


def test_pairs_of_unknown_concepts_are_not_known(ontology: physh.Ontology, atlas: Atlas) -> None:
    uri = ontology.concept("Turbulence").uri
    assert atlas.known([uri, "urn:none"], ["urn:other"]).tolist() == [[False], [False]]
