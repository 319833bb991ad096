"""Generators as a tool that agents can call. Light to import: weights are read by the first call."""

from typing import TYPE_CHECKING

from tools.generation.errors import BadFile
from tools.generation.extra import needing_extra
from tools.generation.schema import SampleForm, SampleKind
from tools.generation.tool_schema import DESIGN, GeneratedStrings, ToGenerate
from tools.spec import Scene, ToolSpec
from tools.views import Block
from tools.words import mentions

if TYPE_CHECKING:
    from tools.generation.schema import Generator

READ = (SampleForm.TEXT, SampleForm.SMILES)
NOTE = "not judged: evaluate_strings says which are valid, screen_strings what they are worth"


class GenerateStrings(ToolSpec[ToGenerate, GeneratedStrings]):
    """New crystals and molecules, from a small language model or from prototypes."""

    name = "generate_strings"
    title = "string generators"
    purpose = (
        "New crystals as text (cell and atoms) or molecules as strings, from a small language model trained "
        "on known ones, or by exchanging the elements of given prototypes; they are not judged"
    )
    version = "1"
    when = "when the question asks for crystals or molecules that nobody has made"
    example = '{"kind": "molecule", "count": 3}'
    arguments, result = ToGenerate, GeneratedStrings
    extra = "generation"

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, *DESIGN)

    def run(self, arguments: ToGenerate) -> GeneratedStrings:
        """Raises BadFile for prototypes that cannot be read, MissingPackage."""
        with needing_extra():
            generator = (
                _substitution(arguments) if arguments.prototypes else _model(SampleKind(arguments.kind))
            )
            made = list(generator.generate(arguments.count, arguments.seed))
        return GeneratedStrings(
            generator=generator.name,
            version=generator.version,
            kind=generator.kind.value,
            form=generator.form.value,
            seed=arguments.seed,
            requested=arguments.count,
            strings=[sample.text for sample in made if sample.unreturned is None],
            note=NOTE,
        )

    def digest(self, result: GeneratedStrings) -> str:
        return f"{len(result.strings)} of {result.requested} strings came whole, none is judged"

    def tell(self, arguments: ToGenerate) -> tuple[str, ...]:
        from tools.generation.viewing import tell_wish

        return tell_wish(arguments)

    def view(self, arguments: ToGenerate, result: GeneratedStrings) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        from tools.generation.viewing import view_written

        return view_written(result)


def _substitution(asked: ToGenerate) -> "Generator":
    if asked.kind != "crystal":
        raise BadFile("prototypes are crystals: leave them out for molecules")
    from tools.generation.crystals.text import parse_text, write_text
    from tools.generation.generators.substitution import Substitution
    from tools.generation.lost import Lost

    try:
        return Substitution([write_text(parse_text(text), decimals=4) for text in asked.prototypes])
    except Lost as lost:
        raise BadFile(f"a prototype cannot be read: {lost}") from lost


def _model(kind: SampleKind) -> "Generator":
    """The first of that kind that is shipped, and writes what people read."""
    from tools.generation.generators.catalogue import list_models, load_model

    for name in list_models():
        model = load_model(name)
        if model.kind is kind and model.form in READ:
            return model
    raise BadFile(f"no language model for {kind}s is shipped with this version: give prototypes")


GENERATE: GenerateStrings = GenerateStrings()
