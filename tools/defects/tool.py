"""The model as a tool that agents can call. Light to import: the model is loaded by the first question."""

from typing import TYPE_CHECKING

from tools.defects import catalogue
from tools.defects.errors import BadInput
from tools.defects.extra import needing_extra
from tools.defects.schema import Prediction, PredictionRequest
from tools.defects.words import DEFECTS, FLAT, HOSTS
from tools.spec import Scene, ToolSpec
from tools.views import Block
from tools.words import mentions

if TYPE_CHECKING:
    from tools.defects.configuration import Configuration


class DefectProperties(ToolSpec[PredictionRequest, Prediction]):
    """Formation energy and gap of point defects in monolayers."""

    name = "defect_properties"
    title = "defect model"
    purpose = (
        "Formation energy per site (eV) and HOMO–LUMO gap (eV), with standard deviations, of vacancies and "
        "substitutions in monolayer MoS2, WSe2, h-BN, GaSe, InSe or black phosphorus"
    )
    when = "when the question touches 2D materials that the model knows, or defects in 2D materials"
    example = '{"host": "MoS2", "defects": [{"kind": "vacancy S", "site": 12}]}'
    arguments, result = PredictionRequest, Prediction
    extra = "defects"
    mcp_name = "predict_defect"

    @property
    def version(self) -> str:
        """Raises BadWeights: a broken installation stops those who use this tool, and nobody else."""
        return catalogue.version()

    def fits(self, scene: Scene) -> bool:
        about_defects = mentions(scene.text, *DEFECTS) and mentions(scene.text, *HOSTS, *FLAT)
        return about_defects or mentions(scene.question, *HOSTS)

    def covers(self, text: str) -> bool:
        return mentions(text, *DEFECTS) and mentions(text, *HOSTS)

    def run(self, arguments: PredictionRequest) -> Prediction:
        """Raises BadInput for what is no configuration; what the model has not seen is refused instead."""
        with needing_extra():
            from tools.defects.predictor import predict_configurations
            from tools.defects.spec import write_spec

            configuration = read_question(arguments)
            return predict_configurations([configuration], [write_spec(configuration)])[0]

    def digest(self, result: Prediction) -> str:
        energy, gap = result.formation_energy_per_site, result.homo_lumo_gap
        if energy is None or gap is None:
            return "the model does not apply"
        more = f", interaction {result.interaction}" if result.interaction else ""
        far = f"; the model {result.grade}" if result.grade in {"interpolates", "extrapolates"} else ""
        return f"formation energy per defect site {energy}, HOMO–LUMO gap {gap}{more}{far}"

    def tell(self, arguments: PredictionRequest) -> tuple[str, ...]:
        from tools.defects.viewing import tell

        try:
            return tuple(tell(read_question(arguments)))
        except BadInput:  # it was refused, and the answer says why
            return super().tell(arguments)

    def view(self, arguments: PredictionRequest, result: Prediction) -> tuple[Block, ...]:
        from tools.defects.viewing import view

        return view(read_question(arguments), result)


def read_question(question: PredictionRequest) -> "Configuration":
    """Raises BadInput."""
    from tools.defects.spec import parse_spec, supercell_of

    n, m = (question.cells, question.cells) if question.cells else supercell_of(question.host)
    changes = "; ".join(f"{defect.kind}@{defect.site}" for defect in question.defects)
    return parse_spec(f"{question.host} {n}x{m}x1: {changes}")


TOOL: DefectProperties = DefectProperties()
