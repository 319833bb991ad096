"""Processes on networks: percolation, structure, epidemics, cascades, synchronisation, opinions."""

from tools.instruments.declared import declared

INSTRUMENTS = declared(__name__)
