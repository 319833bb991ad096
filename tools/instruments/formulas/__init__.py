"""Textbook laws as instruments: exact, free, and answering for any of their quantities."""

from tools.instruments.formulas.instrument import INSTRUMENTS

__all__ = ["INSTRUMENTS"]
