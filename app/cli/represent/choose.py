"""hypofind represent choose: which representation is enough for a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import notice, print_json, print_table

if TYPE_CHECKING:
    from tools.descriptors.choosing.schema import RepresentationChoice


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
    from tools.descriptors.choosing.choosing import choose as try_all
    from tools.descriptors.choosing.table import read_table

    data = read_table(table, target)
    found = try_all(data, invariant or [], seed=seed, watch=lambda title: notice(f"trying {title}"))
    if json:
        print_json(found.model_dump(mode="json"))
        return
    _show(found)


def _show(found: "RepresentationChoice") -> None:
    from tools.quantity import write

    unit = f" ({found.unit})" if found.unit else ""
    rows = [
        (
            one.representation,
            f"{write(one.error, (one.high - one.low) / 4)} ({one.low:.3g} to {one.high:.3g})",
            "yes" if one.enough else "no",
            f"{one.numbers}",
            f"{one.describing:.2g} ms",
            f"{one.learning:.1f} s",
            one.learner,
        )
        for one in found.trials
    ]
    columns = (
        "representation", f"{found.measure}{unit}, 95 %", "enough", "numbers", "per row", "learning",
        "learner",
    )  # fmt: skip
    print_table(columns, rows, flexible="learner")
    print_table(
        ("\nrepresentation", "\nloses"),
        [(one.representation, ", ".join(one.loses) or "nothing") for one in found.trials],
        flexible="\nloses",
    )
    notice(f"{found.rows:,} rows; the median of the training rows has {found.floor:.3g}{unit}")
    for told in (*found.notes, *(f"{left.representation} {left.reason}" for left in found.left_out)):
        notice(told)
    notice(f"enough: {found.enough}")
