"""The defect model, where the question touches 2D materials that it knows, or their defects."""

from agents.offers.offer import Offer
from agents.subjects import names_host, speaks_of_flat_defects
from tools.defects import DefectProperties

DEFECTS = Offer(
    name="defect_properties",
    fits=lambda scene: names_host(scene.question) or speaks_of_flat_defects(scene.text),
    make=lambda _places: DefectProperties(),
)
