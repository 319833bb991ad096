"""What tokens cost, and a run kept within its budget: room is reserved before a call and settled after it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agents.errors import BudgetSpent, EndpointError
from agents.model.endpoint import Budget, Endpoint
from agents.schema import Call

Price = Callable[[int, int], float | None]
"""USD for input and output tokens; None where no price is known."""

_DIGITS = 10  # of a dollar: enough for a single token of the cheapest model


def price_of(endpoint: Endpoint) -> Price:
    if endpoint.input_price is not None and endpoint.output_price is not None:
        return _fixed(endpoint.input_price, endpoint.output_price)
    return _unknown if endpoint.is_loopback else _published(endpoint)


def _unknown(_given: int, _made: int) -> None:
    """Return None: nobody publishes what this machine costs."""


def _fixed(input_price: float, output_price: float) -> Price:
    def price(given: int, made: int) -> float:
        return round((given * input_price + made * output_price) / 1e6, _DIGITS)

    return price


def _published(endpoint: Endpoint) -> Price:
    from genai_prices import Usage, calc_price

    is_unknown = False  # looking up what is not there takes as long as all else that we do for a call

    def price(given: int, made: int) -> float | None:
        nonlocal is_unknown
        if is_unknown:
            return None
        usage = Usage(input_tokens=given, output_tokens=made)
        try:  # only for the provider at this address: a local model of the same name is another product
            found = calc_price(usage, endpoint.name, provider_api_url=endpoint.base_url)
        except LookupError:
            is_unknown = True
            return None
        return round(float(found.total_price), _DIGITS)

    return price


@dataclass
class CallCost:
    """Tokens and money of a call, estimated before it and settled after it."""

    tokens: int = 0
    usd: float | None = 0.0

    def add(self, other: "CallCost") -> None:
        self.tokens += other.tokens
        self.usd = (self.usd or 0.0) + (other.usd or 0.0)


class BudgetLedger:
    """Spent and reserved so far. Calls that an earlier start of the run has paid count too."""

    def __init__(self, budget: Budget, paid: Iterable[Call]) -> None:
        self._budget = budget
        self._open: list[CallCost] = []
        self._settled = asyncio.Condition()
        self.tokens, self.usd = 0, 0.0
        for call in paid:
            self._add(CallCost(call.input_tokens + call.output_tokens, call.cost_usd))

    def require_price(self, known: bool, model: str) -> None:
        """A limit in money means nothing without a price."""
        if self._budget.usd is not None and not known:
            raise EndpointError(
                f"the budget is in USD and the price of {model!r} is not known: "
                "set its input_price and output_price, or a budget in tokens"
            )

    @asynccontextmanager
    async def reserve(self, most: CallCost) -> AsyncIterator[CallCost]:
        """Yields the cost to fill in. Waits while calls in flight may yet leave room, else BudgetSpent."""
        async with self._settled:
            await self._settled.wait_for(lambda: self._fits(most) or not self._open)
            if not self._fits(most):
                raise BudgetSpent(self._spent(most))
            self._open.append(most)
        actual = CallCost()
        try:
            yield actual
        finally:
            self._open.remove(most)
            self._add(actual)
            await self._tell()

    async def _tell(self) -> None:
        async with self._settled:
            self._settled.notify_all()

    def _add(self, cost: CallCost) -> None:
        self.tokens += cost.tokens
        self.usd += cost.usd or 0.0

    def _fits(self, most: CallCost) -> bool:
        tokens = self.tokens + sum(cost.tokens for cost in self._open) + most.tokens
        usd = self.usd + sum(cost.usd or 0.0 for cost in self._open) + (most.usd or 0.0)
        limits = self._budget
        return (limits.tokens is None or tokens <= limits.tokens) and (
            limits.usd is None or usd <= limits.usd
        )

    def _spent(self, most: CallCost) -> str:
        limits = self._budget
        parts = []
        if limits.tokens is not None:
            parts.append(
                f"{self.tokens:,} of {limits.tokens:,} tokens (the next call may take {most.tokens:,})"
            )
        if limits.usd is not None:
            parts.append(
                f"${self.usd:.4f} of ${limits.usd:.4f} (the next call may take ${most.usd or 0.0:.4f})"
            )
        return f"the budget is used up: {' and '.join(parts)}. Resume the run with a larger one to go on"
