"""Instruments declared in a file, solved by modules that it names or by functions that are given.

Of a `Declared` one the file is `instruments.yaml` beside the modules that solve it; a `Simulation` takes a
function for each response.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal, cast

import yaml
from pydantic import Field, TypeAdapter

from tools.instruments.contract import (
    Choice,
    Cost,
    InstrumentError,
    InstrumentKind,
    Measurement,
    OutsideValidity,
    Parameter,
    Response,
    Settings,
    Source,
)
from tools.strict import Strict

Solver = Callable[[Settings, str, int], Measurement]
Objection = Callable[[Settings], str | None]


class Declared(Strict):
    """An `Instrument` as data; its solver is imported when it first measures."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    version: str
    purpose: str
    systems: tuple[str, ...] = Field(min_length=1)
    kind: InstrumentKind = InstrumentKind.SIMULATION
    parameters: tuple[Parameter, ...] = Field(min_length=1)
    choices: tuple[Choice, ...] = ()
    responses: tuple[Response, ...] = Field(min_length=1)
    stochastic: bool = False
    cost: Cost
    source: tuple[Source, ...] = Field(min_length=1)
    extra: Literal["instruments", "defects", "generation", "stability"] | None = None
    package: str = Field(description="where the modules below are")
    solver: str = Field(description='"module:function" of settings, response and seed', pattern=r"^\w+:\w+$")
    objection: str | None = Field(
        default=None, description='"module:function" that says why nothing can be said', pattern=r"^\w+:\w+$"
    )

    def validity(self, settings: Settings) -> str | None:
        return cast("Objection", self._named(self.objection))(settings) if self.objection else None

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return the response at these settings.

        Raises OutsideValidity, or InstrumentError where the response is unknown, the solver fails or a
        package is missing.
        """
        names = [one.name for one in self.responses]
        if response not in names:
            raise InstrumentError(
                f"{self.name} does not measure {response!r}; it measures {', '.join(names)}"
            )
        objection = self.validity(settings)
        if objection:
            raise OutsideValidity(objection)
        return cast("Solver", self._named(self.solver))(settings, response, seed)

    def _named(self, path: str) -> object:
        module, _, function = path.partition(":")
        return getattr(import_module(f"{self.package}.{module}"), function)


def parse(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return a YAML text as plain objects, by the parser in C where there is one: thirty times as fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders


def declared(package: str) -> tuple[Declared, ...]:
    """Return the instruments in the `instruments.yaml` of a package. Raises ValidationError for a bad one."""
    text = files(package).joinpath("instruments.yaml").read_text(encoding="utf-8")
    entries = [{**entry, "package": package} for entry in parse(text)]
    return TypeAdapter(tuple[Declared, ...]).validate_python(entries)


Reading = Callable[[Settings, int], tuple[float, float]]
"""Settings and seed in, value and standard uncertainty out (0: exact)."""


class Declaration(Strict):
    """All of an instrument but how it measures."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    version: str
    purpose: str
    systems: tuple[str, ...] = Field(min_length=1)
    parameters: tuple[Parameter, ...] = Field(min_length=1)
    choices: tuple[Choice, ...] = ()
    responses: tuple[Response, ...] = Field(min_length=1)
    stochastic: bool
    cost: Cost
    source: tuple[Source, ...] = Field(min_length=1)


class Simulation:
    """A declared instrument that solves a model."""

    kind: Final = InstrumentKind.SIMULATION
    extra: Final = None

    def __init__(self, declaration: Declaration, readings: Mapping[str, Reading]) -> None:
        """Raises ValueError where a response is declared and not read, or read and not declared."""
        declared = {response.name for response in declaration.responses}
        if declared != set(readings):
            raise ValueError(
                f"{declaration.name}: {sorted(declared ^ set(readings))} is declared or read alone"
            )
        self.name = declaration.name
        self.title = declaration.title
        self.version = declaration.version
        self.purpose = declaration.purpose
        self.systems = declaration.systems
        self.parameters = declaration.parameters
        self.choices = declaration.choices
        self.responses = declaration.responses
        self.stochastic = declaration.stochastic
        self.cost = declaration.cost
        self.source = declaration.source
        self._readings = readings

    def validity(self, settings: Settings) -> str | None:  # noqa: ARG002 - says something in all its ranges
        return None

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return what the model shows. Raises OutsideValidity where it does not show this response."""
        value, std = self._readings[response](settings, seed)
        return Measurement(value=value, std=std)


def declarations(file: Traversable) -> dict[str, Declaration]:
    """Return the instruments of a YAML file by name, each a mapping as `Declaration` has it.

    A parameter or response may stand as `{like: NAME, …}`: as under `shared`, with what is said anew.
    """
    content = parse(file.read_text(encoding="utf-8"))
    shared = content.pop("shared", {})
    for entry in content.values():
        for part in ("parameters", "responses"):
            entry[part] = [{**shared.get(one.pop("like", None), {}), **one} for one in entry[part]]
    return {name: Declaration.model_validate({"name": name, **entry}) for name, entry in content.items()}
