"""Properties and stability of crystals and molecules, where the question speaks of either."""

from agents.offers.offer import Offer
from agents.subjects import asks_for_design, speaks_of_stability, speaks_of_strings
from tools.generation.tool_screen import ScreenStrings

TESTS = (speaks_of_strings, asks_for_design, speaks_of_stability)

SCREENING = Offer(
    name=ScreenStrings.name,
    fits=lambda scene: any(fits(scene.question) for fits in TESTS),
    make=lambda _places: ScreenStrings(),
)
