"""New crystals and molecules, where the question asks for some."""

from agents.offers.offer import Offer
from agents.subjects import asks_for_design
from tools.generation.tool_generate import GenerateStrings

GENERATING = Offer(
    name=GenerateStrings.name,
    fits=lambda scene: asks_for_design(scene.question),
    make=lambda _places: GenerateStrings(),
)
