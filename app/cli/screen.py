"""hypofind screen: the best of a file of strings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from app.cli import options
from app.cli.evaluate import Column, Data, FormOption, Source, Training, Watching, check_folder, read_form
from app.cli.exit_codes import Exit
from app.cli.output import notice, print_json, print_table
from app.cli.progress import count

if TYPE_CHECKING:
    from tools.generation import SampleForm
    from tools.generation.downstream.schema import PropertyValue
    from tools.generation.downstream.screening import RankedCandidate, Screening

SHOWN = 60  # characters of a name


def screen(
    source: Source,
    *,
    form: FormOption = None,
    column: Column = None,
    training: Training = None,
    data: Data = None,
    rules: Annotated[str, typer.Option(help="What counts as valid and unique.")] = "seed_table",
    keep: Annotated[
        list[str] | None, typer.Option(help="A window, such as 'qed >= 0.6' or 'density < 5'. Repeatable.")
    ] = None,
    rank: Annotated[
        list[str] | None,
        typer.Option(help="An aim, such as max:qed or min:above_reference_hull. Repeatable: Pareto fronts."),
    ] = None,
    relax: Annotated[
        int, typer.Option(min=0, max=10_000, help="Crystals whose stability CHGNet computes, the best first.")
    ] = 0,
    steps: Annotated[int, typer.Option(min=1, max=5_000, help="Steps of one relaxation.")] = 200,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Candidates to print.")] = 20,
    plot: Annotated[Path | None, typer.Option(metavar="PNG", help="Draw the first two aims.")] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Keep the valid, unique strings in the windows and rank them; say how stable crystals are."""
    from app.settings import load_settings

    caches = load_settings(file=settings).paths.cache
    given = ScreenOptions(
        source=source,
        form=read_form(form),
        column=column,
        training=training,
        data=data or caches / "sets",
        cache=caches / "generation",
        rules=rules,
        keep=tuple(keep or ()),
        rank=tuple(rank or ()),
        relax=relax,
        steps=steps,
    )
    return _print_screening(given, limit, plot, json=json)


class ScreenOptions(NamedTuple):
    """The command line, sorted."""

    source: Path
    form: "SampleForm | None"
    column: str | None
    training: str | None
    data: Path
    cache: Path
    rules: str
    keep: tuple[str, ...]
    rank: tuple[str, ...]
    relax: int
    steps: int


def _print_screening(given: ScreenOptions, limit: int, plot: Path | None, *, json: bool) -> Exit:
    if plot is not None:
        check_folder("--plot", plot)
    screening = _screen(given)
    if json:
        print_json(screening.model_dump(mode="json"))
    elif screening.candidates:
        _print(screening, limit)
    if plot is not None:
        from tools.generation.downstream.plot import plot_screening

        plot_screening(screening, plot)
    notice(_summary(screening, limit))
    return Exit.DONE


def _screen(given: ScreenOptions) -> "Screening":
    from app.strings.judging import find_reference, peek
    from tools.generation import SampleKind, read_samples
    from tools.generation.cache import keeping_in
    from tools.generation.downstream.properties import read_aim, read_window
    from tools.generation.downstream.screening import Screen, find_survivors, screen
    from tools.generation.extra import needing_extra

    samples, kind = peek(read_samples(given.source, given.form, given.column), None)
    wanted = Screen(
        kind=kind,
        windows=tuple(read_window(text, kind) for text in given.keep),
        aims=tuple(read_aim(text, kind) for text in given.rank),
        relax=given.relax if kind is SampleKind.CRYSTAL else 0,
        steps=given.steps,
    )
    training = find_reference(given.training, kind, given.data) if given.training else None
    watcher, counter = Watching(), count("relaxed", given.relax)
    with needing_extra(), keeping_in(given.cache):
        try:
            evaluation, survivors = find_survivors(
                samples, kind, given.rules, training=training, processes=2, progress=watcher
            )
            watcher.hide()
            return screen(survivors, wanted, evaluation.requested, counter.show)
        finally:
            watcher.hide()
            counter.hide()


def _print(screening: "Screening", limit: int) -> None:
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


def _columns(screening: "Screening") -> list[str]:
    """Return the columns that were asked for; all where none were."""
    from tools.generation.downstream.properties import RELAXED

    wanted = screening.screen
    asked = [*(aim.name for aim in wanted.aims), *(window.name for window in wanted.windows)]
    known = {name for one in screening.candidates for name in one.properties}
    relaxed = [name for name in RELAXED if name in known]
    return list(dict.fromkeys([*asked, *relaxed])) or sorted(known)


def _row(one: "RankedCandidate", names: list[str]) -> tuple[str, ...]:
    values = (_told(one.properties.get(name)) for name in names)
    refused = one.stability.reason if one.stability else None
    return (str(one.rank), str(one.front), *values, f"{one.name[:SHOWN]}{f': {refused}' if refused else ''}")


def _told(value: "PropertyValue | None") -> str:
    if value is None:
        return "–"
    spread = f" ± {value.std:.2f}" if value.std is not None else ""
    return f"{value.value:.4g}{spread}"


def _summary(made: "Screening", limit: int) -> str:
    from tools.generation.downstream.properties import HULL

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
