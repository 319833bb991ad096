"""hypofind data: databases that could answer a question, and structures from those that speak OPTIMADE."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli import options
from app.cli.exit_codes import Exit


class QuestionFirst(TyperGroup):
    """`hypofind data "a question"` is short for `hypofind data find "a question"`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own types are private
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["find", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=QuestionFirst,
    help='Data that could answer a question or test a claim: hypofind data "a question".',
    rich_markup_mode=None,
)


@app.command()
def find(
    question: Annotated[str, typer.Argument(help="A question or a claim.")],
    *,
    cause: Annotated[
        str | None, typer.Option(help='What is varied, with its unit: "strain (percent)".')
    ] = None,
    response: Annotated[
        str | None, typer.Option(help='What is measured, with its unit: "band gap (eV)".')
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=200)] = 5,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Name the databases that could answer a question or test a claim. No network is needed."""
    from app.cli.finding_data import print_data

    print_data(question, cause, response, limit, settings, json=json)


@app.command()
def structures(
    *,
    elements: Annotated[
        str | None, typer.Option(metavar="Mo,S", help="All of these occur, parted by commas.")
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="And no other element.")] = False,
    formula: Annotated[str | None, typer.Option(metavar="MoS2", help="The reduced formula.")] = None,
    fewest: Annotated[int | None, typer.Option("--min-elements", help="Different elements.")] = None,
    most: Annotated[int | None, typer.Option("--max-elements", help="Different elements.")] = None,
    sites: Annotated[int | None, typer.Option("--max-sites", help="Atoms in the cell.")] = None,
    periodic: Annotated[int | None, typer.Option(help="Number of periodic directions, 0 to 3.")] = None,
    space_group: Annotated[int | None, typer.Option(metavar="NUMBER", help="1 to 230.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="NAME", help="Who is asked; `hypofind data providers` lists. Repeatable."
        ),
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Structures of each.")] = 20,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Write extended XYZ files, and where from."),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Fetch structures over the network from databases that speak OPTIMADE."""
    from app.cli.finding_data import print_structures

    asked = {
        "elements": tuple(part.strip() for part in elements.split(",") if part.strip()) if elements else (),
        "only": only,
        "formula": formula,
        "fewest_elements": fewest,
        "most_elements": most,
        "most_sites": sites,
        "periodic": periodic,
        "space_group": space_group,
    }
    return print_structures(asked, source or [], limit, output, settings, json=json)


@app.command()
def providers(*, json: options.Json = False, settings: options.SettingsFile = None) -> None:
    """List the databases that speak OPTIMADE, and those of your settings."""
    from app.cli.finding_data import print_providers

    print_providers(settings, json=json)
