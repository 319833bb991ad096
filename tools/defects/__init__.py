"""Point defects in 2D materials: formation energy per site and HOMO–LUMO gap, from a sparse model.

    predict("MoS2 8x8x1: vacancy S@12; W on Mo@3")

Structures are read from a CIF, a POSCAR, pymatgen or a short spec; the host, the supercell and
the defects are found by themselves. What the model has not seen comes back not applicable.
"""

from tools.defects.configuration import Configuration, Defect
from tools.defects.errors import BadDataset, BadInput, BadWeights, DefectsError, OutsideModel
from tools.defects.fingerprint import Fingerprint, fingerprint, similarity
from tools.defects.graph import DefectGraph, defect_graph
from tools.defects.locate import find_configuration
from tools.defects.predictor import predict, predict_configurations, predict_many
from tools.defects.schema import Neighbour, Prediction, Quantity, Question
from tools.defects.screen import Search, sample_configurations, screen
from tools.defects.sources import read_configuration
from tools.defects.spec import parse_spec, write_spec
from tools.defects.tool import DefectProperties

__all__ = [
    "BadDataset",
    "BadInput",
    "BadWeights",
    "Configuration",
    "Defect",
    "DefectGraph",
    "DefectProperties",
    "DefectsError",
    "Fingerprint",
    "Neighbour",
    "OutsideModel",
    "Prediction",
    "Quantity",
    "Question",
    "Search",
    "defect_graph",
    "find_configuration",
    "fingerprint",
    "parse_spec",
    "predict",
    "predict_configurations",
    "predict_many",
    "read_configuration",
    "sample_configurations",
    "screen",
    "similarity",
    "write_spec",
]
