"""What `hypofind mine` does to jobs."""

import time
from pathlib import Path

from agents.errors import MiningError
from agents.mining import JobState, Progress, Spec, Store, read_spec, steer
from agents.mining.estimate import Estimate
from app.cli.exit_codes import Exit
from app.cli.output import notice, print_json
from app.cli.progress import EVERY_S, Lines
from app.mining import (
    Plan,
    RayChoice,
    change_budget,
    estimate_plan,
    make_plan,
    open_store,
    question_of,
    run,
    settings_flags,
)
from app.program import duration, program
from app.settings import Settings, load_settings

CODES = {JobState.BUDGET: Exit.BUDGET, JobState.DONE: Exit.DONE}


def plan_job(path: Path, *, dry_run: bool, json: bool, settings: Path | None) -> Exit:
    spec = read_spec(path)
    loaded = load_settings(settings_flags(spec), settings)
    made = make_plan(loaded, spec, Lines())
    if dry_run:
        found = estimate_plan(loaded, made)
    else:
        with open_store(loaded) as store:
            found = made.keep(store, loaded)
    _print_plan(made, found, json=json)
    if not dry_run:
        notice(f"planned; to start: {program()} mine run {spec.name}")
    return Exit.DONE


def _print_plan(plan: Plan, found: Estimate, *, json: bool) -> None:
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


def print_lines(*lines: str) -> None:
    import typer

    for line in lines:
        typer.echo(line)


def run_mining(
    name: str, ray: RayChoice | None, concurrency: int | None, *, json: bool, settings: Path | None
) -> Exit:
    loaded = load_settings(None, settings)
    with open_store(loaded) as store:
        job = _planned(store, name, settings)
        spec = store.spec(job)
        chosen = _with_model(spec, concurrency, settings)
        try:
            ended = _start(chosen, store, job, ray)
        except KeyboardInterrupt:
            ended = store.progress(job)
            notice(f"stopped; to go on: {program()} mine run {job}")
        _tell(ended, json=json)
    return CODES.get(ended.state, Exit.INTERRUPTED)


def _start(settings: Settings, store: Store, job: str, ray: RayChoice | None) -> Progress:
    if ray is not None:
        from app.mining import run_ray

        return run_ray(settings, store, job, ray, Lines(), shown=Teller())
    return run(settings, store, job, Lines(), shown=Teller())


def _planned(store: Store, name: str, file: Path | None) -> str:
    """Return the job; it is planned first where a file names a spec that the store does not know."""
    path = Path(name)
    if name in store.jobs() or not path.is_file():
        return name
    spec = read_spec(path)
    if spec.name not in store.jobs():
        loaded = load_settings(settings_flags(spec), file)
        make_plan(loaded, spec, Lines()).keep(store, loaded)
    elif (kept := store.spec(spec.name)) != spec:
        if kept.model_copy(update={"budget": spec.budget}) != spec:
            raise MiningError(f"{path} differs from the job {spec.name!r} that is in the store: name it anew")
        change_budget(load_settings(settings_flags(spec), file), store, spec)
    return spec.name


def _with_model(spec: Spec, concurrency: int | None, file: Path | None) -> Settings:
    flags: dict[str, dict[str, object]] = {name: dict(given) for name, given in settings_flags(spec).items()}
    if concurrency is not None:
        flags["run"] = {**flags.get("run", {}), "concurrency": concurrency}
    return load_settings(flags, file)


class Teller:
    """A line now and then."""

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_S
            notice(told(progress))


def told(progress: Progress) -> str:
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


def _tell(ended: Progress, *, json: bool) -> None:
    if json:
        print_json(ended.model_dump(mode="json"))
    notice(f"{ended.state}: {told(ended)}")
    for reason, count in ended.failures.items():
        notice(f"  {count:,} × {reason}")


def wish(job: str, wanted: str, *, settings: Path | None) -> Exit:
    with open_store(load_settings(None, settings)) as store:
        steer(store, job, JobState(wanted))
        will_be = store.state(job) is JobState.RUNNING
        notice(f"{job}: will be {wanted} after the pairs under way" if will_be else f"{job}: {wanted}")
    return Exit.DONE


def export_job(job: str, folder: Path, *, settings: Path | None) -> Exit:
    from app.mining_files import write_map

    with open_store(load_settings(None, settings)) as store:
        for path in write_map(store, job, folder):
            print_lines(str(path))
    return Exit.DONE


def ask_about(job: str, pair: str, *, json: bool, settings: Path | None) -> int:
    from app.cli.asking import Asked, answer

    with open_store(load_settings(None, settings)) as store:
        mined, spec = store.get_mined(job, pair), store.spec(job)
    question, pins = question_of(mined)
    notice(question)
    flags = {"run": {}, "model": settings_flags(spec)["model"], "paths": {}}
    asked = Asked(question, None, pins=pins, flags=flags, settings=settings)
    return answer(asked, json=json)
