"""What `hypofind defects design` does."""

from collections.abc import Sequence

from app.cli.counting import count
from app.cli.exit_codes import Exit
from app.cli.output import notice, print_json, print_table
from app.cli.predictions import check_form, print_found
from tools.defects.design import METHODS, Design, Goal, Trial, design

COLUMNS = ("Method", "Evaluations", "Hits", "Hit rate", "First hit after", "Least cost (eV)", "Seconds")


def run_design(goal: Goal, methods: Sequence[str], limit: int, *, json: bool, csv: bool) -> Exit:
    check_form(json=json, csv=csv)
    chosen = list(dict.fromkeys(methods)) or list(METHODS)
    counter, done = count("evaluated", len(chosen) * goal.evaluations), 0

    def watch(more: int) -> None:
        nonlocal done
        done += more
        counter.show(done)

    try:
        made = design(goal, chosen, watch)
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


def _row(trial: Trial) -> tuple[str, ...]:
    counts = (f"{trial.evaluations:,}", f"{len(trial.hits):,}", f"{trial.hit_rate:.1%}")
    first = str(trial.first_hit or "never")
    return (trial.method, *counts, first, f"{trial.cost:.4f}", f"{trial.seconds:.1f}")


def _as_json(made: Design, limit: int) -> dict[str, object]:
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


def _summary(made: Design, limit: int) -> str:
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
