"""The way to one endpoint during one run: passing faults are tried again, lasting ones are remembered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agents.errors import EndpointError
from agents.model.client import ChatClient, Completion
from agents.model.diagnosis import Adapted, Transient
from agents.model.endpoint import Endpoint
from agents.model.ledger import price_of

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

TRIES = 8
SILENCES = 3  # time-outs, each of timeout_s, after which a longer wait is what is needed
FIRST_WAIT_S = 0.5  # doubles with every try; the wait is drawn between 0 and that, so that branches part ways
LONGEST_WAIT_S = 30.0
LONGEST_ASKED_WAIT_S = 60.0  # a server that asks for more is tried again after this


class EndpointClient:
    """One endpoint's client, with patience. Whoever calls it holds `turn`."""

    def __init__(self, endpoint: Endpoint, concurrency: int) -> None:
        self.endpoint, self.price = endpoint, price_of(endpoint)
        self.turn = asyncio.Semaphore(endpoint.at_once or concurrency)
        self._client: ChatClient | None = None
        self._answered = False
        self._broken: EndpointError | None = None

    async def close(self) -> None:
        if self._client:
            await self._client.close()

    async def complete(
        self, send: Callable[[ChatClient], Awaitable[Completion]], retry: Callable[[Transient], None]
    ) -> tuple[Completion, int]:
        """What `send` gets, and how many tries failed before. `retry` is told of each.

        Raises what `send` does: Transient when patience is at its end, EndpointError from then on at once.
        """
        if self._broken:
            raise EndpointError(*self._broken.args)
        self._client = self._client or ChatClient(self.endpoint)
        retrying = self._retrying(retry)
        try:
            completion: Completion = await retrying(send, self._client)
        except EndpointError as error:
            self._broken = error
            raise
        except Transient as error:
            if self._answered and not error.unreachable:
                raise
            self._broken = self._give_up(error)
            raise self._broken from error
        self._answered = True
        return completion, retrying.statistics["attempt_number"] - 1

    def _retrying(self, retry: Callable[[Transient], None]) -> "AsyncRetrying":
        from tenacity import AsyncRetrying, retry_if_exception

        def tell(state: "RetryCallState") -> None:
            retry(_fault(state))

        return AsyncRetrying(
            stop=_is_enough,
            wait=_wait,
            retry=retry_if_exception(self._may_pass),
            before_sleep=tell,
            reraise=True,
        )

    def _may_pass(self, error: BaseException) -> bool:
        """An address that never answered is wrong or not started; one that did may be starting again."""
        return isinstance(error, Transient) and (self._answered or not error.unreachable)

    def _give_up(self, error: Transient) -> EndpointError:
        address = self.endpoint.base_url
        if error.unreachable:
            return EndpointError(f"{address} cannot be reached ({error}). Start it, or set another base_url")
        if error.timed_out:
            return EndpointError(
                f"{address} gave {error}, in {SILENCES} tries: raise timeout_s (HYPOFIND_MODEL__TIMEOUT_S), "
                "or choose a smaller model"
            )
        hint = ". Check base_url" if error.foreign else ""
        return EndpointError(f"{address} gave no answer in {TRIES} tries; the last: {error}{hint}")


def _is_enough(state: "RetryCallState") -> bool:
    return state.attempt_number >= (SILENCES if _fault(state).timed_out else TRIES)


def _wait(state: "RetryCallState") -> float:
    from tenacity import wait_random_exponential

    if isinstance(_fault(state), Adapted):
        return 0
    drawn = wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S)(state)
    return drawn + min(_fault(state).wait_s, LONGEST_ASKED_WAIT_S)


def _fault(state: "RetryCallState") -> Transient:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Transient):
        raise TypeError(f"only faults that may pass are tried again, not {error!r}")
    return error
