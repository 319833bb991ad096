"""The atlas of physics: PhySH concepts as the abstracts of the literature use them."""

from physh.atlas.atlas import Atlas, Pair, load
from physh.atlas.build import build
from physh.atlas.tags import Tagger

__all__ = ["Atlas", "Pair", "Tagger", "build", "load"]
