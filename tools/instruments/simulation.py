"""Instruments whose settings, responses and sources stand in a file, beside a function for each response."""

from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from typing import Final

from pydantic import Field

from tools.instruments.contract import (
    Choice,
    Cost,
    InstrumentKind,
    Measurement,
    Parameter,
    Response,
    Settings,
    Source,
)
from tools.strict import Strict

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
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(file.read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe
    shared = content.pop("shared", {})
    for entry in content.values():
        for part in ("parameters", "responses"):
            entry[part] = [{**shared.get(one.pop("like", None), {}), **one} for one in entry[part]]
    return {name: Declaration.model_validate({"name": name, **entry}) for name, entry in content.items()}
