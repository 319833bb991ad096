"""A law as a function: evaluated forwards, and solved backwards for a quantity that it determines."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from tools.calculator.units import registry
from tools.instruments.contract import InstrumentError, OutsideValidity
from tools.instruments.formulas.law import Law, constants

if TYPE_CHECKING:
    import numpy as np

TOLERANCE: Final = 1e-14
FACTOR: Final = 2
"""A root is known to within this factor before it is refined."""


class SolvableLaw:
    """The law in coherent SI units behind values in the units that it declares."""

    def __init__(self, law: Law) -> None:
        from sympy import Symbol, lambdify
        from sympy.parsing.sympy_parser import parse_expr

        self.law = law
        names = set(law.quantities) | set(constants())
        symbols = {name: Symbol(name) for name in names}
        values = {
            symbols[name]: constant.value * factor(constant.unit)
            for name, constant in constants().items()
            if name not in law.quantities  # c is the speed of sound where a law says so
        }
        self.inputs = tuple(name for name in law.quantities if name != law.output)
        self.factors = {name: factor(quantity.unit) for name, quantity in law.quantities.items()}
        arguments = [symbols[name] for name in law.quantities]

        def function(text: str) -> Callable[..., Any]:
            expression = parse_expr(text, local_dict=dict(symbols)).subs(values)
            compiled: Callable[..., Any] = lambdify(arguments, expression, "numpy")
            return compiled

        self._forward = function(law.expression)
        self._where = [(text, function(text)) for text in law.where]

    def value(self, settings: Mapping[str, float]) -> float:
        """Return the quantity on the left; `settings` by symbol, all in their declared units.

        NaN or infinite where the law has no value.
        """
        import numpy as np

        with np.errstate(all="ignore"):
            return float(self._call(self._forward, settings) / self.factors[self.law.output])

    def violated(self, settings: Mapping[str, float]) -> str | None:
        """Return the first condition that does not hold."""
        return next((text for text, holds in self._where if not bool(self._call(holds, settings))), None)

    def solve(self, symbol: str, settings: Mapping[str, float], bounds: tuple[float, float]) -> float:
        """Return the value of `symbol` at which the law holds, sought within `bounds` (declared unit).

        Raises OutsideValidity where there is none.
        """
        from scipy.optimize import brentq

        target = settings[self.law.output]
        low, high = bounds

        def miss(value: float) -> float:
            return self.value({**settings, symbol: value}) - target

        ends = miss(low), miss(high)
        if not ends[0] * ends[1] <= 0:  # NaN too
            raise OutsideValidity(
                f"no {self.law.quantities[symbol].label} between {low:g} and {high:g} gives "
                f"{self.law.quantities[self.law.output].label} {target:g}"
            )
        if (
            low > 0 and high / low > 1 / TOLERANCE**0.5
        ):  # halving decades, where brentq would lose the small end
            low, high = _narrowed(miss, low, high)
        return float(
            brentq(miss, low, high, xtol=TOLERANCE * max(abs(low), 1e-300), rtol=8.9e-16, maxiter=500)
        )

    def _call(self, function: Callable[..., Any], settings: Mapping[str, float]) -> "np.float64":
        import numpy as np

        return np.float64(
            function(*(np.float64(settings[name] * self.factors[name]) for name in self.law.quantities))
        )


@cache
def equation(law_name: str) -> SolvableLaw:
    """Return the law of that name, compiled once a process."""
    from tools.instruments.formulas.law import laws

    return SolvableLaw(laws()[law_name])


@lru_cache(maxsize=4096)
def factor(unit: str) -> float:
    """Return what one of `unit` is in coherent SI units. Raises InstrumentError for no unit."""
    from pint import UndefinedUnitError

    try:
        return float(registry().Quantity(1.0, unit).to_base_units().magnitude)
    except UndefinedUnitError as error:
        raise InstrumentError(f"{unit} is not a unit that pint knows") from error


def _narrowed(miss: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Halve the range by its logarithm until it spans less than a factor of two."""
    rising = miss(high) > 0
    while high / low > FACTOR:
        centre = (low * high) ** 0.5
        if (miss(centre) > 0) == rising:
            high = centre
        else:
            low = centre
    return low, high
