"""hypofind defects: what point defects do to a 2D material."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit

app = typer.Typer(
    help="Point defects in 2D materials: energy and gap, by a sparse model.", rich_markup_mode=None
)

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV and nothing else on standard output.")]


@app.command()
def predict(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="CIF or POSCAR files, folders, TAR or zip archives, files of specs, specs such as "
            '"MoS2 8x8x1: vacancy S@12; W on Mo@3", or "-" for standard input.',
        ),
    ],
    *,
    json: options.Json = False,
    csv: Csv = False,
) -> Exit:
    """Predict formation energy per site and HOMO-LUMO gap of structures with defects."""
    from app.cli.predicting import predict_all
    from app.cli.predictions import choose_form

    return predict_all(inputs, choose_form(json=json, csv=csv))
