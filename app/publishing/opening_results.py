"""A published result or mining job on another machine: checked, kept, and of a result, computed anew."""

import json
from collections.abc import Iterator
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pydantic import Field, ValidationError

import physh
from agents.experiments.instruments import Instruments
from agents.mining import MiningStore, Spec
from agents.mining.carrying import take_job
from agents.schema import Strict
from app.errors import InputError
from app.jobs.people import LOCAL
from app.mining_files import CARRIED, TABLES, write_tables
from app.publishing.opening import (
    BadCrate,
    Entities,
    Files,
    OpenedCrate,
    check_name,
    keep_files,
    open_run_crate,
    read_crate,
    read_notices,
    read_part,
)
from app.publishing.opening import hindrance as plan_hindrance
from app.publishing.recomputing import compare_points
from app.publishing.results import JOB, RESULT
from app.results import Kept, keep, name_of
from app.tools import ToolResult, find_tool, read_arguments
from physh.source import EMBEDDED
from tools import ToolError
from tools.experiments import Experiment, ExperimentResult
from tools.experiments.planning import key_of
from tools.experiments.tool import TEST_CLAIM

RELATIVE: Final = 1e-9
"""By which the arithmetic of two machines may differ."""
MINED: Final = "published-mining"
"""The folder beside the runs where mining jobs of others lie."""


class OpenedResult(Strict):
    """A kept result that came out of a crate."""

    result: str
    tool: str
    published: str
    licence: str
    authors: list[str]
    files: int
    hindrance: str | None = None


class OpenedMining(Strict):
    """A mining job that came out of a crate."""

    job: str
    folder: Path
    published: str
    licence: str
    authors: list[str]
    files: int
    transfers: int
    store: Path | None = Field(
        default=None, description="where it stands among the jobs; null: its archive holds only files"
    )
    same_map: bool | None = Field(
        default=None, description="whether its map, drawn anew, has the same tables, byte for byte"
    )


class Changed(Strict):
    """A value that came out otherwise; `at` is its JSON pointer, null a value that is not there."""

    at: str
    then: Any
    now: Any


def open_any(path: Path, runs: Path, mining: Path) -> OpenedCrate | OpenedResult | OpenedMining:
    """Check an archive and keep what it holds: a job in the store in `mining`.

    Raises BadCrate, RunRefused, NotKept or MiningError.
    """
    files, metadata = read_crate(path)
    if RESULT in files:
        return _open_result(files, metadata, runs)
    if "run.json" not in files and JOB in files:
        return _open_mining(files, metadata, runs, mining)
    return open_run_crate(path, files, metadata, runs)


def _open_result(files: Files, metadata: Entities, runs: Path) -> OpenedResult:
    told = read_part(Kept, RESULT, files[RESULT])
    if told.id != name_of(told.result):
        raise BadCrate(f"{RESULT} goes by the name {told.id}, which is another result's")
    kept = keep(runs, LOCAL, told.result, told.at)
    return OpenedResult(
        result=kept.id,
        tool=f"{kept.result.tool} {kept.result.version}",
        **read_notices(metadata),
        files=len(files),
        hindrance=hindrance(kept.result),
    )


def _open_mining(files: Files, metadata: Entities, runs: Path, mining: Path) -> OpenedMining:
    spec = read_part(Spec, JOB, files[JOB])
    check_name(spec.name, JOB, "job")
    if "transfers.csv" not in files:
        raise BadCrate("the archive has no transfers.csv: it holds no published mining job")
    keep_files(files, spec.name, runs / MINED, (JOB, "transfers.csv"))
    taken: dict[str, Any] = {}
    if CARRIED in files:
        taken = {"store": mining, "same_map": _take(files, spec.name, mining)}
    return OpenedMining(
        job=spec.name,
        folder=runs / MINED / spec.name,
        **read_notices(metadata),
        files=len(files),
        transfers=max(0, files["transfers.csv"].count(b"\r\n") - 1),
        **taken,
    )


def _take(files: Files, name: str, folder: Path) -> bool:
    """Put the job among those of this machine, and say whether its map has the same tables."""
    try:
        lines = files[CARRIED].decode().splitlines()
    except UnicodeDecodeError as error:
        raise BadCrate(f"{CARRIED} is no text in UTF-8: get the archive again from where it came") from error
    ontology = physh.load(EMBEDDED)
    labels = {one.uri: one.label for one in ontology.concepts.values()}
    labels |= {one.uri: one.label for one in ontology.disciplines}
    with MiningStore(folder) as store, TemporaryDirectory(prefix="open-") as scratch:
        if take_job(store, lines, labels) != name:
            raise BadCrate(f"{CARRIED} holds another job than {JOB} says")
        write_tables(store, name, Path(scratch))
        return all((Path(scratch) / table).read_bytes() == files.get(table) for table in TABLES)


def hindrance(result: ToolResult) -> str | None:
    """Return why a result cannot be computed again here; None where it can."""
    if plan := _plan_of(result):
        return plan_hindrance(plan)
    try:
        tool = find_tool(result.tool)
        read_arguments(tool, json.dumps(result.inputs))
    except InputError as error:
        return str(error)
    if tool.version != result.version:
        return f"{result.tool} has version {tool.version} here and {result.version} there"
    return None


def compute_again(result: ToolResult) -> list[Changed]:
    """Return what comes out otherwise, value by value: of a test as it was planned. Raises InputError."""
    if plan := _plan_of(result):
        then = ExperimentResult.model_validate(result.content)
        again = Instruments(None).repeat(plan, key_of(plan), then.measurements)
        found = [
            Changed(at=f"/points at {one.at:g}", then=one.then, now=one.now)
            for one in compare_points(then, again)
            if one.at is not None
        ]
        if then.verdict != again.verdict:
            found.insert(0, Changed(at="/verdict", then=then.verdict.value, now=again.verdict.value))
        return found
    tool = find_tool(result.tool)
    try:
        now = tool.run(read_arguments(tool, json.dumps(result.inputs))).model_dump_json()
    except ToolError as error:
        raise InputError(f"{result.tool} cannot say it here: {error}") from error
    return list(_compare("", result.content, json.loads(now)))


def _plan_of(result: ToolResult) -> Experiment | None:
    """Return the plan of a test that was measured; how long it might take is no part of it."""
    try:
        return (
            ExperimentResult.model_validate(result.content).experiment
            if result.tool == TEST_CLAIM.name
            else None
        )
    except ValidationError:
        return None


def _compare(at: str, then: Any, now: Any) -> Iterator[Changed]:  # noqa: ANN401 - any JSON
    match then, now:
        case dict(), dict():
            for name in dict.fromkeys([*then, *now]):
                yield from _compare(f"{at}/{name}", then.get(name), now.get(name))
        case list(), list() if len(then) == len(now):
            for number, (one, other) in enumerate(zip(then, now, strict=True)):
                yield from _compare(f"{at}/{number}", one, other)
        case int() | float(), int() | float():
            if not isclose(then, now, rel_tol=RELATIVE, abs_tol=1e-12):
                yield Changed(at=at, then=then, now=now)
        case _ if then != now:
            yield Changed(at=at, then=then, now=now)
