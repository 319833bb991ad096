"""hypofind describe: a structure as numbers."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options


def describe(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="CIF, POSCAR or extended XYZ.")],
    *,
    descriptor: Annotated[str, typer.Option("--as", help="Which descriptor; a wrong name lists them.")],
    figure: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw it, as .png or .svg; for one structure."),
    ] = None,
    json: options.Json = False,
) -> None:
    """Describe structures by numbers that a model can learn from; one line each."""
    from app.cli.output import print_json
    from app.errors import InputError
    from tools.descriptors import find_descriptor
    from tools.descriptors.figure import draw
    from tools.descriptors.tool import DESCRIBE, MOST_TEXT, ToDescribe
    from tools.structures import decode_text

    find_descriptor(descriptor)
    if figure is not None and (len(files) > 1 or figure.suffix not in (".png", ".svg")):
        raise InputError("--figure ends with .png or .svg, and is of one structure")
    for name in files:
        path = Path(name)
        if not path.is_file() or path.stat().st_size > MOST_TEXT:
            raise InputError(f"{name[:200]} is not a file of at most {MOST_TEXT:,} bytes")
        given = ToDescribe(structure=decode_text(path.read_bytes()), descriptor=descriptor)
        found = DESCRIBE.run(given)
        if json:
            print_json({"file": name, **found.model_dump(mode="json")})
        else:
            typer.echo(f"{name}: {DESCRIBE.digest(found)}")
        if figure is not None:
            draw(found, given.structure).savefig(figure)
