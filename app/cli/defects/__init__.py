"""hypofind defects: what point defects do to a 2D material."""

import typer

from app.cli.defects.design import design
from app.cli.defects.predict import predict
from app.cli.defects.screen import screen

app = typer.Typer(
    help="Point defects in 2D materials: energy and gap, by a sparse model.", rich_markup_mode=None
)
app.command()(predict)
app.command()(screen)
app.command()(design)
