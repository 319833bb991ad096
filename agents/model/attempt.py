"""One call on its way: budget for every try, news for whoever watches, and the record that is left."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from agents.errors import StepFailed
from agents.model.client import ChatClient, Completion
from agents.model.diagnosis import RequestRefused, Transient
from agents.model.endpoint_client import EndpointClient
from agents.model.ledger import BudgetLedger, CallCost
from agents.model.reading import RULES
from agents.model.request import ModelRequest
from agents.schema import Call
from prompts import Rendered

SHOW_EVERY_S = 0.2


class EventKind(StrEnum):
    SENT = "sent"
    TOKENS = "tokens"
    RETRY = "retry"
    UNREADABLE = "unreadable"
    ANSWERED = "answered"
    RECALLED = "recalled"
    PLANNED = "planned"
    """A claim is about to be tested; `reason` says by what."""
    TESTED = "tested"
    """A claim has its verdict, which `reason` gives."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one call, or to the test of one claim."""

    kind: EventKind
    who: str
    step: str
    tokens: int = 0  # of this call so far; for an answer, all of its tokens
    reason: str = ""  # why it is sent again; what is tested, and what came of it


@dataclass(frozen=True)
class PendingCall:
    """One ask: who wants what of whom."""

    step: str
    who: str
    prompt: Rendered
    client: EndpointClient
    on_event: Callable[[Event], None]

    def tell(self, kind: EventKind, tokens: int = 0, reason: str = "") -> None:
        self.on_event(Event(kind, self.who, self.step, tokens, reason))


class CallAttempt:
    """Sends one request until it is answered. Whoever uses it holds the line's turn."""

    def __init__(self, pending: PendingCall, request: ModelRequest, ledger: BudgetLedger) -> None:
        self._pending, self._request, self._ledger = pending, request, ledger
        self._streamed, self._next_show, self._begun = 0, 0.0, False

    async def call(self, key: str) -> Call:
        """The answer as it is recorded. Raises StepFailed, BudgetSpent or EndpointError."""
        pending, at = self._pending, datetime.now(UTC)
        try:
            completion, retries = await pending.client.complete(self._try, self._note)
        except RequestRefused as error:
            raise StepFailed(pending.step, str(error)) from error
        except Transient as error:
            raise StepFailed(pending.step, f"the endpoint kept failing; the last: {error}") from error
        return Call(
            key=key,
            step=pending.step,
            who=pending.who,
            prompt=pending.prompt.id,
            prompt_sha256=pending.prompt.sha256,
            model=completion.model,
            at=at,
            seconds=completion.seconds,
            input_tokens=completion.input_tokens,
            output_tokens=completion.output_tokens,
            cost_usd=pending.client.price(completion.input_tokens, completion.output_tokens),
            retries=retries,
            finish_reason=completion.finish_reason,
            answer=completion.text,
            reading=RULES,
        )

    async def _try(self, client: ChatClient) -> Completion:
        """Every try reserves for itself: what the one before it had streamed is spent."""
        given = self._request.tokens
        async with self._ledger.reserve(self._cost(given, self._request.max_tokens)) as cost:
            self._begin()
            try:
                completion = await client.complete(self._request, self._show)
            except Transient:
                if self._streamed:
                    cost.add(self._cost(given, self._streamed))
                raise
            cost.add(self._cost(completion.input_tokens, completion.output_tokens))
        return completion

    def _cost(self, given: int, made: int) -> CallCost:
        return CallCost(given + made, self._pending.client.price(given, made))

    def _begin(self) -> None:
        self._streamed = 0
        if not self._begun:
            self._begun = True
            self._pending.tell(EventKind.SENT)

    def _note(self, fault: Transient) -> None:
        self._pending.tell(EventKind.RETRY, reason=str(fault))

    def _show(self, tokens: int) -> None:
        """Tells of streamed tokens, a few times a second."""
        self._streamed = tokens
        if time.monotonic() >= self._next_show:
            self._next_show = time.monotonic() + SHOW_EVERY_S
            self._pending.tell(EventKind.TOKENS, tokens)
