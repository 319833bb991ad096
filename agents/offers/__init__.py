"""What a run's agents may call: one file an offer, listed in `OFFERS`.

A tool is offered where it fits the question, and its name is written to the run's plan: a resumed or replayed
run makes the same tools again from their names, whatever is installed by then.
"""

from agents.offers.offer import Offer, Scene
from agents.offers.registry import OFFERS, make_tools, offered

__all__ = ["OFFERS", "Offer", "Scene", "make_tools", "offered"]
