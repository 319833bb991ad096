"""A run never starts a call that could end above its budget."""

import asyncio
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agents.errors import BudgetSpent, EndpointError
from agents.model import Budget, Endpoint, Journal
from agents.model.ledger import BudgetLedger, CallCost, price_of
from agents.scripted import InjectedFault, Request, listed
from tests.agents.model.conftest import TalkFactory
from tests.agents.model.talk import Small, prompt
from tests.agents.model.test_journal import make_call
from tests.conftest import ServerFactory


@given(
    limit=st.integers(1, 200),
    costs=st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1)), max_size=30),
)
def test_the_limit_holds_whatever_runs_at_once(limit: int, costs: list[tuple[int, float]]) -> None:
    ledger = BudgetLedger(Budget(tokens=limit), ())

    async def spend(most: int, share: float) -> bool:
        try:
            async with ledger.reserve(CallCost(most)) as actual:
                await asyncio.sleep(0)
                actual.tokens = int(most * share)
        except BudgetSpent:
            return False
        return True

    async def run() -> list[bool]:
        async with asyncio.timeout(5):  # nobody waits for ever
            return await asyncio.gather(*(spend(most, share) for most, share in costs))

    let_through = asyncio.run(run())
    spent = sum(int(most * share) for (most, share), ok in zip(costs, let_through, strict=True) if ok)
    assert ledger.tokens == spent <= limit
    for (most, _), ok in zip(costs, let_through, strict=True):
        assert ok or spent + most > limit  # nobody was refused who would have fitted


async def test_a_call_waits_for_room_that_another_may_leave() -> None:
    ledger = BudgetLedger(Budget(tokens=100), ())
    async with ledger.reserve(CallCost(80)) as first:
        waiting = asyncio.create_task(ledger.reserve(CallCost(50)).__aenter__())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        first.tokens = 10
    assert isinstance(await waiting, CallCost)


def test_what_an_earlier_start_paid_counts() -> None:
    paid = make_call("k").model_copy(update={"cost_usd": 0.4})
    ledger = BudgetLedger(Budget(tokens=35, usd=1), [paid])
    assert (ledger.tokens, ledger.usd) == (30, 0.4)
    with pytest.raises(BudgetSpent, match=r"30 of 35 tokens .*0\.4000 of"):
        asyncio.run(ledger.reserve(CallCost(6)).__aenter__())


async def test_a_spent_budget_keeps_what_is_done_and_a_larger_one_goes_on(
    scripted: ServerFactory, talk: TalkFactory
) -> None:
    server = scripted()
    asking = talk(server)
    small = Budget(tokens=1200)
    async with asking.chat(small) as chat:
        asks = [chat.ask("propose", prompt(f"{n}?"), Small, who=f"p{n}", max_tokens=300) for n in range(40)]
        results = await asyncio.gather(*asks, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BudgetSpent)]
    calls = Journal(asking.path).calls
    assert refused
    assert len(calls) == 40 - len(refused) == server.requests.total()
    assert sum(call.input_tokens + call.output_tokens for call in calls) <= 1200
    with pytest.raises(BudgetSpent, match="larger one"):
        await asking.ask("another", small)
    await asking.ask("another", Budget(tokens=90_000))


async def test_a_cut_stream_is_counted(scripted: ServerFactory, talk: TalkFactory) -> None:
    asking = talk(scripted(faults=listed(*[InjectedFault.CUT] * 4)), stream=True)
    async with asking.chat(Budget(tokens=10_000)) as chat:
        await chat.ask("propose", prompt(), Small, who="p01", max_tokens=300)
        (call,) = Journal(asking.path).calls
        spent = chat._ledger.tokens  # noqa: SLF001 - shown nowhere else
    assert spent > 4 * call.input_tokens


async def test_a_try_that_would_no_longer_fit_is_not_begun(
    scripted: ServerFactory, talk: TalkFactory
) -> None:
    """One call fits with room to spare; what the cut tries have streamed takes that room."""
    server = scripted(faults=listed(*[InjectedFault.CUT] * 7))
    asking = talk(server, stream=True)
    with pytest.raises(BudgetSpent) as first:
        await asking.ask(budget=Budget(tokens=1))
    most = int(re.findall(r"may take (\d+)", str(first.value))[0])
    limit = most + 200
    async with asking.chat(Budget(tokens=limit)) as chat:
        with pytest.raises(BudgetSpent):
            await chat.ask("propose", prompt("Why?"), Small, who="p01", max_tokens=300)
        assert chat._ledger.tokens <= limit  # noqa: SLF001 - shown nowhere else
    assert 1 <= server.requests.total() < 4


async def test_a_try_waits_for_room_that_another_call_may_leave(
    scripted: ServerFactory, talk: TalkFactory
) -> None:
    def answer(request: Request) -> str:
        if "later" in request.text:
            time.sleep(0.3)
        return '{"statement": "x", "mark": 3}'

    server = scripted(answer, faults=listed(InjectedFault.CUT))
    asking = talk(server, stream=True)
    async with asking.chat(Budget(tokens=900)) as chat:
        cut = asyncio.create_task(chat.ask("propose", prompt("now"), Small, who="p01", max_tokens=300))
        await asyncio.sleep(0)
        other = chat.ask("propose", prompt("later"), Small, who="p02", max_tokens=300)
        assert len(await asyncio.gather(cut, other)) == 2
    assert asking.kinds.count("retry") == 1


def test_money_needs_a_price(tmp_path: Any, scripted: ServerFactory, talk: TalkFactory) -> None:  # noqa: ANN401 - a path
    with pytest.raises(EndpointError, match="price of 'asked-for' is not known: set its input_price"):
        talk(scripted()).chat(Budget(usd=1.0))


@pytest.mark.parametrize("wrong", [{"tokens": 0}, {"usd": 0}, {"tokens": -5}, {"pounds": 3}])
def test_a_budget_of_nothing_is_a_mistake(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Budget.model_validate(wrong)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "gpt-4o-mini"}, 0.15 + 2 * 0.6),
        ({"name": "gpt-4o-mini", "base_url": "http://127.0.0.1:8000/v1"}, None),
        ({"name": "no-such-model"}, None),
        ({"name": "gpt-4o-mini", "input_price": 1, "output_price": 3}, 7.0),
        ({"name": "x", "base_url": "http://localhost/v1", "input_price": 0, "output_price": 0}, 0.0),
    ],
)
def test_prices_are_set_or_published_or_unknown(fields: dict[str, Any], expected: float | None) -> None:
    price = price_of(Endpoint.model_validate(fields))(1_000_000, 2_000_000)
    assert price == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"base_url": "localhost:8000"}, "starts with http"),
        ({"base_url": "http://user:secret@host/v1"}, "set the key instead"),
        ({"key": " "}, "copy it again"),
        ({"key": "sk-\u0430"}, "copy it again"),
        ({"input_price": 1}, "go together"),
        ({"timeout_s": 0}, "greater than 0"),
        ({"nmae": "x"}, "not permitted"),
    ],
)
def test_a_wrong_endpoint_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Endpoint.model_validate({"name": "m", **fields})


def test_an_address_is_taken_as_people_copy_it() -> None:
    copied = Endpoint(name="m", base_url="https://host/v1/chat/completions/")
    assert copied.base_url == "https://host/v1"
