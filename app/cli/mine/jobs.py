"""What `hypofind mine` does to jobs: plan, run, pause, cancel, export, ask."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.ask import AskOptions, answer
from app.cli.exit_codes import Exit
from app.cli.output import notice, print_json
from app.cli.progress import EVERY_S, ProgressLines
from app.program import duration, program

if TYPE_CHECKING:
    from agents.mining import MiningProgress, MiningStore, Spec
    from agents.mining.estimate import CostEstimate
    from app.mining import MiningPlan, RayChoice
    from app.settings import Settings

SpecFile = Annotated[Path, typer.Argument(metavar="SPEC", help="A job's spec, YAML or JSON.")]
Job = Annotated[str, typer.Argument(metavar="JOB", help="A job's name.")]


def plan(
    spec: SpecFile,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would take.")] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Choose the pairs of a job and tell what they will take. No model is asked."""
    from agents.mining import read_spec
    from app.mining import estimate_plan, make_plan, open_store, settings_flags
    from app.settings import load_settings

    read = read_spec(spec)
    loaded = load_settings(settings_flags(read), settings)
    made = make_plan(loaded, read, ProgressLines())
    if dry_run:
        found = estimate_plan(loaded, made)
    else:
        with open_store(loaded) as store:
            found = made.keep(store, loaded)
    _print_plan(made, found, json=json)
    if not dry_run:
        notice(f"planned; to start: {program()} mine run {read.name}")
    return Exit.DONE


def run(
    job: Annotated[str, typer.Argument(metavar="JOB|SPEC", help="A job's name, or a spec to plan first.")],
    *,
    ray: Annotated[bool, typer.Option("--ray", help="On a Ray cluster.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=1000, help="Ray workers.")] = 3,
    address: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster; none: one on this machine.")
    ] = None,
    concurrency: options.Concurrency = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Start a job, or go on with it: a pair that is answered is not asked again."""
    from agents.mining import JobState
    from app.mining import RayChoice, open_store
    from app.settings import load_settings

    codes = {JobState.BUDGET: Exit.BUDGET, JobState.DONE: Exit.DONE}
    loaded = load_settings(None, settings)
    with open_store(loaded) as store:
        name = _find_or_plan(store, job, settings)
        spec = store.spec(name)
        chosen = _with_model(spec, concurrency, settings)
        try:
            ended = _start(chosen, store, name, RayChoice(workers, address) if ray else None)
        except KeyboardInterrupt:
            ended = store.progress(name)
            notice(f"stopped; to go on: {program()} mine run {name}")
        _tell(ended, json=json)
    return codes.get(ended.state, Exit.INTERRUPTED)


def export(
    job: Job,
    folder: Annotated[Path, typer.Argument(help="Where the files are written.")],
    *,
    settings: options.SettingsFile = None,
) -> Exit:
    """Write the map: RDF, tables, pictures, a page, and the calls for a replay."""
    from app.mining import open_store
    from app.mining_files import write_map
    from app.settings import load_settings

    with open_store(load_settings(None, settings)) as store:
        for path in write_map(store, job, folder):
            typer.echo(path)
    return Exit.DONE


def pause(job: Job, *, settings: options.SettingsFile = None) -> Exit:
    """Let a running job stop after the pairs under way; `run` goes on with it."""
    return _steer(job, "paused", settings=settings)


def cancel(job: Job, *, settings: options.SettingsFile = None) -> Exit:
    """End a job for good, with what is answered so far."""
    return _steer(job, "cancelled", settings=settings)


def ask(
    job: Job,
    pair: Annotated[str, typer.Argument(help="A pair's id, or the beginning of it.")],
    *,
    full: options.Full = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> int:
    """Open a run that asks about a transfer, from the method's own perspective."""
    from app.mining import open_store, question_of, settings_flags
    from app.settings import load_settings

    with open_store(load_settings(None, settings)) as store:
        mined, spec = store.get_mined(job, pair), store.spec(job)
    question, pins = question_of(mined)
    notice(question)
    flags = {"run": {}, "model": settings_flags(spec)["model"], "paths": {}}
    asked = AskOptions(question, None, pins=pins, flags=flags, settings=settings)
    return answer(asked, full=full, json=json)


def print_lines(*lines: str) -> None:
    for line in lines:
        typer.echo(line)


def _print_plan(plan: "MiningPlan", found: "CostEstimate", *, json: bool) -> None:
    if json:
        cells = [cell.model_dump(mode="json") for cell in plan.cells()]
        print_json({"estimate": found.model_dump(mode="json"), "cells": cells})
        return
    tried = sum(cell.chosen > 0 for cell in plan.cells())
    cost = "not known" if found.cost_usd is None else f"{found.cost_usd:.4f} USD"
    print_lines(
        f"{found.pairs:,} pairs in {tried:,} of {len(plan.cells()):,} cells",
        f"calls {found.calls:,}, tokens about {found.tokens:,} (at most {found.most_tokens:,}), cost {cost}",
    )


def _start(settings: "Settings", store: "MiningStore", job: str, ray: "RayChoice | None") -> "MiningProgress":
    from app.mining import run, run_ray

    if ray is not None:
        return run_ray(settings, store, job, ray, ProgressLines(), shown=MiningTeller())
    return run(settings, store, job, ProgressLines(), shown=MiningTeller())


def _find_or_plan(store: "MiningStore", name: str, file: Path | None) -> str:
    """Return the job; it is planned first where a file names a spec that the store does not know."""
    from agents.errors import MiningError
    from agents.mining import read_spec
    from app.mining import change_budget, make_plan, settings_flags
    from app.settings import load_settings

    path = Path(name)
    if name in store.jobs() or not path.is_file():
        return name
    spec = read_spec(path)
    if spec.name not in store.jobs():
        loaded = load_settings(settings_flags(spec), file)
        make_plan(loaded, spec, ProgressLines()).keep(store, loaded)
    elif (kept := store.spec(spec.name)) != spec:
        if kept.model_copy(update={"budget": spec.budget}) != spec:
            raise MiningError(f"{path} differs from the job {spec.name!r} that is in the store: name it anew")
        change_budget(load_settings(settings_flags(spec), file), store, spec)
    return spec.name


def _with_model(spec: "Spec", concurrency: int | None, file: Path | None) -> "Settings":
    from app.mining import settings_flags
    from app.settings import load_settings

    flags: dict[str, dict[str, object]] = {name: dict(given) for name, given in settings_flags(spec).items()}
    if concurrency is not None:
        flags["run"] = {**flags.get("run", {}), "concurrency": concurrency}
    return load_settings(flags, file)


class MiningTeller:
    """A line now and then."""

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self, progress: "MiningProgress") -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_S
            notice(tell_progress(progress))


def tell_progress(progress: "MiningProgress") -> str:
    """Return how far a job is, in a line."""
    parts = [f"{progress.job}: {progress.done:,} of {progress.pairs:,} pairs"]
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.per_minute is not None:
        parts.append(f"{progress.per_minute:,.1f} a minute")
    if progress.seconds_left:
        parts.append(f"{duration(progress.seconds_left)} left")
    parts.append(f"{progress.tokens:,} tokens")
    if progress.cost_usd is not None:
        parts.append(f"{progress.cost_usd:.4f} USD")
    return ", ".join(parts)


def _tell(ended: "MiningProgress", *, json: bool) -> None:
    if json:
        print_json(ended.model_dump(mode="json"))
    notice(f"{ended.state}: {tell_progress(ended)}")
    for reason, count in ended.failures.items():
        notice(f"  {count:,} × {reason}")


def _steer(job: str, wanted: str, *, settings: Path | None) -> Exit:
    from agents.mining import JobState, steer
    from app.mining import open_store
    from app.settings import load_settings

    with open_store(load_settings(None, settings)) as store:
        steer(store, job, JobState(wanted))
        will_be = store.state(job) is JobState.RUNNING
        notice(f"{job}: will be {wanted} after the pairs under way" if will_be else f"{job}: {wanted}")
    return Exit.DONE
