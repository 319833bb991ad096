"""Cubic crystals by a universal potential: under pressure, along a series of compounds, across an alloy."""

from tools.instruments.declared import declared

INSTRUMENTS = declared(__name__)
