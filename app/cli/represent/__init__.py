"""hypofind represent: check a representation, write its code, chain several, choose one for a table."""

import typer

from app.cli.represent.check import check
from app.cli.represent.choose import choose
from app.cli.represent.specification import chain, code

app = typer.Typer(help="Representations in ten lines: check them, write their code, chain them.")
app.command()(check)
app.command()(code)
app.command()(chain)
app.command()(choose)
