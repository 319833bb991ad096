"""Band models as instruments: electrons without interaction in tight binding."""

from collections.abc import Callable, Mapping
from typing import Final

from tools.instruments.bands import models
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

VERSION: Final = "1"


class BandModel:
    """Electrons without interaction in tight binding, solved by diagonalisation."""

    kind: Final = InstrumentKind.SIMULATION
    version: Final = VERSION
    choices: Final[tuple[Choice, ...]] = ()
    extra: Final = None

    def __init__(
        self,
        *,
        name: str,
        title: str,
        purpose: str,
        systems: tuple[str, ...],
        parameters: tuple[Parameter, ...],
        responses: tuple[Response, ...],
        readings: Mapping[str, models.Reading],
        source: Source,
        seconds: float,
        stochastic: bool = False,
        refusal: Callable[[Settings], str | None] = lambda _: None,
    ) -> None:
        self.name, self.title, self.purpose, self.systems = name, title, purpose, systems
        self.parameters, self.responses, self.stochastic = parameters, responses, stochastic
        self.source = (source,)
        self.cost = Cost(seconds=seconds, memory_mb=150)
        self._readings, self._refusal = readings, refusal

    def validity(self, settings: Settings) -> str | None:
        return self._refusal(settings)

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return the response; without disorder its uncertainty is 0."""
        value, std = self._readings[response](settings, seed)
        return Measurement(value=value, std=std)
