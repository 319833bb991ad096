"""hypofind generate: crystals and molecules as strings."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit


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
    from app.cli.generating import print_generators, read_wish, write_samples
    from app.cli.judging import read_form
    from app.settings import load_settings
    from app.strings.generating import CHAT, Chatting

    if names or not generator:
        return print_generators()
    known = read_form(form)
    wish = read_wish(known if generator == CHAT else None, formula, prototype, target, shots)
    loaded = load_settings({"model": {"name": model, "base_url": base_url}}, settings)
    chatting = Chatting(wish, examples, known, column, journal, replay)
    return write_samples(generator, chatting, loaded, count, seed, out)
