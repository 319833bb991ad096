"""The representation of an instrument, from what it declares: quantities with units and ranges, and its law.

A textbook law brings its equation along, so that the compiler compares the units of both sides; one that
holds no constant of nature is said to hold in all systems of units. Choices go in as the number of the value.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from tools.instruments.contract import Choice, Instrument, Parameter, Setting
from tools.instruments.formulas.instrument import Formula
from tools.instruments.formulas.law import constants
from tools.representation.expressions import CONSTANTS
from tools.representation.kinds import Group, VariableKind
from tools.representation.schema import Equation, Symmetry, Transform, Variable
from tools.representation.units import dimension

LONGEST: Final = 40  # characters of a name in the language
UNKNOWN: Final = re.compile(r"\b(?:asin|acos|atan)\b")
"""Functions that laws have and the language has not: such a law is declared without its equation."""
WITHOUT_EQUATION: Final = frozenset({"hill_binding"})
"""Laws that raise a quantity with a unit to a power that can be set, of which the compiler knows no unit."""
DIMENSIONS: Final = Symmetry(relation="equivariant", group=Group.DIMENSIONS)


def specify(instrument: Instrument) -> Transform:
    """Return what goes in, what comes out, and what must hold."""
    if isinstance(instrument, Formula):
        return _specify_law(instrument)
    inputs = [_input(one.name, one) for one in instrument.parameters]
    inputs += [_choice(one) for one in instrument.choices]
    taken = {one.name for one in inputs}
    outputs = [
        Variable(name=_output_name(_short(one.name), taken), kind=VariableKind.SCALAR, unit=one.unit)
        for one in instrument.responses
    ]
    return Transform(name=_short(instrument.name), inputs=inputs, outputs=outputs)


def measuring(instrument: Instrument, seed: int = 0) -> Callable[..., dict[str, float]]:
    """Return the instrument as a function of what goes into its representation.

    It raises what `measure` raises.
    """
    if isinstance(instrument, Formula):
        names = {symbol: one.name for symbol, one in instrument.law.quantities.items()}
        responses = {instrument.law.output: names[instrument.law.output]}
    else:
        names = {_short(one.name): one.name for one in instrument.parameters}
        names |= {_short(one.name): one.name for one in instrument.choices}
        responses = {_output_name(_short(one.name), set(names)): one.name for one in instrument.responses}
    values = {one.name: one.values for one in instrument.choices}
    defaults: dict[str, Setting] = {one.name: one.default for one in instrument.parameters}
    whole = {one.name for one in instrument.parameters if one.integer}

    def measure(**given: Any) -> dict[str, float]:  # noqa: ANN401 - arrays without axes
        settings = dict(defaults)
        for short, value in given.items():
            name = names[short]
            if name in values:
                settings[name] = values[name][int(value)]
            else:
                settings[name] = float(round(float(value))) if name in whole else float(value)
        return {
            short: instrument.measure(settings, response, seed).value for short, response in responses.items()
        }

    return measure


def _specify_law(instrument: Formula) -> Transform:
    law = instrument.law
    by_name = {one.name: one for one in instrument.parameters}
    inputs = [
        _input(symbol, by_name[quantity.name])
        for symbol, quantity in law.quantities.items()
        if symbol != law.output
    ]
    words = set(re.findall(r"[A-Za-z_]\w*", law.expression)) - set(law.quantities)
    held = [
        _equation(symbol, _with_unit(one.value, one.unit))
        for symbol, one in constants().items()
        if symbol in words - set(CONSTANTS)
    ]
    told = law.name not in WITHOUT_EQUATION and not UNKNOWN.search(law.expression)
    return Transform(
        name=_short(instrument.name),
        inputs=inputs,
        outputs=[Variable(name=law.output, kind=VariableKind.SCALAR, unit=law.quantities[law.output].unit)],
        symmetries=[] if words & set(constants()) or not any(map(_has_dimension, inputs)) else [DIMENSIONS],
        equations=[*held, _equation(law.output, law.expression)] if told else [],
    )


def _has_dimension(one: Variable) -> bool:
    return bool(dimension(one.unit))


def _with_unit(value: float, unit: str) -> str:
    """`6.02e+23/(1 mol)`: in the language a unit that stands behind a number begins with a name."""
    plain = unit.replace("*", " ")
    return f"{value!r}/(1 {plain[2:]})" if plain.startswith("1/") else f"{value!r} {plain}".removesuffix(" 1")


def _equation(name: str, expression: str) -> Equation:
    return Equation(name=name, expression=expression.replace("**", "^").replace("Abs(", "abs("))


def _input(name: str, one: Parameter) -> Variable:
    kind = VariableKind.COUNT if one.integer and one.unit == "1" else VariableKind.SCALAR
    return Variable(name=_short(name), kind=kind, unit=one.unit, low=one.low, high=one.high)


def _choice(one: Choice) -> Variable:
    return Variable(name=_short(one.name), kind=VariableKind.COUNT, low=0, high=len(one.values) - 1)


def _short(name: str) -> str:
    return name[:LONGEST]


def _output_name(name: str, inputs: set[str]) -> str:
    """Return a name that no input has: an instrument may set a quantity and measure what became of it."""
    return f"{name[: LONGEST - 9]}_measured" if name in inputs else name
