"""hypofind mine: methods of one discipline tried on the problems of another, by the thousand."""

import typer

from app.cli.mine.jobs import ask, cancel, export, pause, plan, run
from app.cli.mine.tables import show, status

app = typer.Typer(
    help="Methods of one discipline tried on the problems of another, as a job.", rich_markup_mode=None
)
app.command()(plan)
app.command()(run)
app.command()(status)
app.command()(show)
app.command()(export)
app.command()(pause)
app.command()(cancel)
app.command()(ask)
