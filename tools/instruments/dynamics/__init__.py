"""Systems of few variables: maps, chaotic flows, oscillators, neurons, predators and prey."""

from tools.instruments.dynamics.instrument import INSTRUMENTS

__all__ = ["INSTRUMENTS"]
