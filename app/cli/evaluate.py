"""hypofind evaluate: what strings of crystals, molecules or binding sites are worth."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import clean, notice, print_json, print_table
from app.cli.progress import Counter, count
from app.errors import InputError

if TYPE_CHECKING:
    from app.strings.judging import EvaluationRequest
    from tools.generation import Evaluation, Measure, RuleSetScores, SampleForm, SampleKind

KIND = "crystal, molecule or site; the first string's, if not given."
FORM = "cif, text, poscar, smiles, selfies, xyz, site, pdb or mmcif; the file's name tells most."
Source = Annotated[
    Path,
    typer.Argument(metavar="FILE", help='A file, CSV, JSON Lines, folder or archive of strings, or "-".'),
]
FormOption = Annotated[str | None, typer.Option("--form", help=FORM)]
Column = Annotated[str | None, typer.Option(help="Column with the strings, of a CSV or of JSON Lines.")]
Training = Annotated[
    str | None,
    typer.Option(metavar="SET", help="What a string must not equal to be novel: a name or a file."),
]
Data = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="With the sets that have names; in the cache folder, if not given."),
]
RandomSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn at random.")]

MEASURES = ("Measure", "Value", "95 % interval", "Real", "Floor", "n")
LOSSES = ("Before", "Lost", "Count", "First of them")


def evaluate(
    source: Source,
    *,
    kind: Annotated[str | None, typer.Option(help=KIND)] = None,
    form: FormOption = None,
    column: Column = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="SET", help="Real structures to compare with: perov_5/test, zinc/test …, or a file."
        ),
    ] = None,
    training: Training = None,
    rules: Annotated[
        list[str] | None,
        typer.Option(help="seed_table, cdvae, mattergen, genmetrics or moses. Repeatable."),
    ] = None,
    data: Data = None,
    seed: RandomSeed = 0,
    repair: Annotated[bool, typer.Option("--repair", help="Mend SMILES through SELFIES, and count.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a report with pictures that opens offline.")
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Judge a file of crystals, molecules or binding sites: funnel, losses, measures beside real data."""
    from app.settings import load_settings
    from app.strings.judging import EvaluationRequest
    from tools.generation import DEFAULT_RULES

    caches = load_settings(file=settings).paths.cache
    asked = EvaluationRequest(
        source=source,
        kind=_read_kind(kind),
        form=read_form(form),
        column=column,
        reference=reference,
        training=training,
        rules=tuple(rules or DEFAULT_RULES),
        data=data or caches / "sets",
        cache=caches / "generation",
        seed=seed,
        repair=repair,
    )
    return _print_judgement(asked, html, json=json)


def _read_kind(name: str | None) -> "SampleKind | None":
    from tools.generation import SampleKind

    if name is not None and name not in set(SampleKind):
        raise InputError(f"--kind {name!r}: choose {', '.join(SampleKind)}")
    return SampleKind(name) if name else None


def read_form(name: str | None) -> "SampleForm | None":
    from tools.generation import SampleForm

    if name is not None and name not in set(SampleForm):
        raise InputError(f"--form {name!r}: choose one of {', '.join(SampleForm)}")
    return SampleForm(name) if name else None


def _print_judgement(asked: "EvaluationRequest", html: Path | None, *, json: bool) -> Exit:
    from app.strings.html import render_html
    from app.strings.judging import judge

    if html is not None:
        check_folder("--html", html)
    watcher = Watching()
    try:
        judgement = judge(asked, watcher)
    finally:
        watcher.hide()
    if json:
        print_json(judgement.evaluation.model_dump(mode="json"))
    else:
        _print(judgement.evaluation)
    if html is not None:
        html.write_text(render_html(judgement, f"Evaluation of {asked.source.name}"), encoding="utf-8")
        notice(f"the report with pictures is {html}")
    return Exit.DONE


def check_folder(option: str, path: Path) -> None:
    """Check before hours of work that the result can be written."""
    if not path.parent.is_dir():
        raise InputError(f"{option} {path}: there is no folder {path.parent}")
    if path.is_dir():
        raise InputError(f"{option} {path}: it is a folder, name a file")


class Watching:
    """A counter for each thing that goes on, one after the other."""

    def __init__(self) -> None:
        self._what = ""
        self._counter: Counter | None = None

    def __call__(self, what: str, done: int) -> None:
        if what != self._what:
            self.hide()
            self._what, self._counter = what, count(what, None)
        if self._counter:
            self._counter.show(done)

    def hide(self) -> None:
        if self._counter:
            self._counter.hide()
        self._counter = None


def _print(evaluation: "Evaluation") -> None:
    for scored in evaluation.scored:
        typer.echo(clean(f"\n{scored.title} ({scored.rules})"))
        _print_funnel(scored)
        if scored.measures:
            print_table(MEASURES, [_row(one) for one in scored.measures], flexible=MEASURES[0])
        if scored.losses:
            rows = [
                (str(x.stage), str(x.reason), f"{x.count:,}", "; ".join(x.examples)) for x in scored.losses
            ]
            print_table(LOSSES, rows, flexible=LOSSES[-1])
    notice(_summary(evaluation))


def _print_funnel(scored: "RuleSetScores") -> None:
    whole = max(1, scored.requested)
    rows = [("requested", f"{scored.requested:,}", "")]
    for step in scored.funnel:
        told = ("not judged", "") if step.count is None else (f"{step.count:,}", f"{step.count / whole:.1%}")
        rows.append((str(step.stage), *told))
    print_table(("Stage", "Strings", "Share"), rows, flexible="Stage")


def _row(one: "Measure") -> tuple[str, ...]:
    from app.strings.html import write_number

    interval = (
        f"{write_number(one.interval.low)} to {write_number(one.interval.high)}" if one.interval else "–"
    )
    unit = f" ({one.unit})" if one.unit else ""
    note = f": {one.note}" if one.note and one.value is None else ""
    numbers = map(write_number, (one.value, one.real, one.floor))
    value, real, floor = numbers
    return (f"{one.title}{unit}{note}", value, interval, real, floor, f"{one.n:,}")


def _summary(evaluation: "Evaluation") -> str:
    known = evaluation.provenance
    reference = f"compared with {known.reference.told}" if known.reference else "no reference given"
    training = (
        f"novel: not in {known.training.told}" if known.training else "novelty not judged: no training set"
    )
    repaired = f"; {evaluation.repaired:,} repaired" if evaluation.repaired else ""
    return f"{evaluation.requested:,} requested{repaired}; {reference}; {training}"
