"""hypofind defects: what point defects do to a 2D material."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit

app = typer.Typer(
    help="Point defects in 2D materials: energy and gap, by a sparse model.", rich_markup_mode=None
)

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV and nothing else on standard output.")]


Host = Annotated[str, typer.Argument(help="MoS2, WSe2, hBN, GaSe, InSe or BP.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help="Configurations to print, cheapest first.")]
RandomSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn at random.")]


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


@app.command()
def screen(
    host: Host,
    *,
    defect: Annotated[
        list[str] | None,
        typer.Option("-d", "--defect", help='Such as "2 vacancy S" or "W on Mo". Repeatable.'),
    ] = None,
    most: Annotated[
        int, typer.Option(min=0, max=6, help="In place of --defect: every mixture of so many defects.")
    ] = 0,
    gap: Annotated[tuple[float, float], typer.Option(metavar="LOW HIGH", help="Wanted window, eV.")] = (
        0.0,
        float("inf"),
    ),
    energy: Annotated[
        tuple[float, float], typer.Option(metavar="LOW HIGH", help="Wanted window, eV per site.")
    ] = (float("-inf"), float("inf")),
    cells: Annotated[
        int | None, typer.Option(min=1, max=64, help="Unit cells along a and b, if not as in training.")
    ] = None,
    samples: Annotated[
        int, typer.Option(min=1, max=100_000, help="Where more configurations differ, so many are drawn.")
    ] = 2_000,
    seed: RandomSeed = 0,
    limit: Limit = 20,
    plot: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Draw gap over energy with the Pareto front.")
    ] = None,
    json: options.Json = False,
    csv: Csv = False,
) -> Exit:
    """Predict the configurations of a host that differ under symmetry, and rank those in the windows."""
    from app.cli.screening import read_counts, run_screening
    from tools.defects import Search

    search = Search(
        host=host,
        defects=read_counts(defect or ()),
        most=most,
        supercell=(cells, cells) if cells else None,
        gap=gap,
        energy=energy,
        samples=samples,
        seed=seed,
    )
    return run_screening(search, limit, plot, json=json, csv=csv)


@app.command()
def design(
    host: Host,
    *,
    gap: Annotated[float, typer.Option(min=0, max=10, help="Wanted HOMO-LUMO gap, eV.")],
    tolerance: Annotated[
        float, typer.Option(min=0.001, max=1, help="How far a hit may be from it, eV.")
    ] = 0.05,
    energy: Annotated[
        float | None, typer.Option(min=-100, max=100, help="Highest formation energy per site of a hit, eV.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help='Allow only these, such as "vacancy S". Repeatable.')
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=24, help="Defects in the supercell.")] = 4,
    method: Annotated[
        list[str] | None,
        typer.Option(help="pbits, annealing, evolution or random. Repeatable; without it, all four."),
    ] = None,
    evaluations: Annotated[
        int, typer.Option(min=1, max=100_000, help="Evaluations of the model for each method.")
    ] = 500,
    seed: RandomSeed = 0,
    limit: Limit = 20,
    json: options.Json = False,
    csv: Csv = False,
) -> Exit:
    """Search for configurations with a wanted gap at low energy, and compare the methods of search."""
    from app.cli.designing import run_design
    from tools.defects.design import Goal

    goal = Goal(
        host=host,
        gap=gap,
        tolerance=tolerance,
        energy=energy,
        kinds=tuple(kind or ()),
        most=most,
        evaluations=evaluations,
        seed=seed,
    )
    return run_design(goal, method or (), limit, json=json, csv=csv)
