"""From a text to concepts and disciplines: words and meaning together, and the hierarchy on top."""

from physh.route.results import Embedder, RankedHeading, Route
from physh.route.router import Router

__all__ = ["Embedder", "RankedHeading", "Route", "Router"]
