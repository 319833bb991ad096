"""What an instrument is: something that can set a cause and measure a response.

An instrument declares its parameters, responses, validity, cost and source, and has one method, `measure`:
settings and seed in, value and uncertainty out. An experiment (`tools.experiments`) varies one parameter and
compares the responses with a claim.

A folder of `tools/instruments/` exports `INSTRUMENTS`, a tuple of objects that fit `Instrument`, and is named
in `tools/instruments/registry.py`. Its `__init__` imports nothing heavy: a solver is imported in `measure`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, Protocol

from pydantic import Field, model_validator

from tools.errors import ToolError
from tools.strict import Strict

Setting = float | str
Settings = Mapping[str, Setting]
"""Values of parameters and choices by name. What is not named has its default."""


class InstrumentError(ToolError):
    """A measurement could not be made; the message says why and what to do."""


class OutsideValidity(InstrumentError):
    """The settings lie where the instrument says nothing."""


LAW: Final = "law_"
"""Begins the name of every formula, and of nothing else: what was recorded tells by it."""


class InstrumentKind(StrEnum):
    """How an instrument knows what it says."""

    SIMULATION = "simulation"
    """Solves or samples a model: the cause is really varied."""
    MODEL = "trained model"
    """A model that was fitted to computed or measured data: it interpolates."""
    FORMULA = "formula"
    """A textbook law, evaluated exactly."""
    TABLE = "data table"
    """Observed rows: associations, never causes."""


class Source(Strict):
    """Where an instrument's physics comes from."""

    citation: str
    doi: str | None = None


class Parameter(Strict):
    """A number that can be set, and so a possible cause."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(description='as a physicist says it, such as "temperature"')
    symbol: str
    unit: str = Field(description='as pint reads it; "1" where there is none')
    low: float
    high: float
    default: float
    integer: bool = False
    logarithmic: bool = Field(default=False, description="values are spread by their logarithm")
    meaning: str
    words: tuple[str, ...] = Field(default=(), description="other names that people use for it")
    concepts: tuple[str, ...] = Field(default=(), description="labels of PhySH concepts")

    @model_validator(mode="after")
    def _ordered(self) -> "Parameter":
        if not self.low <= self.default <= self.high or self.low == self.high:
            raise ValueError(f"{self.name}: default {self.default} must lie in {self.low} to {self.high}")
        if self.logarithmic and self.low <= 0:
            raise ValueError(f"{self.name}: a logarithmic range begins above zero")
        return self


class Choice(Strict):
    """A setting with named values, such as a host or a lattice: no cause, but held or varied."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    values: tuple[str, ...] = Field(min_length=1)
    default: str
    meaning: str
    words: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict, description="other names by value; a claim that says one of them sets it"
    )

    @model_validator(mode="after")
    def _known(self) -> "Choice":
        if self.default not in self.values or not set(self.words) <= set(self.values):
            raise ValueError(f"{self.name}: the default and every named value must be among {self.values}")
        return self


class Response(Strict):
    """A quantity that is measured."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    symbol: str
    unit: str = Field(description='as pint reads it; "1" where there is none')
    meaning: str
    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    resolution: float = Field(
        default=0,
        ge=0,
        allow_inf_nan=False,
        description="values that differ by less are equal, as they hold what a solver leaves; in the unit",
    )


class Measurement(Strict):
    """One value of a response, in the response's unit."""

    value: float = Field(allow_inf_nan=False)
    std: float = Field(ge=0, allow_inf_nan=False, description="standard uncertainty of the value; 0: exact")


class Cost(Strict):
    """What one measurement takes at the defaults, on one core."""

    seconds: float = Field(gt=0)
    memory_mb: float = Field(gt=0)


class Instrument(Protocol):
    """Something that can test. All but `measure` is light, and safe to read anywhere."""

    @property
    def name(self) -> str:
        """Unique and stable, such as "lattice_ising"."""
        ...

    @property
    def title(self) -> str: ...
    @property
    def version(self) -> str:
        """Part of the key of every cached measurement: it changes when a value could."""
        ...

    @property
    def purpose(self) -> str:
        """One or two sentences: which systems it stands for and what it leaves out."""
        ...

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of systems, models and materials that it stands for, as claims word them."""
        ...

    @property
    def kind(self) -> InstrumentKind: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...
    @property
    def choices(self) -> tuple[Choice, ...]: ...
    @property
    def responses(self) -> tuple[Response, ...]: ...
    @property
    def stochastic(self) -> bool:
        """Whether another seed gives another value. If not, one replicate is enough."""
        ...

    @property
    def cost(self) -> Cost: ...
    @property
    def source(self) -> tuple[Source, ...]: ...
    @property
    def extra(self) -> Literal["instruments", "defects", "generation", "stability"] | None:
        """The optional dependency group that it needs; None: it runs with a bare installation."""
        ...

    def validity(self, settings: Settings) -> str | None:
        """Return why it says nothing at these settings; None where it does. Ranges are checked elsewhere."""
        ...

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return the response at these settings. The same arguments give the same value.

        Every parameter and choice is given, in its declared unit and range. Raises OutsideValidity, or
        InstrumentError where the solver fails or an optional package is missing (with the command that
        installs it: `tools.extras.needing`).
        """
        ...
