"""hypofind screen: the best of a file of strings."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.evaluate import Column, Data, FormOption, Source, Training
from app.cli.exit_codes import Exit


def screen(
    source: Source,
    *,
    form: FormOption = None,
    column: Column = None,
    training: Training = None,
    data: Data = None,
    rules: Annotated[str, typer.Option(help="What counts as valid and unique.")] = "seed_table",
    keep: Annotated[
        list[str] | None, typer.Option(help="A window, such as 'qed >= 0.6' or 'density < 5'. Repeatable.")
    ] = None,
    rank: Annotated[
        list[str] | None,
        typer.Option(help="An aim, such as max:qed or min:above_reference_hull. Repeatable: Pareto fronts."),
    ] = None,
    relax: Annotated[
        int, typer.Option(min=0, max=10_000, help="Crystals whose stability CHGNet computes, the best first.")
    ] = 0,
    steps: Annotated[int, typer.Option(min=1, max=5_000, help="Steps of one relaxation.")] = 200,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Candidates to print.")] = 20,
    plot: Annotated[Path | None, typer.Option(metavar="PNG", help="Draw the first two aims.")] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Keep the valid, unique strings in the windows and rank them; say how stable crystals are."""
    from app.cli.judging import read_form
    from app.cli.sifting import Sift, print_screening
    from app.settings import load_settings

    caches = load_settings(file=settings).paths.cache
    sift = Sift(
        source=source,
        form=read_form(form),
        column=column,
        training=training,
        data=data or caches / "sets",
        cache=caches / "generation",
        rules=rules,
        keep=tuple(keep or ()),
        rank=tuple(rank or ()),
        relax=relax,
        steps=steps,
    )
    return print_screening(sift, limit, plot, json=json)
