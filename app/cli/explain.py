"""hypofind explain: what a trained model or an instrument learned of a response."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options


def explain(
    instrument: Annotated[str, typer.Argument(help="By name: `hypofind instruments` lists them.")],
    *,
    target: Annotated[str, typer.Option(help="The response that is explained.")],
    hold: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An input that is not varied. Repeatable.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Of one core, about.")] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Of samples and resamples.")] = 0,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw effects and interactions, as .png or .svg.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Say what a model learned: effects, interactions, a formula, agreement with known physics."""
    from app.cli.explaining import answer

    answer(instrument, target, hold or [], seconds=seconds, seed=seed, figure=figure, json=json)
