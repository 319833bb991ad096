"""Meetings of two disciplines: compared, their best transfers judged pair by pair, both kept in the store."""

import asyncio
from collections.abc import Sequence
from itertools import islice
from sqlite3 import Row

from agents.blinding import BlindedHypothesis
from agents.errors import BudgetSpent, EndpointError
from agents.mining.rows import read_all, read_kept
from agents.mining.schema import Mined
from agents.mining.spec import Spec
from agents.mining.store import MiningStore
from agents.model import Answer, Chat
from agents.rank import hold, rules
from agents.schema import Contrast, Match, Stop, Strict, Tournament, TransferVerdict
from agents.steps.judge import judge


class Compared(Strict):
    """Two disciplines side by side, named as the job's spec names them."""

    first: str
    second: str
    contrast: Contrast
    model: str


def contrasts(store: MiningStore, job: str) -> list[Compared]:
    """Those that were answered, in the spec's order, which is that of asking."""
    rows = store.rows("select * from contrast where job = ? order by rowid", job)
    return list(read_all(_compared, rows))


def _compared(row: Row) -> Compared:
    return Compared(
        first=row["first"],
        second=row["second"],
        contrast=read_kept(Contrast, row["record"], row["job"]),
        model=row["model"],
    )


def add_contrast(store: MiningStore, job: str, first: str, second: str, *, answer: Answer[Contrast]) -> None:
    put_contrast(store, job, Compared(first=first, second=second, contrast=answer.value, model=answer.model))


def put_contrast(store: MiningStore, job: str, one: Compared) -> None:
    record = one.contrast.model_dump_json()
    store.do(
        "insert or replace into contrast values (?, ?, ?, ?, ?)",
        job,
        one.first,
        one.second,
        one.model,
        record,
    )


def put_tournament(store: MiningStore, job: str, *said: object) -> None:
    """Keep home, field, matches, why it stopped, and the verdict; the pairs' ratings are kept apart."""
    store.do("insert or replace into tournament values (?, ?, ?, ?, ?, ?)", job, *said)


def add_tournament(store: MiningStore, job: str, home: str, field: str, *, held: Tournament) -> None:
    """Of the best transfers from discipline `home` to discipline `field`, by URI."""
    put_tournament(store, job, home, field, len(held.matches), held.stopped, held.verdict)
    store.do(
        "delete from rating where job = ? and pair in "
        "(select id from pair where job = ? and home = ? and field = ?)",
        *(job, job, home, field),
    )
    for rated in held.ratings:
        store.do(
            "insert or replace into rating values (?, ?, ?, ?, ?, ?)",
            job,
            rated.hypothesis,
            rated.strength,
            rated.low,
            rated.high,
            rated.ranked,
        )


ENTRANTS = 8  # of two disciplines


async def hold_tournaments(store: MiningStore, job: str, chat: Chat, spec: Spec) -> None:
    """Ratings for every meeting with at least two transfers that were not denied.

    Raises BudgetSpent, EndpointError, CancelledError or RunError; what was judged so far is kept.
    """
    for home, field in store.meetings(job):
        best = islice(store.mined(job, home=home, field=field), ENTRANTS)
        # by id: held again after a stop, it asks for the same pairs, which are paid
        entrants = sorted((mined for mined in best if _stands(mined)), key=lambda mined: mined.pair.id)
        if len(entrants) > 1:
            held = await _hold(chat, spec, entrants)
            add_tournament(store, job, home, field, held=held)
            _require_ended(held, chat.model_of("judge"))


def _require_ended(held: Tournament, judge: str) -> None:
    """A tournament keeps what it has and tells why it ended; a job has to know as well."""
    match held.stopped:
        case Stop.BUDGET:
            raise BudgetSpent("the budget is used up: raise it and run the job again to go on")
        case Stop.UNREACHABLE:
            raise EndpointError(f"{judge} could not be asked to judge: mend that and run the job again")
        case Stop.INTERRUPTED:
            raise asyncio.CancelledError
        case _:
            pass


async def _hold(chat: Chat, spec: Spec, entrants: Sequence[Mined]) -> Tournament:
    blinded = {mined.pair.id: BlindedHypothesis(mined.pair.id, show(mined)) for mined in entrants}
    pair = entrants[0].pair
    question = f"Which method of {pair.home.label} would help most with a challenge of {pair.field.label}?"

    async def match(first: str, second: str, _reading: int) -> Match:
        return await judge(chat, question, blinded[first], blinded[second], f"{first} {second}")

    once = rules().model_copy(update={"readings": 1})
    return await hold(list(blinded), [match], matches=spec.matches, seed=spec.seed, by=once)


def _stands(mined: Mined) -> bool:
    return mined.finding is not None and mined.finding.transfer.verdict is not TransferVerdict.NO


def show(mined: Mined) -> str:
    """A transfer as a judge reads it: without marks, verdict or author."""
    assert mined.finding  # noqa: S101 - only what is answered is judged
    said, pair = mined.finding.transfer, mined.pair
    mapping = "; ".join(f"{name}: {text}" for name, text in said.mapping)
    return (
        f"{pair.method.label} for {pair.target.label}. {said.method_does} {said.challenge}\n"
        f"Mapping: {mapping}\nMust hold: {said.must_hold}\nFirst test: {said.first_test}"
    )
