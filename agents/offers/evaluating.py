"""How far strings come on the way to crystals and molecules, where the question speaks of such strings."""

from agents.offers.offer import Offer
from agents.subjects import asks_for_design, speaks_of_strings
from tools.generation.tool_evaluate import EvaluateStrings

EVALUATING = Offer(
    name=EvaluateStrings.name,
    fits=lambda scene: speaks_of_strings(scene.question) or asks_for_design(scene.question),
    make=lambda _places: EvaluateStrings(),
)
