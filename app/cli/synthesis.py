"""hypofind synthesis: whether compounds are like those that were made."""

from typing import Annotated

import typer

from app.cli import options


def synthesis(
    candidates: Annotated[
        list[str],
        typer.Argument(
            metavar="FORMULA|FILE…",
            help="Formulas; structures as CIF, POSCAR or extended XYZ; a .txt or .csv with a formula a line.",
        ),
    ],
    *,
    above_hull: Annotated[
        float | None,
        typer.Option(min=0, max=20, help="Energy above the Materials Project's hull, eV/atom: of all given."),
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Compounds to print.")] = 20,
    json: options.Json = False,
) -> None:
    """Score whether compounds can be made, by what was made: with reasons, nearest compounds and caveats."""
    from app.cli.scoring_synthesis import answer

    answer(candidates, above_hull, limit, json=json)
