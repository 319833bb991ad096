"""Molecules by family: chains, halogenated parents, rings, torsions, stretched bonds."""

from tools.instruments.declared import declared

INSTRUMENTS = declared(__name__)
