"""What `hypofind screen` does."""

from dataclasses import dataclass
from pathlib import Path

from app.cli.counting import count
from app.cli.exit_codes import Exit
from app.cli.judging import Watching, check_folder
from app.cli.output import notice, print_json, print_table
from app.strings.judging import find_reference, peek
from tools.generation import Form, Kind, read_samples
from tools.generation.cache import keeping_in
from tools.generation.downstream.properties import HULL, RELAXED, read_aim, read_window
from tools.generation.downstream.schema import Quantity
from tools.generation.downstream.screening import Candidate, Screen, Screening, screen
from tools.generation.downstream.survivors import find_survivors
from tools.generation.extra import needing_extra

SHOWN = 60  # characters of a name


@dataclass(frozen=True)
class Sift:
    """The command line, sorted."""

    source: Path
    form: Form | None
    column: str | None
    training: str | None
    data: Path
    cache: Path
    rules: str
    keep: tuple[str, ...]
    rank: tuple[str, ...]
    relax: int
    steps: int


def print_screening(sift: Sift, limit: int, plot: Path | None, *, json: bool) -> Exit:
    if plot is not None:
        check_folder("--plot", plot)
    screening = _screen(sift)
    if json:
        print_json(screening.model_dump(mode="json"))
    elif screening.candidates:
        _print(screening, limit)
    if plot is not None:
        from tools.generation.downstream.plot import plot_screening

        plot_screening(screening, plot)
    notice(_summary(screening, limit))
    return Exit.DONE


def _screen(sift: Sift) -> Screening:
    samples, kind = peek(read_samples(sift.source, sift.form, sift.column), None)
    wanted = Screen(
        kind=kind,
        windows=tuple(read_window(text, kind) for text in sift.keep),
        aims=tuple(read_aim(text, kind) for text in sift.rank),
        relax=sift.relax if kind is Kind.CRYSTAL else 0,
        steps=sift.steps,
    )
    training = find_reference(sift.training, kind, sift.data) if sift.training else None
    watcher, counter = Watching(), count("relaxed", sift.relax)
    with needing_extra(), keeping_in(sift.cache):
        try:
            evaluation, survivors = find_survivors(
                samples, kind, sift.rules, training=training, processes=2, progress=watcher
            )
            watcher.hide()
            return screen(survivors, wanted, evaluation.requested, counter.show)
        finally:
            watcher.hide()
            counter.hide()


def _print(screening: Screening, limit: int) -> None:
    shown = screening.candidates[:limit]
    names = _columns(screening)
    units = {name: q.unit for one in shown for name, q in one.properties.items() if q.unit}
    headings = (
        "Rank",
        "Front",
        *(f"{n.replace('_', ' ')}{f' ({units[n]})' if n in units else ''}" for n in names),
    )
    rows = [_row(one, names) for one in shown]
    print_table((*headings, "Candidate"), rows, flexible="Candidate")


def _columns(screening: Screening) -> list[str]:
    """Return the columns that were asked for; all where none were."""
    wanted = screening.screen
    asked = [*(aim.name for aim in wanted.aims), *(window.name for window in wanted.windows)]
    known = {name for one in screening.candidates for name in one.properties}
    relaxed = [name for name in RELAXED if name in known]
    return list(dict.fromkeys([*asked, *relaxed])) or sorted(known)


def _row(one: Candidate, names: list[str]) -> tuple[str, ...]:
    values = (_told(one.properties.get(name)) for name in names)
    refused = one.stability.reason if one.stability else None
    return (str(one.rank), str(one.front), *values, f"{one.name[:SHOWN]}{f': {refused}' if refused else ''}")


def _told(value: Quantity | None) -> str:
    if value is None:
        return "–"
    spread = f" ± {value.std:.2f}" if value.std is not None else ""
    return f"{value.value:.4g}{spread}"


def _summary(made: Screening, limit: int) -> str:
    parts = [
        f"{made.requested:,} requested",
        f"{made.survived:,} valid and unique",
        f"{len(made.candidates):,} in the windows",
    ]
    if made.relaxed:
        parts.append(f"{made.relaxed:,} relaxed, of which {made.refused:,} without a verdict")
    if limit < len(made.candidates):
        parts.append(f"the {limit:,} best shown")
    hull = any(HULL in one.properties for one in made.candidates)
    note = ". Above the hull of the shipped reference set, not the Materials Project's" if hull else ""
    return "; ".join(parts) + note
