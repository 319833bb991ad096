"""Asks models for objects: looked up in the run's journal first, then sent, recorded and only then read."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Self, TypeVar

from pydantic import BaseModel

import prompts
from agents.errors import StepFailed
from agents.model.client import Asked
from agents.model.diagnosis import TooLong, Transient
from agents.model.endpoint import Budget, Endpoint
from agents.model.events import Event, EventKind
from agents.model.journal import Journal
from agents.model.keys import call_key
from agents.model.ledger import Cost, Ledger
from agents.model.line import Line
from agents.model.reading import CUT, Unreadable, read_answer
from agents.model.schemas import response_format
from agents.schema import Call
from prompts import Rendered

T = TypeVar("T", bound=BaseModel)
SHOW_EVERY_S = 0.2


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What a model said, and its name as the endpoint gave it."""

    value: T
    model: str


@dataclass(frozen=True)
class _Task:
    """One ask: who wants what of whom."""

    step: str
    who: str
    prompt: Rendered
    line: Line
    on_event: Callable[[Event], None]

    def tell(self, kind: EventKind, tokens: int = 0, reason: str = "") -> None:
        self.on_event(Event(kind, self.who, self.step, tokens, reason))


class Chat:
    """All model calls of one run. An async context manager; leaving it closes the connections."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        journal: Journal,
        budget: Budget | None = None,
        *,
        concurrency: int = 4,
        seed: int = 0,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        """`endpoints` by step; "default" serves the steps that are not named.

        Raises EndpointError if the budget is in USD and a price is not known.
        """
        lines = {endpoint: Line(endpoint, concurrency) for endpoint in endpoints.values()}
        self._lines = {step: lines[endpoint] for step, endpoint in endpoints.items()}
        self._journal, self._seed = journal, seed
        self._ledger = Ledger(budget or Budget(), journal.calls)
        if not journal.replay:
            for line in lines.values():
                self._ledger.require_price(line.price(1, 1) is not None, line.endpoint.name)
        self._free = asyncio.Semaphore(concurrency)
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._on_event = on_event or (lambda _event: None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for line in set(self._lines.values()):
            await line.close()

    async def ask(
        self, step: str, prompt: Rendered, output: type[T], *, who: str, max_tokens: int, attempts: int = 3
    ) -> Answer[T]:
        """An object of class `output`. An answer that does not fit is asked for again, with its fault shown.

        Raises StepFailed, BudgetSpent, EndpointError, or RunError if the answer cannot be recorded.
        """
        task = _Task(step, who, prompt, self._line(step), self._on_event)
        limit = max_tokens + task.line.endpoint.thinking_tokens
        fault = ""
        for attempt in range(attempts):
            asked = Asked(_messages(prompt, fault), response_format(output), limit, seed=self._seed + attempt)
            call = await self._answer(task, asked)
            try:
                return Answer(read_answer(call.answer, call.finish_reason, output), call.model)
            except Unreadable as error:
                fault = str(error)
                task.tell(EventKind.UNREADABLE, reason=fault)
        hint = ": a model that thinks before it writes needs thinking_tokens set" if fault == CUT else ""
        raise StepFailed(step, f"no readable answer in {attempts} attempts; the last: {fault}{hint}")

    def _line(self, step: str) -> Line:
        return self._lines.get(step) or self._lines["default"]

    async def _answer(self, task: _Task, asked: Asked) -> Call:
        """From the journal, else from the model. Of two that ask the same at once, one waits."""
        key = _key(task.line.endpoint, asked)
        async with self._asking[key]:
            call = self._journal.get(key)
            if call is not None:
                task.tell(EventKind.RECALLED, call.output_tokens)
                return call
            call = await self._send(task, asked, key)
            task.tell(EventKind.ANSWERED, call.output_tokens)
            return call

    async def _send(self, task: _Task, asked: Asked, key: str) -> Call:
        most = Cost(asked.tokens + asked.max_tokens, task.line.price(asked.tokens, asked.max_tokens))
        async with task.line.turn, self._free, self._ledger.reserve(most) as cost:
            self._journal.check_room()
            task.tell(EventKind.SENT)
            try:
                call = await _complete(task, asked, key, cost)
            except TooLong as error:
                raise StepFailed(
                    task.step, f"the prompt does not fit the model's context: {error}"
                ) from error
            except Transient as error:
                raise StepFailed(task.step, f"the endpoint kept failing; the last: {error}") from error
            cost.tokens += call.input_tokens + call.output_tokens
            cost.usd = (cost.usd or 0) + (call.cost_usd or 0)
            self._journal.append(call)
            return call


async def _complete(task: _Task, asked: Asked, key: str, cost: Cost) -> Call:
    """The model's answer as it is recorded. What a broken try had already streamed is added to the cost."""
    price, shown = task.line.price, _Shown(task)
    at = datetime.now(UTC)

    def note(fault: Transient) -> None:
        task.tell(EventKind.RETRY, reason=str(fault))
        if lost := shown.forget():
            cost.tokens += asked.tokens + lost
            cost.usd = (cost.usd or 0) + (price(asked.tokens, lost) or 0)

    completion, retries = await task.line.complete(asked, shown, note)
    return Call(
        key=key,
        step=task.step,
        who=task.who,
        prompt=task.prompt.id,
        prompt_sha256=task.prompt.sha256,
        model=completion.model,
        at=at,
        seconds=completion.seconds,
        input_tokens=completion.input_tokens,
        output_tokens=completion.output_tokens,
        cost_usd=price(completion.input_tokens, completion.output_tokens),
        retries=retries,
        finish_reason=completion.finish_reason,
        answer=completion.text,
    )


class _Shown:
    """Tells of streamed tokens, a few times a second."""

    def __init__(self, task: _Task) -> None:
        self._task, self._tokens, self._next = task, 0, 0.0

    def __call__(self, tokens: int) -> None:
        self._tokens = tokens
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SHOW_EVERY_S
            self._task.tell(EventKind.TOKENS, tokens)

    def forget(self) -> int:
        tokens, self._tokens = self._tokens, 0
        return tokens


def _messages(prompt: Rendered, fault: str) -> list[dict[str, str]]:
    """Two messages always: a fault joins the user's, as not every model's template takes two in a row."""
    user = prompt.user
    if fault:
        user = f"{user}\n\n{prompts.load('repair').render(fault=fault).user}"
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": user}]


def _key(endpoint: Endpoint, asked: Asked) -> str:
    return call_key(
        model=endpoint.name,
        messages=asked.messages,
        schema=asked.response_format["json_schema"]["schema"],
        max_tokens=asked.max_tokens,
        temperature=endpoint.temperature,
        seed=asked.seed,
    )
