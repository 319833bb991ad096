"""An instrument for tests, exact and free: a pendulum of any length at any gravity."""

import math

from tools.instruments import (
    Cost,
    InstrumentError,
    InstrumentKind,
    Measurement,
    Parameter,
    Response,
    Settings,
    Source,
)


class Pendulum:
    """Small swings without friction."""

    name = "pendulum"
    title = "Pendulum of small swings"
    version = "1"
    purpose = "Period of a pendulum without friction, as it depends on its length and on gravity."
    systems = ("pendulum", "simple pendulum")
    kind = InstrumentKind.FORMULA
    stochastic = False
    choices = ()
    extra = None
    cost = Cost(seconds=1e-4, memory_mb=10)
    source = (Source(citation="C. Huygens, Horologium Oscillatorium (1673)"),)
    parameters = (
        Parameter(
            name="length", label="length", symbol="l", unit="m", low=0.1, high=10, default=1,
            meaning="from pivot to bob", words=("pendulum length",),
        ),
        Parameter(
            name="gravity", label="gravity", symbol="g", unit="m/s^2", low=1, high=25, default=9.81,
            meaning="free-fall acceleration", words=("acceleration of gravity",),
        ),
    )  # fmt: skip
    responses = (
        Response(
            name="period",
            label="period",
            symbol="T",
            unit="s",
            meaning="of one swing",
            words=("swing period",),
        ),
    )

    def validity(self, settings: Settings) -> str | None:  # noqa: ARG002 - the contract's signature
        return None

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG002 - as above
        if response != "period":
            raise InstrumentError(f"a pendulum has no {response}")
        return Measurement(
            value=2 * math.pi * math.sqrt(float(settings["length"]) / float(settings["gravity"])), std=0
        )
