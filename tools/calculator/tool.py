"""The calculator as a tool that agents can call."""

import math
from importlib.metadata import version as installed

from pydantic import Field

from tools.calculator.errors import BadExpression, NoResult
from tools.quantity import Quantity, write
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block, Quantities, Sentences


class Asked(Strict):
    """A sum, and the unit of its result."""

    expression: str = Field(description='such as "k_B * 300 K" or "hbar^2 / (2 m_e (1 nm)^2)"')
    unit: str | None = Field(description='such as "meV"; null for SI base units')


class CalculationResult(Strict):
    """A number with its unit, and how the expression was read."""

    value: float
    unit: str = Field(description='"1" where there is none')
    read_as: str = Field(description="with every unit and constant by its full name")
    constants: str = Field(description="whose tables of units and constants")


class Calculator(ToolSpec[Asked, CalculationResult]):
    """Sums with units."""

    name = "calculator"
    title = "calculator"
    version = "1"
    purpose = (
        "Works out an expression of numbers, units and constants (k_B, hbar, planck_constant, e, m_e, c, "
        "mu_B, epsilon_0, N_A, …) with + - * / ^, sqrt, exp, ln, log10, sin, cos, tan; the result has a unit"
    )
    when = "always, but not to a small model"
    example = '{"expression": "k_B * 300 K", "unit": "meV"}'
    arguments, result = Asked, CalculationResult
    cheap = True
    for_small_models = False

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - whatever is asked
        return True

    def run(self, arguments: Asked) -> CalculationResult:
        """Raises BadExpression or NoResult."""
        from pint import DimensionalityError

        from tools.calculator.parser import evaluate

        term = evaluate(arguments.expression)
        try:
            wanted = evaluate(arguments.unit).value if arguments.unit else term.value.to_base_units()
            found = term.value.to(wanted.units)
        except DimensionalityError as error:
            raise NoResult(f"it is in {error.units1} and cannot be given in {error.units2}") from error
        except OverflowError as error:
            raise NoResult("the result is too large for a number") from error
        if arguments.unit and wanted.magnitude != 1:
            raise BadExpression(f"{arguments.unit!r} is no unit")
        if isinstance(found.magnitude, complex) or not math.isfinite(found.magnitude):
            raise NoResult("the result is no finite real number")
        return CalculationResult(
            value=float(found.magnitude),
            unit=arguments.unit or f"{found.units:~P}" or "1",
            read_as=term.read,
            constants=f"pint {installed('pint')}",
        )

    def digest(self, result: CalculationResult) -> str:
        return write(result.value, unit=result.unit)

    def tell(self, arguments: Asked) -> tuple[str, ...]:
        return (f"{arguments.expression}{f', in {arguments.unit}' if arguments.unit else ''}",)

    def view(self, arguments: Asked, result: CalculationResult) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        return (
            Quantities((("result", Quantity(value=result.value, unit=result.unit)),)),
            Sentences((f"Read as {result.read_as}; constants of {result.constants}.",)),
        )


TOOL: Calculator = Calculator()
