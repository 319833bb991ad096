"""The model as a tool for callers who think in neighbours and figures, and not in numbers of sites."""

from typing import TYPE_CHECKING

from tools.defects import catalogue
from tools.defects.errors import BadInput
from tools.defects.extra import needing_extra
from tools.defects.schema import Arrangement, Prediction
from tools.defects.tool import TOOL as MODEL
from tools.spec import Scene, ToolSpec
from tools.views import Block

if TYPE_CHECKING:
    from tools.defects.configuration import Configuration


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
        return MODEL.fits(scene)

    def run(self, arguments: Arrangement) -> Prediction:
        """Raises BadInput for a place where no site is; what the model has not seen is refused instead."""
        with needing_extra():
            from tools.defects.predictor import predict_configurations
            from tools.defects.spec import write_spec

            configuration = read_arrangement(arguments)
            return predict_configurations([configuration], [write_spec(configuration)])[0]

    def digest(self, result: Prediction) -> str:
        return MODEL.digest(result)

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
