"""hypofind represent: check a representation, write its code, chain several."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit

app = typer.Typer(help="Representations in ten lines: check them, write their code, chain them.")

Spec = Annotated[
    str,
    typer.Argument(
        metavar="SPEC",
        help="A file with a specification; - reads standard input. For check also the name of a descriptor "
        "or an instrument, which is tested against its own.",
    ),
]


@app.command()
def check(
    spec: Spec,
    *,
    against: Annotated[
        str | None,
        typer.Option(
            help="What to test: a descriptor or an instrument by name, or your function as module:function."
        ),
    ] = None,
    inverse: Annotated[
        str | None,
        typer.Option(metavar="MODULE:FUNCTION", help="Its inverse, where everything is preserved."),
    ] = None,
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="For each property.")] = 20,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Relative deviation that counts as rounding.")
    ] = 1e-6,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the first counterexample, as .png or .svg.")
    ] = None,
    json: options.Json = False,
) -> Exit:
    """Find contradictions in a specification, and counterexamples of what it declares."""
    from app.cli.representing import print_check

    return print_check(spec, against, inverse, figure, json=json, draws=draws, seed=seed, tolerance=tolerance)


@app.command()
def code(
    spec: Spec,
    *,
    linked: Annotated[bool, typer.Option("--json-ld", help="Write it as linked data instead.")] = False,
) -> None:
    """Write the symmetry penalty and the loss as a Python file that runs by itself."""
    from app.cli.representing import print_code

    print_code(spec, linked=linked)


@app.command()
def chain(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC…", help="Files, in the order of the chain.")],
) -> None:
    """Write the specification of a chain: what holds for the whole, and what is lost on the way."""
    from app.cli.representing import print_chain

    print_chain(specs)


@app.command()
def choose(
    table: Annotated[
        Path,
        typer.Argument(help="A CSV (plain or .gz) with a column formula, or structure (files beside it)."),
    ],
    *,
    target: Annotated[str, typer.Option(help="The column to be predicted: numbers, or true and false.")],
    invariant: Annotated[
        list[str] | None,
        typer.Option(metavar="GROUP", help='What a representation must not feel: "E(3)". Repeatable.'),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of folds, learners and resampling.")] = 0,
    json: options.Json = False,
) -> None:
    """Try representations on a table: held-out error, cost, what each loses, and which is enough."""
    from app.cli.choosing_representation import print_choice

    print_choice(table, target, invariant or [], seed, json=json)
