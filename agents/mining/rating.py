"""The best of each meeting of two disciplines, judged pair by pair, blind and in both orders."""

from collections.abc import Sequence
from itertools import islice

from agents.judge import Exhibit, judge
from agents.mining.contrasts import add_ratings
from agents.mining.schema import Mined
from agents.mining.spec import Spec
from agents.mining.store import Store
from agents.model import Chat
from agents.rank import hold
from agents.schema import Match, Tournament, Verdict

ENTRANTS = 6  # of a cell: a tournament among many takes calls that no cell is worth


async def hold_tournaments(store: Store, job: str, chat: Chat, spec: Spec) -> None:
    """Ratings for every meeting with at least two transfers that were not denied.

    Raises what judging raises, apart from a budget's end, which leaves the ratings so far.
    """
    for home, field in store.meetings(job):
        best = islice(store.mined(job, home=home, field=field), ENTRANTS)
        entrants = [mined for mined in best if _stands(mined)]
        if len(entrants) > 1:
            add_ratings(store, job, (await _hold(chat, spec, entrants)).ratings)


async def _hold(chat: Chat, spec: Spec, entrants: Sequence[Mined]) -> Tournament:
    exhibits = {mined.pair.id: Exhibit(mined.pair.id, show(mined)) for mined in entrants}
    pair = entrants[0].pair
    question = f"Which method of {pair.home.label} would help most with a challenge of {pair.field.label}?"

    async def match(first: str, second: str) -> Match:
        return await judge(chat, question, exhibits[first], exhibits[second], f"{first} {second}")

    return await hold(list(exhibits), [match], matches=spec.matches, seed=spec.seed)


def _stands(mined: Mined) -> bool:
    return mined.finding is not None and mined.finding.transfer.verdict is not Verdict.NO


def show(mined: Mined) -> str:
    """A transfer as a judge reads it: without marks, verdict or author."""
    assert mined.finding  # noqa: S101 - only what is answered is judged
    said, pair = mined.finding.transfer, mined.pair
    mapping = "; ".join(f"{name}: {text}" for name, text in said.mapping)
    return (
        f"{pair.method.label} for {pair.target.label}. {said.method_does} {said.challenge}\n"
        f"Mapping: {mapping}\nMust hold: {said.must_hold}\nFirst test: {said.first_test}"
    )
