"""Band models in tight binding: chains, graphene and its ribbons, Haldane, Hofstadter, Anderson disorder."""

from tools.instruments.bands.instrument import INSTRUMENTS

__all__ = ["INSTRUMENTS"]
