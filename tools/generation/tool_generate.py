"""Generators as a tool that agents can call. Light to import: weights are read by the first call."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

from tools.generation.errors import BadFile
from tools.generation.extra import needing_extra
from tools.generation.schema import Form, Kind
from tools.generation.tool_schema import ToGenerate, Written

if TYPE_CHECKING:
    from tools.generation.schema import Generator

READ = (Form.TEXT, Form.SMILES)
NOTE = "not judged: evaluate_strings says which are valid, screen_strings what they are worth"


class GenerateStrings:
    """Fits `tools.registry.Tool`."""

    name = "generate_strings"
    purpose = (
        "New crystals as text (cell and atoms) or molecules as strings, from a small language model trained "
        "on known ones, or by exchanging the elements of given prototypes; they are not judged"
    )
    version = "1"
    arguments: type[BaseModel] = ToGenerate

    def run(self, arguments: BaseModel) -> Written:
        """Raises BadFile for prototypes that cannot be read, MissingPackage."""
        asked = ToGenerate.model_validate(arguments)
        with needing_extra():
            generator = _substitution(asked) if asked.prototypes else _model(Kind(asked.kind))
            made = list(generator.generate(asked.count, asked.seed))
        return Written(
            generator=generator.name,
            version=generator.version,
            kind=generator.kind.value,
            form=generator.form.value,
            seed=asked.seed,
            requested=asked.count,
            strings=[sample.text for sample in made if sample.unreturned is None],
            note=NOTE,
        )


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


def _model(kind: Kind) -> "Generator":
    """The first of that kind that is shipped, and writes what people read."""
    from tools.generation.generators.catalogue import list_models, load_model

    for name in list_models():
        model = load_model(name)
        if model.kind is kind and model.form in READ:
            return model
    raise BadFile(f"no language model for {kind}s is shipped with this version: give prototypes")
