"""The offers, and which of them a run gets."""

from collections.abc import Iterable

from agents.offers.calculation import CALCULATION
from agents.offers.concepts import CONCEPTS
from agents.offers.defects import DEFECTS
from agents.offers.evaluating import EVALUATING
from agents.offers.generating import GENERATING
from agents.offers.literature import LITERATURE
from agents.offers.offer import Offer, Scene
from agents.offers.screening import SCREENING
from agents.places import Places
from tools import Tool

OFFERS: tuple[Offer, ...] = (DEFECTS, GENERATING, EVALUATING, SCREENING, LITERATURE, CALCULATION, CONCEPTS)


def offered(scene: Scene, *, small: bool) -> list[str]:
    """Names of the tools that fit. With a model known to be `small`, only those that fit the question itself.

    A small model would choose nearly at random among tools that only help, and wait for its answer as long as
    for a review.
    """
    return [offer.name for offer in OFFERS if offer.fits(scene) and not (small and offer.helps)]


def make_tools(names: Iterable[str], places: Places) -> list[Tool]:
    """The tools of those names. A name that this version does not know is left out."""
    wanted = set(names)
    return [offer.make(places) for offer in OFFERS if offer.name in wanted]
