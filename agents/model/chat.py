"""Asks models for objects: looked up in the run's journal first, then sent, recorded and only then read."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar
from weakref import WeakValueDictionary

from pydantic import BaseModel

import prompts
from agents.errors import StepFailed
from agents.model.attempt import CallAttempt, Event, EventKind, PendingCall
from agents.model.endpoint import Budget, Endpoint
from agents.model.endpoint_client import EndpointClient
from agents.model.journal import NOWHERE, Place, call_key
from agents.model.ledger import BudgetLedger
from agents.model.reading import CUT, ONLY_REASONING, Declined, Unreadable, read_answer
from agents.model.request import ModelRequest
from agents.model.schemas import response_format
from agents.schema import Call
from prompts import Rendered

T = TypeVar("T", bound=BaseModel)
SAME_AS = {"mark": "review", "draft": "propose", "redraft": "propose", "write": "propose"}
"""Steps that another step's model does, unless one is named for them."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What a model said, and its name as the endpoint gave it."""

    value: T
    model: str


class Calls(Protocol):
    """Where answered calls are kept: a run's journal, or the store of a mining job."""

    @property
    def replay(self) -> bool: ...

    @property
    def calls(self) -> Iterable[Call]:
        """Those that count as paid."""
        ...

    def get(self, key: str, place: Place = NOWHERE, /) -> Call | None:
        """The call of that key. A journal of an earlier version has it by its place in the run alone."""
        ...

    def check_room(self) -> None: ...

    def append(self, record: Call) -> None: ...


class Chat:
    """All model calls of one run. An async context manager; leaving it closes the connections."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        journal: Calls,
        budget: Budget | None = None,
        *,
        concurrency: int = 4,
        seed: int = 0,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        """`endpoints` by step; "default" serves the steps that are not named.

        Raises EndpointError if the budget is in USD and a price is not known.
        """
        clients = {endpoint: EndpointClient(endpoint, concurrency) for endpoint in endpoints.values()}
        self._clients = {step: clients[endpoint] for step, endpoint in endpoints.items()}
        self._journal, self._seed = journal, seed
        self._ledger = BudgetLedger(budget or Budget(), journal.calls)
        if not journal.replay:
            for client in clients.values():
                self._ledger.require_price(client.price(1, 1) is not None, client.endpoint.name)
        self._free = asyncio.Semaphore(concurrency)
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # while somebody asks
        self._on_event = on_event or (lambda _event: None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in set(self._clients.values()):
            await client.close()

    async def ask(
        self,
        step: str,
        prompt: Rendered,
        output: type[T],
        *,
        who: str,
        max_tokens: int,
        attempts: int = 3,
        first_seed: int = 0,
    ) -> Answer[T]:
        """An object of class `output`. An answer that does not fit is asked for again, with its fault shown.

        Asks that differ in nothing but `first_seed` (on top of the run's) are answered apart.

        Raises StepFailed, BudgetSpent, EndpointError, or RunError if the answer cannot be recorded.
        """
        pending = PendingCall(step, who, prompt, self._client_of(step), self._on_event)
        limit = max_tokens + pending.client.endpoint.thinking_tokens
        fault = ""
        for attempt in range(attempts):
            request = ModelRequest(
                _messages(prompt, fault),
                response_format(output),
                limit,
                seed=self._seed + first_seed + attempt,
            )
            call = await self._answer(pending, request)
            try:
                value = read_answer(call.answer, call.finish_reason, output, call.reading)
                return Answer(value, call.model)
            except Declined as error:
                raise StepFailed(step, str(error)) from error
            except Unreadable as error:
                fault = str(error)
                pending.tell(EventKind.UNREADABLE, reason=fault)
        hint = (
            ": a model that thinks before it writes needs thinking_tokens set"
            if fault in (CUT, ONLY_REASONING)
            else ""
        )
        raise StepFailed(step, f"no readable answer in {attempts} attempts; the last: {fault}{hint}")

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Keep models that share this machine's cores from answering meanwhile: both would crawl."""
        async with AsyncExitStack() as turns:
            for client in {client for client in self._clients.values() if client.endpoint.at_once}:
                await turns.enter_async_context(client.turn)
            yield

    def model_of(self, step: str) -> str:
        """The name that the step's model is asked by."""
        return self._client_of(step).endpoint.name

    def _client_of(self, step: str) -> EndpointClient:
        """Return the step's own; whoever reviewed also marks again, and who proposes also drafts."""
        return next(
            self._clients[one] for one in (step, SAME_AS.get(step, step), "default") if one in self._clients
        )

    async def _answer(self, pending: PendingCall, request: ModelRequest) -> Call:
        """From the journal, else from the model. Of two that ask the same at once, one waits."""
        key = _key(pending.client.endpoint, request)
        async with self._asking.setdefault(key, asyncio.Lock()):
            call = self._journal.get(key, (pending.step, pending.who))
            if call is not None:
                pending.tell(EventKind.RECALLED, call.output_tokens)
                return call
            call = await self._send(pending, request, key)
            pending.tell(EventKind.ANSWERED, call.output_tokens)
            return call

    async def _send(self, pending: PendingCall, request: ModelRequest, key: str) -> Call:
        async with pending.client.turn, self._free:
            self._journal.check_room()
            call = await CallAttempt(pending, request, self._ledger).call(key)
            self._journal.append(call)
            return call


def _messages(prompt: Rendered, fault: str) -> list[dict[str, str]]:
    """Two messages always: a fault joins the user's, as not every model's template takes two in a row."""
    user = prompt.user
    if fault:
        user = f"{user}\n\n{prompts.load('repair').render(fault=fault).user}"
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": user}]


def _key(endpoint: Endpoint, request: ModelRequest) -> str:
    return call_key(
        model=endpoint.name,
        messages=request.messages,
        schema=request.response_format["json_schema"]["schema"],
        max_tokens=request.max_tokens,
        temperature=endpoint.temperature,
        seed=request.seed,
    )
