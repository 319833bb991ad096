"""The search for a law, and what a model learned, as tools that agents and people can call."""

from importlib.metadata import version as installed
from typing import Final

from pydantic import Field

from tools.laws.errors import LawError
from tools.laws.explained import Explanation
from tools.laws.schema import LawRequest, LawResult
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block, Plot, Sentences, Series, Table
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


MOST_EFFECTS: Final = 4  # that are drawn
AGREES: Final = {True: "Yes", False: "No", None: "Cannot be told"}


class ToExplain(Strict):
    """An instrument or trained model, one of its responses, and what is not to be varied."""

    instrument: str = Field(max_length=80, description="by name, as `hypofind instruments` lists them")
    response: str = Field(max_length=80)
    settings: dict[str, float | str] = Field(
        default_factory=dict, max_length=20, description='inputs that are held, such as {"host": "MoS2"}'
    )
    seconds: float = Field(default=35.0, gt=0, le=45.0, description="of one core, about")
    seed: int = Field(default=0, ge=0, lt=2**31)


class ExplainModel(ToolSpec[ToExplain, Explanation]):
    """Effects, interactions, a formula, and known physics."""

    name = "explain_model"
    title = "what a model learned"
    purpose = (
        "Says what an instrument or trained model learned of a response: effects of inputs and interactions "
        "as shares of the variance, a formula that stands in for it with its fidelity, and whether it agrees "
        "with known physics"
    )
    when = "never: it tells about our models and not about a question"
    example = '{"instrument": "law_stokes_drag", "response": "drag_force", "seconds": 6}'
    arguments, result = ToExplain, Explanation

    @property
    def version(self) -> str:
        return f"1 {installed('numpy')}"

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - as the base class has it
        return False

    def run(self, arguments: ToExplain) -> Explanation:
        """Raises LawError for what is not known, or where the model answers at too few settings."""
        from tools.instruments import instruments
        from tools.laws.explaining import explain

        chosen = next((one for one in instruments() if one.name == arguments.instrument), None)
        if chosen is None:
            raise LawError(
                f"no instrument is called {arguments.instrument!r}: `hypofind instruments` lists them"
            )
        return explain(
            chosen, arguments.response, arguments.settings, seconds=arguments.seconds, seed=arguments.seed
        )

    def tell(self, arguments: ToExplain) -> tuple[str, ...]:
        held = ", ".join(f"{name} {value}" for name, value in arguments.settings.items())
        return (f"{arguments.response} of {arguments.instrument}" + (f" at {held}" if held else ""),)

    def digest(self, result: Explanation) -> str:
        first = ", ".join(f"{one.name} {100 * one.share:.0f} %" for one in result.effects[:3])
        agreed = [one.agrees for one in result.physics if one.agrees is not None]
        physics = f"; agrees with {sum(agreed)} of {len(agreed)} known dependences" if agreed else ""
        law = f"; {result.law.law.formula} (SI)" if result.law and result.law.law else ""
        return f"{result.response} of {result.instrument}: {first} of the variance{law}{physics}"

    def view(self, arguments: ToExplain, result: Explanation) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        blocks: list[Block] = [
            Sentences(_sentences(result)),
            Table(("input", "share of the variance"), _shares(result), title="Effects of single inputs"),
        ]
        if result.interactions:
            pairs = tuple(
                (f"{one.first} with {one.second}", f"{100 * one.share:.0f} %") for one in result.interactions
            )
            blocks.append(Table(("inputs", "share beyond that"), pairs, title="Interactions"))
        if result.physics:
            known = (
                f"{AGREES[one.agrees]}: {one.told}. The model: {one.found}. Source: {one.source}."
                for one in result.physics
            )
            blocks.append(Sentences(("Known physics, and whether the model agrees:", *known)))
        unit = "" if result.unit == "1" else f" ({result.unit})"
        for one in result.effects[:MOST_EFFECTS]:
            numbers = tuple(level for level in one.levels if not isinstance(level, str))
            if len(numbers) == len(one.levels):
                series = Series(one.name, numbers, tuple(one.answers), line=True)
                name = one.name if one.unit == "1" else f"{one.name} ({one.unit})"
                answer = f"log10 {result.response}" if result.logarithmic else f"{result.response}{unit}"
                blocks.append(Plot(f"Effect of {one.name}", name, answer, (series,)))
        return tuple(blocks)


def _sentences(result: Explanation) -> tuple[str, ...]:
    grid = "all cells of the grid" if result.whole else "cells of the grid drawn at random"
    told = [
        f"{result.response} of {result.instrument} at {result.asked} settings ({grid}"
        + (f"; {result.refused} were refused)." if result.refused else ")."),
        f"Effects of single inputs explain {100 * result.additive:.0f} % of the variance"
        + (" of the answer's logarithm." if result.logarithmic else "."),
    ]
    if result.law and result.law.law:
        told.append(f"In its place: {result.law.law.formula} (SI base units).")
    if result.fidelity is not None:
        told.append(
            f"That explains {100 * result.fidelity:.4g} % of the variance in the rows it was fitted to."
        )
    if result.fidelity_outside is not None and result.line_outside is not None:
        told.append(
            f"In the outer rows, unseen, {100 * result.fidelity_outside:.4g} %; a straight line there "
            f"{100 * result.line_outside:.4g} %."
        )
    return (*told, *result.notes)


def _shares(result: Explanation) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, f"{100 * one.share:.0f} %") for one in result.effects)


EXPLAIN = ExplainModel()
