"""The search for a law as a tool that agents and people can call."""

from importlib.metadata import version as installed

from tools.laws.schema import LawRequest, LawResult
from tools.spec import Scene, ToolSpec
from tools.views import Block
from tools.words import mentions


class FindLaw(ToolSpec[LawRequest, LawResult]):
    """Table in, formula out."""

    name = "find_law"
    title = "search for a law"
    purpose = (
        "Finds a formula between the columns of a table that is right in its units: variables that do not "
        "matter are rejected, constants have 95 % intervals and units, and it is tested in rows out of range"
    )
    when = "when the question speaks of scaling laws, empirical formulas or dimensional analysis"
    example = (
        '{"columns": [{"name": "length", "unit": "m", "values": [1, 2, 3, 4, 5, 6, 7, 8]}, '
        '{"name": "area", "unit": "m^2", "values": [1, 4, 9, 16, 25, 36, 49, 64]}], "target": '
        '"area", "seconds": 3}'
    )
    arguments, result = LawRequest, LawResult
    for_small_models = False
    cli = None

    @property
    def version(self) -> str:
        return f"1 {installed('numpy')}"

    def fits(self, scene: Scene) -> bool:
        return mentions(
            scene.question, "scaling law*", "empirical law*", "empirical formula*", "symbolic regression",
            "dimensional analysis", "power law*", "fit a formula", "closed form",
        )  # fmt: skip

    def run(self, arguments: LawRequest) -> LawResult:
        from tools.laws.finding import find_law
        from tools.laws.reading import read_request

        return find_law(read_request(arguments), arguments.seconds, arguments.seed)

    def digest(self, result: LawResult) -> str:
        return f"{result.law.formula} (SI). {result.verdict}" if result.law else result.verdict

    def tell(self, arguments: LawRequest) -> tuple[str, ...]:
        columns = [f"{one.name} ({one.unit})" for one in arguments.columns if one.name != arguments.target]
        rows = len(arguments.columns[0].values)
        return (f"{arguments.target} against {', '.join(columns)} in {rows} rows",)

    def view(self, arguments: LawRequest, result: LawResult) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        from tools.laws.viewing import view

        return view(result)


TOOL = FindLaw()
