"""What `hypofind defects screen` does."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from app.cli.counting import count
from app.cli.exit_codes import Exit
from app.cli.output import notice
from app.cli.predictions import check_form, print_found
from app.errors import InputError
from tools.defects import Screening, Search, screen

COUNTED = re.compile(r"\s*(?:(\d{1,3})\s+)?(\S.*?)\s*")


def read_counts(texts: Sequence[str]) -> dict[str, int]:
    """Return {'vacancy S': 2, 'W on Mo': 1} for '2 vacancy S' and 'W on Mo'."""
    counts: Counter[str] = Counter()
    for text in texts:
        match = COUNTED.fullmatch(text)
        if match is None or not int(match[1] or 1):
            raise InputError(f"--defect {text!r}: write it like '2 vacancy S' or 'W on Mo'")
        counts[" ".join(match[2].split())] += int(match[1] or 1)
    return dict(counts)


def run_screening(search: Search, limit: int, plot: Path | None, *, json: bool, csv: bool) -> Exit:
    check_form(json=json, csv=csv)
    if plot is not None:
        _check_picture(plot)
    counter = count("predicted", None)
    try:
        screening = screen(search, counter.show)
    finally:
        counter.hide()
    found = screening.found
    print_found(found[:limit], screening.chance, json=json, csv=csv)
    if plot is not None:
        from tools.defects.plot import plot_screening

        plot_screening(screening, plot)
    notice(_summary(screening, len(found), limit))
    return Exit.DONE


def _check_picture(path: Path) -> None:
    if not path.parent.is_dir():
        raise InputError(f"--plot {path}: there is no folder {path.parent}")
    if path.suffix.lower() != ".png" or path.is_dir():
        raise InputError(f"--plot {path}: name a file that ends in .png")


def _summary(screening: Screening, found: int, limit: int) -> str:
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
