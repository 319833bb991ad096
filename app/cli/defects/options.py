"""Options that commands of `hypofind defects` share."""

from typing import Annotated

import typer

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV and nothing else on standard output.")]
Host = Annotated[str, typer.Argument(help="MoS2, WSe2, hBN, GaSe, InSe or BP.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help="Configurations to print, cheapest first.")]
RandomSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn at random.")]
