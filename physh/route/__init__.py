"""From a text to concepts and disciplines: words and meaning together, and the hierarchy on top."""

from physh.route.results import Embedder, Route, Scored
from physh.route.router import Router

__all__ = ["Embedder", "Route", "Router", "Scored"]
