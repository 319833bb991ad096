"""hypofind defects design: configurations with a wanted gap, by four methods of search."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.defects.shared import Csv, Host, Limit, RandomSeed, check_form, print_found
from app.cli.exit_codes import Exit
from app.cli.output import notice, print_json, print_table
from app.cli.progress import count

if TYPE_CHECKING:
    from tools.defects.design import DesignReport, MethodTrial

COLUMNS = ("Method", "Evaluations", "Hits", "Hit rate", "First hit after", "Least cost (eV)", "Seconds")


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
    from tools.defects.design import METHODS, Goal
    from tools.defects.design import design as search_designs

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
    check_form(json=json, csv=csv)
    chosen = list(dict.fromkeys(method or ())) or list(METHODS)
    counter, done = count("evaluated", len(chosen) * goal.evaluations), 0

    def watch(more: int) -> None:
        nonlocal done
        done += more
        counter.show(done)

    try:
        made = search_designs(goal, chosen, watch)
    finally:
        counter.hide()
    if json:
        print_json(_as_json(made, limit))
        return Exit.DONE
    print_found(made.found[:limit], made.chance, json=False, csv=csv)
    if not csv:
        print_table(COLUMNS, [_row(trial) for trial in made.trials], flexible=COLUMNS[0])
    notice(_summary(made, limit))
    return Exit.DONE


def _row(trial: "MethodTrial") -> tuple[str, ...]:
    counts = (f"{trial.evaluations:,}", f"{len(trial.hits):,}", f"{trial.hit_rate:.1%}")
    first = str(trial.first_hit or "never")
    return (trial.method, *counts, first, f"{trial.cost:.4f}", f"{trial.seconds:.1f}")


def _as_json(made: "DesignReport", limit: int) -> dict[str, object]:
    return {
        "goal": made.goal.model_dump(mode="json"),
        "methods": [
            {
                "method": trial.method,
                "evaluations": trial.evaluations,
                "hits": len(trial.hits),
                "hit_rate": trial.hit_rate,
                "first_hit": trial.first_hit,
                "least_cost": trial.cost,
                "best": trial.best.model_dump(mode="json"),
                "seconds": round(trial.seconds, 3),
            }
            for trial in made.trials
        ],
        "found": [hit.model_dump(mode="json") | {"chance": made.chance(hit)} for hit in made.found[:limit]],
    }


def _summary(made: "DesignReport", limit: int) -> str:
    found, goal = made.found, made.goal
    said = f"{len(found):,} configurations found with a predicted gap of {goal.gap:g} ± {goal.tolerance:g} eV"
    if not found:
        nearest = min(made.trials, key=lambda trial: trial.cost).best
        gap = f", gap {nearest.homo_lumo_gap.value:.3f} eV" if nearest.homo_lumo_gap else ""
        return f"{said}; the nearest is {nearest.id}{gap}"
    sure = sum(made.chance(hit) for hit in found) / len(found)
    shown = f"; the {limit:,} cheapest shown" if limit < len(found) else ""
    return (
        f"{said}; on average each keeps to it with {sure:.0%} chance, errors of the model counted in{shown}"
    )
