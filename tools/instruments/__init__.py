"""Instruments: what can vary a cause and measure a response. Light to import."""

from tools.instruments.contract import (
    LAW,
    Choice,
    Cost,
    Instrument,
    InstrumentError,
    InstrumentKind,
    Measurement,
    OutsideValidity,
    Parameter,
    Response,
    Setting,
    Settings,
    Source,
)
from tools.instruments.registry import instruments

__all__ = [
    "LAW",
    "Choice",
    "Cost",
    "Instrument",
    "InstrumentError",
    "InstrumentKind",
    "Measurement",
    "OutsideValidity",
    "Parameter",
    "Response",
    "Setting",
    "Settings",
    "Source",
    "instruments",
]
