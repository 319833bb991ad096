"""Band models in tight binding: chains, graphene and its ribbons, Haldane, Hofstadter, Anderson disorder."""

from typing import Final

from tools.instruments.bands.graphene import GRAPHENE, HALDANE, ribbon
from tools.instruments.bands.instrument import BandModel
from tools.instruments.bands.lattices import ANDERSON, CHAIN, HOFSTADTER

INSTRUMENTS: Final = (
    CHAIN,
    GRAPHENE,
    HALDANE,
    HOFSTADTER,
    ribbon("zigzag", "zigzag chains"),
    ribbon("armchair", "dimer lines"),
    ANDERSON,
)

__all__ = ["INSTRUMENTS", "BandModel"]
