"""Instruments declared in a file, `instruments.yaml`, beside the modules that solve them."""

from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal, cast

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
