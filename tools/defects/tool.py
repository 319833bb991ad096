"""The model as tools: for callers who number sites, and for those who think in neighbours and figures."""

from typing import TYPE_CHECKING, Final

from tools.defects import catalogue
from tools.defects.errors import BadInput
from tools.defects.extra import needing_extra
from tools.defects.schema import Arrangement, Prediction, PredictionRequest
from tools.spec import Scene, ToolSpec
from tools.views import Block
from tools.words import mentions

if TYPE_CHECKING:
    from tools.defects.configuration import Configuration

HOSTS: Final = (
    "MoS2", "MoS₂", "molybdenum disulfide", "molybdenum disulphide", "WSe2", "WSe₂", "tungsten diselenide",
    "h-BN", "hBN", "hexagonal boron nitride", "GaSe", "gallium selenide", "InSe", "indium selenide",
    "black phosphorus", "phosphorene",
)  # fmt: skip
"""Crystals that the model knows."""

FLAT: Final = (
    "2D material*", "2D crystal*", "2D semiconductor*", "two-dimensional material*",
    "two-dimensional crystal*", "monolayer*", "2-dimensional systems", "dichalcogenide*",
    "TMD", "TMDs", "TMDC", "TMDCs", "van der Waals material*",
)  # fmt: skip
"""Any 2D material, known to the model or not."""

DEFECTS: Final = (
    "defect*", "vacanc*", "divacanc*", "substitution*", "substituted", "dopant*", "doping", "doped",
    "antisite*", "impurit*",
)  # fmt: skip


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


class DefectArrangement(ToolSpec[Arrangement, Prediction]):
    """Places defects by shells, distances, planes and directions, or as a figure, and predicts them."""

    name = "defect_arrangement"
    title = "defect model, aimed"
    purpose = (
        "The same model for defects placed by neighbour shell, distance (Å), plane and direction, or as a "
        "row, triangle or rhombus: formation energy per site and in all (eV), gap (eV), interaction of the "
        "defects (eV), the distances between them (Å)"
    )
    when = "where the defect model is, but not to a small model"
    example = '{"host": "MoS2", "figure": {"shape": "row", "kind": "vacancy S", "number": 3}}'
    arguments, result = Arrangement, Prediction
    extra = "defects"
    for_small_models = False

    @property
    def version(self) -> str:
        """Raises BadWeights: a broken installation stops those who use this tool, and nobody else."""
        return catalogue.version()

    def fits(self, scene: Scene) -> bool:
        return TOOL.fits(scene)

    def run(self, arguments: Arrangement) -> Prediction:
        """Raises BadInput for a place where no site is; what the model has not seen is refused instead."""
        with needing_extra():
            from tools.defects.predictor import predict_configurations
            from tools.defects.spec import write_spec

            configuration = read_arrangement(arguments)
            return predict_configurations([configuration], [write_spec(configuration)])[0]

    def digest(self, result: Prediction) -> str:
        return TOOL.digest(result)

    def tell(self, arguments: Arrangement) -> tuple[str, ...]:
        from tools.defects.viewing import tell

        try:
            return tuple(tell(read_arrangement(arguments)))
        except BadInput:  # it was refused, and the answer says why
            return super().tell(arguments)

    def view(self, arguments: Arrangement, result: Prediction) -> tuple[Block, ...]:
        from tools.defects.viewing import view

        return view(read_arrangement(arguments), result)


def read_arrangement(asked: Arrangement) -> "Configuration":
    """Raises BadInput."""
    from tools.defects.aiming import Aim, arrange, kind_of
    from tools.defects.spec import known_host

    host = known_host(asked.host)
    shape = (asked.cells, asked.cells) if asked.cells else host.supercell
    figure = asked.figure
    drawn = (figure.shape, kind_of(figure.kind), figure.number, figure.centre) if figure else None
    wishes = [
        Aim(kind_of(one.kind), one.of, one.shell, one.distance, one.plane, one.direction)
        for one in asked.defects
    ]
    return arrange(host, shape, drawn, wishes)


ARRANGE: DefectArrangement = DefectArrangement()
