"""Pairs: the same for the same seed, spread over the disciplines, and none that PhySH knows already."""

from collections import Counter
from itertools import pairwise

import pytest

import physh
from agents.errors import MiningError
from agents.mining import Selection, Spec, TransferPair
from agents.mining.cell_candidates import is_same_by_name
from physh.atlas import Atlas, load
from physh.atlas.atlas import FEWEST, USED
from tests.agents.mining.conftest import Planner


@pytest.mark.slow
def test_the_same_seed_gives_the_same_pairs(select: Planner) -> None:
    first, again, other = (list(select(seed=seed).pairs()) for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["structure", "embedding", "random"])
def test_no_pair_is_trivial_or_known(select: Planner, ontology: physh.Ontology, strategy: str) -> None:
    pairs = list(select(pairs=300, strategy=strategy).pairs())
    assert len({pair.id for pair in pairs}) == len(pairs) == 300
    assert len({(pair.method.uri, pair.target.uri) for pair in pairs}) == len(pairs)
    techniques = {facet.uri for facet in ontology.facets if facet.label.endswith("Techniques")}
    for pair in pairs:
        method, target = ontology.concepts[pair.method.uri], ontology.concepts[pair.target.uri]
        assert pair.home.uri in method.disciplines
        assert pair.field.uri in target.disciplines
        assert pair.field.uri not in method.disciplines
        assert pair.home.uri not in target.disciplines
        assert techniques & set(method.facets)
        assert not techniques & set(target.facets)
        assert target.uri not in (*method.broader, *method.narrower, *method.related)
        assert not is_same_by_name(method.label, target.label)
        assert pair.distance != 0


def test_every_meeting_of_disciplines_gets_its_share(select: Planner) -> None:
    """With pairs enough for all, no two meetings that have candidates left differ by more than one."""
    selection = select(pairs=600)
    counts = Counter((pair.home.uri, pair.field.uri) for pair in selection.pairs())
    candidates = Counter[tuple[str, str]]()
    for cell in selection.cells:
        candidates[cell.home.uri, cell.field.uri] += cell.candidates
    able = [counts[meeting] for meeting, n in candidates.items() if n > 40]
    assert max(able) - min(able) <= 1


def test_a_short_job_touches_all_disciplines_that_can_give(select: Planner, ontology: physh.Ontology) -> None:
    pairs = list(select(pairs=60).pairs())
    givers = {pair.home.uri for pair in pairs}
    takers = {pair.field.uri for pair in pairs}
    assert len(takers) == len(ontology.disciplines)
    assert len(givers) >= len(ontology.disciplines) - 2  # two have no techniques in PhySH


def test_every_cell_is_accounted_for(select: Planner, ontology: physh.Ontology) -> None:
    selection = select(pairs=50)
    chosen = sum(1 for _ in selection.pairs())
    disciplines = len(ontology.disciplines)
    assert len(selection.cells) == disciplines * (disciplines - 1) * 3
    assert sum(cell.chosen for cell in selection.cells) == chosen
    for cell in selection.cells:
        assert (cell.reason is None) == (cell.chosen > 0)
    assert any("lists no Techniques of Energy" in (cell.reason or "") for cell in selection.cells)


def test_the_best_of_a_cell_come_first(select: Planner) -> None:
    """Where nothing is used twice, fit only falls."""
    chosen = {
        "sources": ["Nuclear Physics"],
        "targets": ["Networks"],
        "cross": [{"targets": "Research Areas"}],
    }
    pairs = list(select(pairs=3, **chosen).pairs())
    assert all(one.fit >= other.fit - 1e-4 for one, other in pairwise(pairs))


def test_what_cannot_be_planned_says_why(select: Planner) -> None:
    with pytest.raises(physh.UnknownConcept, match="no discipline 'Alchemy'"):
        select(sources=["Alchemy"])
    with pytest.raises(physh.UnknownConcept, match="no facet 'Spells'"):
        select(cross=[{"targets": "Spells"}])
    with pytest.raises(MiningError, match="nothing to try: PhySH lists no Techniques of Physics Education"):
        list(select(sources=["Physics Education Research"]).pairs())
    with pytest.raises(MiningError, match="nothing to try: sources and targets are the same"):
        list(select(sources=["Networks"], targets=["Networks"]).pairs())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bifurcation analysis", "Bifurcations", True),
        ("Percolation theory", "Percolation", True),
        ("Grid computing", "Grid stability", False),
        ("Random matrix theory", "Quantum chaos", False),
        ("Techniques", "Theory", False),
    ],
)
def test_names_of_one_thing(one: str, other: str, *, same: bool) -> None:
    assert is_same_by_name(one, other) is same
    assert is_same_by_name(other, one) is same


@pytest.mark.slow
def test_what_the_literature_joins_is_not_tried(
    select: Planner, ontology: physh.Ontology, features: physh.PairFeatures
) -> None:
    atlas = load()
    spec = Spec.model_validate({"name": "job", "pairs": 200})
    known = [pair for pair in Selection(ontology, features, spec).pairs() if joined(atlas, pair)]
    left = [pair for pair in Selection(ontology, features, spec, atlas).pairs() if joined(atlas, pair)]
    assert known
    assert not left


def joined(atlas: Atlas, pair: TransferPair) -> bool:
    found = atlas.pair(pair.method.uri, pair.target.uri)
    return found.together >= FEWEST and found.strength > USED
