"""When the tournament of two disciplines ranks, and what is kept of it."""

import pytest

import physh
from agents.mining import Mined, MiningStore
from agents.mining.meetings import ENTRANTS, add_tournament
from agents.rank import hold
from agents.schema import Match, MatchOutcome, Tournament
from tests.agents.mining.conftest import Adder
from tests.agents.mining.test_running import go
from tests.conftest import ServerFactory


async def judged(keys: list[str], matches: int) -> Tournament:
    """By a judge who is always sure and never contradicts itself."""

    async def match(first: str, second: str, _reading: int) -> Match:
        outcome = MatchOutcome.FIRST if first < second else MatchOutcome.SECOND
        return Match(first=first, second=second, judge="a model", outcome=outcome)

    return await hold(keys, [match], matches=matches, seed=0)


@pytest.mark.parametrize(("matches", "ranks"), [(7, False), (9, True)])
async def test_one_judge_needs_as_many_matches_as_the_spec_says(matches: int, ranks: bool) -> None:
    held = await judged([f"transfer {number}" for number in range(ENTRANTS)], matches)
    assert held.can_rank is ranks
    assert any(rating.ranked for rating in held.ratings) is ranks


async def test_a_second_tournament_leaves_nothing_of_the_first(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned(sources=["Networks"], targets=["Nuclear Physics"], pairs=9)
    await go(store, scripted(), ontology)
    mined = list(store.mined("job"))
    home, field = mined[0].pair.home.uri, mined[0].pair.field.uri
    for entrants in (mined[:8], mined[1:]):
        held = await judged([one.pair.id for one in entrants], 28)
        add_tournament(store, "job", home, field, held=held)
    assert _rated(store) == {one.pair.id for one in mined[1:]}


def _rated(store: MiningStore) -> set[str]:
    found: list[Mined] = list(store.mined("job"))
    return {one.pair.id for one in found if one.rating is not None}
