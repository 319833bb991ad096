"""The atlas of physics: PhySH concepts as the abstracts of the literature use them."""

from physh.atlas.atlas import Atlas, ConceptPair, load
from physh.atlas.build import build
from physh.atlas.tags import ConceptTagger

__all__ = ["Atlas", "ConceptPair", "ConceptTagger", "build", "load"]
