"""hypofind defects screen: the configurations of a host that differ under symmetry, ranked."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.defects.shared import Csv, Host, Limit, RandomSeed, check_form, print_found
from app.cli.exit_codes import Exit
from app.cli.output import notice
from app.cli.progress import count
from app.errors import InputError

if TYPE_CHECKING:
    from tools.defects import DefectScreening

COUNTED = r"\s*(?:(\d{1,3})\s+)?(\S.*?)\s*"  # as in "2 vacancy S"


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
    from tools.defects import DefectSearch
    from tools.defects import screen as find_configurations

    search = DefectSearch(
        host=host,
        defects=_read_counts(defect or ()),
        most=most,
        supercell=(cells, cells) if cells else None,
        gap=gap,
        energy=energy,
        samples=samples,
        seed=seed,
    )
    check_form(json=json, csv=csv)
    if plot is not None:
        _check_picture(plot)
    counter = count("predicted", None)
    try:
        screening = find_configurations(search, counter.show)
    finally:
        counter.hide()
    found = screening.found
    print_found(found[:limit], screening.chance, json=json, csv=csv)
    if plot is not None:
        from tools.defects.plot import plot_screening

        plot_screening(screening, plot)
    notice(_summary(screening, len(found), limit))
    return Exit.DONE


def _read_counts(texts: Sequence[str]) -> dict[str, int]:
    """Return {'vacancy S': 2, 'W on Mo': 1} for '2 vacancy S' and 'W on Mo'."""
    counts: Counter[str] = Counter()
    for text in texts:
        match = re.fullmatch(COUNTED, text)
        if match is None or not int(match[1] or 1):
            raise InputError(f"--defect {text!r}: write it like '2 vacancy S' or 'W on Mo'")
        counts[" ".join(match[2].split())] += int(match[1] or 1)
    return dict(counts)


def _check_picture(path: Path) -> None:
    if not path.parent.is_dir():
        raise InputError(f"--plot {path}: there is no folder {path.parent}")
    if path.suffix.lower() != ".png" or path.is_dir():
        raise InputError(f"--plot {path}: name a file that ends in .png")


def _summary(screening: "DefectScreening", found: int, limit: int) -> str:
    looked, refused = len(screening.answers), [a.reason for a in screening.answers if a.reason]
    if screening.is_exhaustive:
        what = f"all {looked:,} configurations that differ under symmetry"
    else:
        known = f" of {screening.distinct:,} that differ under symmetry" if screening.distinct else ""
        what = f"a sample of {looked:,} configurations{known}"
    parts = [what, f"{found:,} in the windows"]
    parts += [f"{len(refused):,} that the model refuses ({refused[0]})"] if refused else []
    parts += [f"the {limit:,} cheapest shown"] if limit < found else []
    return "; ".join(parts)
