"""One instrument a law: any of its quantities is a cause, and every one it can be solved for a response."""

from functools import cached_property
from typing import Final

from tools.instruments.contract import (
    LAW,
    Choice,
    Cost,
    InstrumentKind,
    Measurement,
    OutsideValidity,
    Parameter,
    Response,
    Setting,
    Settings,
    Source,
)
from tools.instruments.formulas.law import Derived, Law, LawQuantity, default_of, derived, laws, wide

VERSION: Final = "1"
COST: Final = Cost(seconds=0.001, memory_mb=120)


class Formula:
    """A textbook law, evaluated exactly and, for the quantities on its right, solved to rounding."""

    kind: Final = InstrumentKind.FORMULA
    version: Final = VERSION
    choices: Final[tuple[Choice, ...]] = ()
    stochastic: Final = False
    cost: Final = COST
    extra: Final = None

    def __init__(self, law: Law, facts: Derived) -> None:
        self.law = law
        self.facts = facts
        self.name = f"{LAW}{law.name}"
        self.title = law.title
        self.systems = law.systems

    @property
    def purpose(self) -> str:
        limits = f" Holds for: {self.law.limits}." if self.law.limits else ""
        conditions = f" Where {' and '.join(self.law.where)}." if self.law.where else ""
        return f"{self.law.title}: {self.law.law}.{conditions}{limits}"

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(self._parameter(symbol, quantity) for symbol, quantity in self.law.quantities.items())

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """Return the quantity on the left first, then those that the law can be solved for."""
        return tuple(
            self._response(symbol, self.law.quantities[symbol])
            for symbol in (self.law.output, *self.facts.solvable)
        )

    @cached_property
    def source(self) -> tuple[Source, ...]:
        return (self.law.cited(),)

    def validity(self, settings: Settings) -> str | None:
        from tools.instruments.formulas.equation import equation

        condition = equation(self.law.name).violated(self._by_symbol(settings))
        return None if condition is None else f"{self.law.title} holds only where {condition}"

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG002 - exact
        """Return the value exactly. Raises OutsideValidity where the law has none at these settings."""
        import math

        from tools.instruments.formulas.equation import equation

        given, law = self._by_symbol(settings), equation(self.law.name)
        symbol = next(symbol for symbol, quantity in self.law.quantities.items() if quantity.name == response)
        if symbol == self.law.output:
            value = law.value(given)
        else:
            value = law.solve(symbol, given, self.facts.solvable[symbol])
            given = {**given, symbol: value}
        condition = law.violated(given)
        if condition is not None:
            raise OutsideValidity(f"{self.law.title} holds only where {condition}")
        if not math.isfinite(value):
            raise OutsideValidity(f"{self.law.title} has no finite value at these settings")
        return Measurement(value=value, std=0.0)

    def _by_symbol(self, settings: Settings) -> dict[str, float]:
        return {
            symbol: _number(settings.get(quantity.name, self._default(symbol)))
            for symbol, quantity in self.law.quantities.items()
        }

    def _default(self, symbol: str) -> float:
        value = default_of(self.law.quantities[symbol])
        return self.facts.default if value is None else value

    def _parameter(self, symbol: str, quantity: LawQuantity) -> Parameter:
        low = self.facts.low if quantity.low is None else quantity.low
        high = self.facts.high if quantity.high is None else quantity.high
        return Parameter(
            name=quantity.name,
            label=quantity.label,
            symbol=symbol,
            unit=quantity.unit,
            low=low,
            high=high,
            default=self._default(symbol),
            integer=quantity.integer,
            logarithmic=wide(low, high),
            meaning=f"{quantity.label} in {self.law.law}",
            words=quantity.words,
            concepts=self.law.concepts,
        )

    def _response(self, symbol: str, quantity: LawQuantity) -> Response:
        return Response(
            name=quantity.name,
            label=quantity.label,
            symbol=symbol,
            unit=quantity.unit,
            meaning=f"{quantity.label} by {self.law.law}",
            words=quantity.words,
            concepts=self.law.concepts,
        )


def _number(setting: Setting) -> float:
    return float(setting)


INSTRUMENTS: Final = tuple(
    Formula(law, derived()[name])
    for name, law in laws().items()
    if name in derived()  # a law that was just written is not: `derive` computes what it needs
)
