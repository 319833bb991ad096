"""The calculator as a tool that agents can call."""

import math
from importlib.metadata import version as installed

from pydantic import BaseModel, Field

from tools.calculator.errors import BadExpression, NoResult
from tools.strict import Strict


class Asked(Strict):
    """A sum, and the unit of its result."""

    expression: str = Field(description='such as "k_B * 300 K" or "hbar^2 / (2 m_e (1 nm)^2)"')
    unit: str | None = Field(description='such as "meV"; null for SI base units')


class Result(Strict):
    """A number with its unit, and how the expression was read."""

    value: float
    unit: str = Field(description='"1" where there is none')
    read_as: str = Field(description="with every unit and constant by its full name")
    constants: str = Field(description="whose tables of units and constants")


class Calculator:
    """Fits `tools.registry.Tool`."""

    name = "calculator"
    version = "1"
    purpose = (
        "Works out an expression of numbers, units and constants (k_B, hbar, planck_constant, e, m_e, c, "
        "mu_B, epsilon_0, N_A, …) with + - * / ^, sqrt, exp, ln, log10, sin, cos, tan; the result has a unit"
    )
    arguments: type[BaseModel] = Asked

    def run(self, arguments: BaseModel) -> Result:
        """Raises BadExpression or NoResult."""
        from pint import DimensionalityError

        from tools.calculator.parser import evaluate

        asked = Asked.model_validate(arguments)
        term = evaluate(asked.expression)
        try:
            wanted = evaluate(asked.unit).value if asked.unit else term.value.to_base_units()
            found = term.value.to(wanted.units)
        except DimensionalityError as error:
            raise NoResult(f"it is in {error.units1} and cannot be given in {error.units2}") from error
        if asked.unit and wanted.magnitude != 1:
            raise BadExpression(f"{asked.unit!r} is no unit")
        if isinstance(found.magnitude, complex) or not math.isfinite(found.magnitude):
            raise NoResult("the result is no finite real number")
        return Result(
            value=float(found.magnitude),
            unit=asked.unit or f"{found.units:~P}" or "1",
            read_as=term.read,
            constants=f"pint {installed('pint')}",
        )
