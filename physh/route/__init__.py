"""From a text to concepts and disciplines: words and meaning together, and the hierarchy on top."""

from physh.route.results import RankedHeading, Route, TextEmbedder
from physh.route.router import Router

__all__ = ["RankedHeading", "Route", "Router", "TextEmbedder"]
