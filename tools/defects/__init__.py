"""Point defects in 2D materials: formation energy per site and HOMO–LUMO gap, from a sparse model.

    predict("MoS2 8x8x1: vacancy S@12; W on Mo@3")

Structures are read from a CIF, a POSCAR, pymatgen or a short spec; the host, the supercell and
the defects are found by themselves. What the model has not seen comes back not applicable.

Nothing is imported before it is used: agents list this tool also where its packages are missing.
"""

from typing import TYPE_CHECKING, Any

from tools.defects.extra import needing_extra
from tools.extras import open_late

if TYPE_CHECKING:
    from tools.defects.batches import (
        BatchPrediction,
        PredictionLine,
        answer_members,
        count_cores,
        work_through,
        write_batch,
    )
    from tools.defects.configuration import Configuration, Defect
    from tools.defects.errors import (
        BadDataset,
        BadInput,
        BadWeights,
        DefectsError,
        MissingExtra,
        OutsideModel,
    )
    from tools.defects.fingerprints import Fingerprint, fingerprint, similarity
    from tools.defects.graph import DefectGraph, defect_graph
    from tools.defects.locate import find_configuration
    from tools.defects.members import StructureEntry, count_members, read_members
    from tools.defects.predictor import predict, predict_configurations, predict_many
    from tools.defects.schema import Arrangement, Neighbour, PredictedQuantity, Prediction, PredictionRequest
    from tools.defects.screening import DefectScreening, DefectSearch, sample_configurations, screen
    from tools.defects.sources import read_configuration
    from tools.defects.spec import parse_spec, write_spec
    from tools.defects.tool import ARRANGE, TOOL, DefectArrangement, DefectProperties

_HOMES = {
    "batches": (
        "BatchPrediction",
        "PredictionLine",
        "answer_members",
        "count_cores",
        "work_through",
        "write_batch",
    ),
    "configuration": ("Configuration", "Defect"),
    "errors": ("BadDataset", "BadInput", "BadWeights", "DefectsError", "MissingExtra", "OutsideModel"),
    "fingerprints": ("Fingerprint", "fingerprint", "similarity"),
    "graph": ("DefectGraph", "defect_graph"),
    "locate": ("find_configuration",),
    "members": ("StructureEntry", "count_members", "read_members"),
    "predictor": ("predict", "predict_configurations", "predict_many"),
    "schema": ("Arrangement", "Neighbour", "Prediction", "PredictedQuantity", "PredictionRequest"),
    "screening": ("DefectScreening", "DefectSearch", "sample_configurations", "screen"),
    "sources": ("read_configuration",),
    "spec": ("parse_spec", "write_spec"),
    "tool": ("ARRANGE", "TOOL", "DefectArrangement", "DefectProperties"),
}

__all__ = [
    "ARRANGE",
    "TOOL",
    "Arrangement",
    "BadDataset",
    "BadInput",
    "BadWeights",
    "BatchPrediction",
    "Configuration",
    "Defect",
    "DefectArrangement",
    "DefectGraph",
    "DefectProperties",
    "DefectScreening",
    "DefectSearch",
    "DefectsError",
    "Fingerprint",
    "MissingExtra",
    "Neighbour",
    "OutsideModel",
    "PredictedQuantity",
    "Prediction",
    "PredictionLine",
    "PredictionRequest",
    "StructureEntry",
    "answer_members",
    "count_cores",
    "count_members",
    "defect_graph",
    "find_configuration",
    "fingerprint",
    "parse_spec",
    "predict",
    "predict_configurations",
    "predict_many",
    "read_configuration",
    "read_members",
    "sample_configurations",
    "screen",
    "similarity",
    "work_through",
    "write_batch",
    "write_spec",
]


_find = open_late(__name__, _HOMES)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the door exports
    with needing_extra():
        return _find(name)
