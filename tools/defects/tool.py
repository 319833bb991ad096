"""The model as a tool that agents can call. Light to import: the model is loaded by the first question."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

from tools.defects import catalogue
from tools.defects.extra import needing_extra
from tools.defects.schema import Prediction, Question

if TYPE_CHECKING:
    from tools.defects.configuration import Configuration


class DefectProperties:
    """Fits `tools.registry.Tool`."""

    name = "defect_properties"
    purpose = (
        "Formation energy per site (eV) and HOMO–LUMO gap (eV), with standard deviations, of vacancies and "
        "substitutions in monolayer MoS2, WSe2, h-BN, GaSe, InSe or black phosphorus"
    )
    arguments: type[BaseModel] = Question

    @property
    def version(self) -> str:
        """Raises BadWeights: a broken installation stops those who use this tool, and nobody else."""
        return catalogue.version()

    def run(self, arguments: BaseModel) -> Prediction:
        """Raises BadInput for what is no configuration; what the model has not seen is refused instead."""
        question = Question.model_validate(arguments)
        with needing_extra():
            from tools.defects.predictor import predict_configurations
            from tools.defects.spec import write_spec

            configuration = _configuration(question)
            return predict_configurations([configuration], [write_spec(configuration)])[0]


def _configuration(question: Question) -> "Configuration":
    from tools.defects.spec import parse_spec, supercell_of

    n, m = (question.cells, question.cells) if question.cells else supercell_of(question.host)
    changes = "; ".join(f"{defect.kind}@{defect.site}" for defect in question.defects)
    return parse_spec(f"{question.host} {n}x{m}x1: {changes}")
