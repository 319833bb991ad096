"""Screening as a tool that agents can call. Light to import: only a relaxation loads the potential."""

from math import inf
from typing import TYPE_CHECKING

from tools.generation.errors import BadFile
from tools.generation.extra import needing_extra
from tools.generation.schema import KIND_OF, SampleForm, SampleKind
from tools.generation.tool_schema import DESIGN, STABILITY, STRINGS, Ranked, Screened, ToScreen
from tools.spec import Scene, ToolSpec
from tools.views import Block
from tools.words import mentions

if TYPE_CHECKING:
    from tools.generation.downstream.screening import RankedCandidate, Screen

RULES = {SampleKind.CRYSTAL: "seed_table", SampleKind.MOLECULE: "seed_table"}
STEPS = 100  # of one relaxation: a call has a minute
NOTE = (
    "above_reference_hull is the energy above the hull of the shipped reference set (binary and ternary "
    "crystals with up to 20 atoms), not the Materials Project's e_above_hull"
)


class ScreenStrings(ToolSpec[ToScreen, Screened]):
    """Properties and stability of the crystals and molecules that strings stand for."""

    name = "screen_strings"
    title = "screening of strings"
    purpose = (
        "Properties with units of valid crystals (density, volume; on request stability by the CHGNet "
        "potential: energy above the hull of the shipped reference set) or molecules (weight, logP, QED, "
        "synthetic accessibility, polar surface), kept in windows and ranked by Pareto fronts"
    )
    version = "1"
    when = "when the question asks for new crystals or molecules, speaks of strings, or asks what is stable"
    example = (
        '{"form": "smiles", "strings": ["CCO", "c1ccccc1O"], "aims": [{"property": "qed", "least": false}]}'
    )
    arguments, result = ToScreen, Screened
    extra = "generation"

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, *DESIGN, *STRINGS, *STABILITY)

    def run(self, arguments: ToScreen) -> Screened:
        """Raises BadFile for a property of the other kind, MissingPackage."""
        kind = KIND_OF[SampleForm(arguments.form)]
        with needing_extra():
            from tools.generation.downstream.screening import as_samples, find_survivors, screen

            wanted = _screen(arguments, kind)
            samples = as_samples(arguments.strings, arguments.form)
            _, survivors = find_survivors(samples, kind, RULES[kind])
            made = screen(survivors, wanted, len(samples))
        return Screened(
            kind=kind.value,
            form=arguments.form,
            requested=made.requested,
            survived=made.survived,
            relaxed=made.relaxed,
            ranked=[_ranked(one) for one in made.candidates],
            note=NOTE if kind is SampleKind.CRYSTAL else "",
        )

    def digest(self, result: Screened) -> str:
        best = (f"{one.rank}. {one.name}: {_tell(one)}" for one in result.ranked)
        return "; ".join([f"{result.survived} of {result.requested} valid and unique", *best])

    def tell(self, arguments: ToScreen) -> tuple[str, ...]:
        from tools.generation.viewing import tell_screen

        return tell_screen(arguments)

    def view(self, arguments: ToScreen, result: Screened) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        from tools.generation.viewing import view_screened

        return view_screened(result)


def _tell(one: Ranked) -> str:
    return ", ".join(f"{name} {value}" for name, value in one.properties.items())


def _screen(asked: ToScreen, kind: SampleKind) -> "Screen":
    from tools.generation.downstream.properties import PropertyGoal, Window, names
    from tools.generation.downstream.screening import Screen

    given = {*(one.property for one in asked.windows), *(one.property for one in asked.aims)}
    unknown = given - set(names(kind))
    if unknown:
        raise BadFile(f"no property {min(unknown)!r} of a {kind}: there are {', '.join(names(kind))}")
    windows = [
        Window(
            name=one.property,
            low=-inf if one.low is None else one.low,
            high=inf if one.high is None else one.high,
        )
        for one in asked.windows
    ]
    aims = [PropertyGoal(name=one.property, least=one.least) for one in asked.aims]
    relax = asked.relax if kind is SampleKind.CRYSTAL else 0
    return Screen(kind=kind, windows=tuple(windows), aims=tuple(aims), relax=relax, steps=STEPS)


def _ranked(one: "RankedCandidate") -> Ranked:
    return Ranked(
        number=one.number,
        rank=one.rank,
        front=one.front,
        name=one.name,
        text=one.text,
        properties=one.properties,
        stability=one.stability,
    )


SCREEN: ScreenStrings = ScreenStrings()
