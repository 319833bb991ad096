"""The model as a tool that agents can call."""

from pydantic import BaseModel

from tools.defects.predictor import predict
from tools.defects.schema import Prediction, Question
from tools.defects.weights import version


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
        return version()

    def run(self, arguments: BaseModel) -> Prediction:
        """Raises BadInput for what cannot be read; what the model has not seen is refused with a reason."""
        return predict(Question.model_validate(arguments).structure, name="structure")
