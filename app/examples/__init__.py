"""Recorded runs that come with the program, each a published archive: a first look without a model.

`hypofind open app/examples/NAME.crate.zip` replays one like any other archive.
"""

import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import IO

from pydantic import Field

from agents.schema import Report, Strict
from app.errors import InputError

SUFFIX = ".crate.zip"


class Example(Strict):
    """A recorded run, in brief."""

    name: str
    question: str
    models: list[str] = Field(description="who answered, as the endpoints named themselves")
    recorded: str = Field(description="the day on which the run was made")
    hypotheses: int
    verdicts: dict[str, int] = Field(description="tests of its claims by verdict")


def list_examples() -> tuple[Example, ...]:
    """Return the examples in the order of their names."""
    return tuple(_brief(name, load_example(name)) for name in _crates())


def load_example(name: str) -> Report:
    """Return the recorded report. Raises InputError where there is no such example."""
    return _read(name)


def open_crate_file(name: str) -> IO[bytes]:
    """Open the published archive of an example. Raises InputError where there is no such example."""
    known = _crates()
    if name not in known:
        raise InputError(f"there is no example {name[:80]!r}: there are {', '.join(known)}")
    return known[name].open("rb")


@cache
def _read(name: str) -> Report:
    with open_crate_file(name) as file, zipfile.ZipFile(file) as archive:
        return Report.model_validate_json(archive.read("report.json"))


@cache
def _crates() -> dict[str, Traversable]:
    found = sorted(files(__name__).iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(SUFFIX): file for file in found if file.name.endswith(SUFFIX)}


def _brief(name: str, report: Report) -> Example:
    verdicts = list(_verdicts(report))
    return Example(
        name=name,
        question=report.question,
        models=sorted({one.model for one in report.hypotheses}),
        recorded=f"{report.created:%d %B %Y}",
        hypotheses=len(report.hypotheses),
        verdicts={verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)},
    )


def _verdicts(report: Report) -> Iterator[str]:
    for hypothesis in report.hypotheses:
        yield from (test.verdict.value for test in hypothesis.standing_tests)
