"""The toy's own commands."""

from typing import Annotated

import typer

from . import HC

app = typer.Typer()


@app.command()
def colour(energy: Annotated[float, typer.Argument(help="eV")]) -> None:
    """Say whether a photon is seen."""
    typer.echo("visible" if 380 < HC / energy < 750 else "not visible")
