"""hypofind generate: crystals and molecules as strings."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from app.cli import options
from app.cli.evaluate import check_folder, read_form
from app.cli.exit_codes import Exit
from app.cli.output import notice
from app.cli.progress import count as count_up
from app.cli.progress import show_progress
from app.errors import InputError

if TYPE_CHECKING:
    from agents.chat_tools.generator import GenerationRequest
    from app.settings import Settings
    from app.strings.generating import Chatting
    from tools.generation import Sample, SampleForm


def generate(
    generator: Annotated[
        str,
        typer.Argument(help='"chat", a baseline, or one of our models; --list names them.'),
    ] = "",
    *,
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, max=1_000_000, help="Strings to ask for.")
    ] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same strings.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON Lines for hypofind evaluate; standard output, if not given."),
    ] = None,
    form: Annotated[
        str | None, typer.Option(help="For chat: text, cif or smiles. Of examples in a .txt: any form.")
    ] = None,
    formula: Annotated[str | None, typer.Option(help="For chat: such as BaTiO3.")] = None,
    prototype: Annotated[str | None, typer.Option(help="For chat: such as 'cubic perovskite'.")] = None,
    target: Annotated[
        str | None, typer.Option(help="For chat: a property, such as 'band gap near 2 eV'.")
    ] = None,
    shots: Annotated[int, typer.Option(min=0, max=40, help="For chat: examples in each prompt.")] = 0,
    examples: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Strings for chat to show, or for a baseline to learn from."),
    ] = None,
    column: Annotated[str | None, typer.Option(help="Column of the file of examples.")] = None,
    journal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="For chat: keep the answers, and use those kept before."),
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="For chat: from the journal alone.")] = False,
    names: Annotated[bool, typer.Option("--list", help="Name the generators.")] = False,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    settings: options.SettingsFile = None,
) -> Exit:
    """Write crystals or molecules as strings. They are not judged: hypofind evaluate does that."""
    from app.settings import load_settings
    from app.strings.generating import CHAT, Chatting

    if names or not generator:
        return _print_generators()
    known = read_form(form)
    wish = _read_wish(known if generator == CHAT else None, formula, prototype, target, shots)
    loaded = load_settings({"model": {"name": model, "base_url": base_url}}, settings)
    chatting = Chatting(wish, examples, known, column, journal, replay)
    return _write_samples(generator, chatting, loaded, count, seed, out)


def _print_generators() -> Exit:
    from app.strings.generating import list_generators

    for name in list_generators():
        typer.echo(name)
    return Exit.DONE


def _read_wish(
    form: "SampleForm | None", formula: str | None, prototype: str | None, target: str | None, shots: int
) -> "GenerationRequest":
    from pydantic import ValidationError

    from agents.chat_tools.generator import FORMS, GenerationRequest
    from app.settings.explain import explain

    if form is not None and form not in FORMS:
        raise InputError(f"--form {form}: a chat model writes {', '.join(FORMS)}")
    asked = form or FORMS[0]
    fields = {"form": asked, "formula": formula, "prototype": prototype, "aim": target, "shots": shots}
    try:
        return GenerationRequest.model_validate(fields)
    except ValidationError as error:
        raise InputError(explain(error)) from error


def _write_samples(  # noqa: PLR0917 - the command line
    name: str, chatting: "Chatting", settings: "Settings", count: int, seed: int, out: Path | None
) -> Exit:
    """Write samples as they come: what was written stays if the rest does not."""
    from app.strings.generating import CHAT, open_generator

    if chatting.replay and not chatting.journal:
        raise InputError("--replay needs --journal: the file with the answers")
    for option, path in (("--out", out), ("--journal", chatting.journal)):
        if path is not None:
            check_folder(option, path)
    counter, made = count_up("written", count), Counter[str]()
    with show_progress() as progress, open_generator(name, chatting, settings, progress) as generator:
        progress.doing(f"writing with {generator.name}") if name == CHAT else None
        file = out.open("w", encoding="utf-8") if out else sys.stdout
        try:
            for number, sample in enumerate(generator.generate(count, seed), start=1):
                _write(sample, file)
                made[str(sample.unreturned or "returned")] += 1
                counter.show(number) if out else None
        finally:
            counter.hide()
            file.close() if out else None
    told = ", ".join(f"{number:,} {kind}" for kind, number in made.most_common())
    notice(f"{generator.name}: {count:,} requested: {told}" + (f"; in {out}" if out else ""))
    return Exit.DONE


def _write(sample: "Sample", file: TextIO) -> None:
    file.write(sample.model_dump_json(exclude_defaults=True) + "\n")
    file.flush()
