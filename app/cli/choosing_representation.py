"""The work of `hypofind represent choose`, apart from its options."""

from pathlib import Path

from app.cli.output import notice, print_json, print_table
from tools.descriptors.choosing.choosing import choose
from tools.descriptors.choosing.schema import Choice
from tools.descriptors.choosing.table import read_table
from tools.quantity import write


def print_choice(table: Path, target: str, invariances: list[str], seed: int, *, json: bool) -> None:
    """Read, try, and print. Raises ToolError."""
    data = read_table(table, target)
    found = choose(data, invariances, seed=seed, watch=lambda title: notice(f"trying {title}"))
    if json:
        print_json(found.model_dump(mode="json"))
        return
    _show(found)


def _show(found: Choice) -> None:
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
