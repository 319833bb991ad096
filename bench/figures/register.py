"""The register of figures, `bench/figures.yaml`, the records they were taken from, and their page."""

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, model_validator

from bench.records.schema import RESULTS, Record, read_record
from tools.strict import Strict

REGISTER = Path(__file__).parents[1] / "figures.yaml"
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MEASURED = (
    "Code may have changed since the commit that a figure was measured at: `make figures-check` counts the "
    "definitions and data that differ, whatever was moved, renamed or worded anew. A record "
    "(`python -m bench.record MODULE …`) says what was run on which data and machine, and holds what was "
    "printed."
)


class Figure(Strict):
    """A row of the page: what was measured, how, on which code, and what came of it."""

    what: str = Field(min_length=1, description="without n, seed and spread, where these have fields")
    figure: str = Field(min_length=1, description="with its spread, and whether the goal was missed")
    goal: str | None = None
    page: str | None = Field(
        default=None, description="in docs/, with more about it, such as defects.md#speed"
    )
    command: str = Field(
        min_length=1, description="that measures it; FILE… and AREA stand for what one gives"
    )
    data: str | None = Field(
        default=None, description="that it is measured on, beside what the command names"
    )
    n: str | None = Field(default=None, description="a number, or a number of something such as 40 repeats")
    seed: str | None = Field(default=None, description="a number, or how many seeds")
    spread: str | None = Field(default=None, description="how intervals were made")
    commit: str = Field(pattern=r"^[0-9a-f]{7,40}$", description="of the code that was measured")
    day: date = Field(description="of that commit, or of the record")
    files: tuple[str, ...] = Field(
        min_length=1, description="the code behind it: files and folders from the root"
    )
    records: tuple[str, ...] = Field(default=(), description="names in bench/results, without .json")


class Register(Strict):
    """All of the page."""

    intro: str
    figures: tuple[Figure, ...] = Field(min_length=1)
    notes: str

    @model_validator(mode="after")
    def _one_run_is_one(self) -> Self:
        """Rows of one command come from one run, so that measuring anew changes all of them."""
        first: dict[str, Figure] = {}
        for one in self.figures:
            same = first.setdefault(one.command, one)
            for name in ("data", "commit", "day", "files", "records"):
                if getattr(one, name) != getattr(same, name):
                    raise ValueError(f"{one.command}: rows of one command differ in {name}")
        return self


def load_register(path: Path = REGISTER) -> Register:
    """Return what stands in the file. Raises pydantic.ValidationError for what is not whole."""
    return Register.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def load_record(name: str) -> Record:
    return read_record(RESULTS / f"{name}.json")


def find_disagreements(figure: Figure, record: Record) -> list[str]:
    """Return in which respects a record is none of this figure."""
    seed = figure.seed if figure.seed and figure.seed.isdigit() else None
    checks = {
        "command": is_run_of(figure.command, record),
        "commit": (record.commit or "").startswith(figure.commit),
        "day": record.begun.date() == figure.day,
        "seed": seed is None or record.seed in {None, seed},
        "exit code": record.exit_code == 0,
        "files that differed from the commit": not record.uncommitted,
    }
    return [name for name, agrees in checks.items() if not agrees]


def is_run_of(command: str, record: Record) -> bool:
    """Return whether a record is of a command, of which words may stand for others and settings go before.

    FILE… stands for words, AREA and NAME=FILE for one, physh.ttl for a path that ends so; what is in [] may
    be left out.
    """
    words = shlex.split(command)
    settings = [word for word in words if re.match(r"HYPOFIND_\w+=", word)]
    held = {f"{name}={value}" for name, value in record.settings.items()}
    return set(settings) <= held and _fit(words[len(settings) :], shlex.split(record.command))


def _fit(asked: list[str], given: list[str]) -> bool:
    if not asked or not given:
        return not given and all(word.startswith("[") for word in asked)
    word, rest = asked[0], asked[1:]
    if word.startswith("["):
        return _fit([word[1:-1], *rest], given) or _fit(rest, given)
    if word.endswith("…"):
        return any(_fit(rest, given[count:]) for count in range(1, len(given) + 1))
    return _stands_for(word, given[0]) and _fit(rest, given[1:])


def _stands_for(word: str, given: str) -> bool:
    if re.fullmatch(r"[A-Z0-9_=]+", word) and not word.isdigit():
        return not given.startswith("-") and ("=" in word) == ("=" in given)
    return word == given or given.endswith(f"/{word}")


def render(register: Register) -> str:
    """Return the whole page."""
    parts = (
        "# Benchmarks",
        register.intro.strip(),
        "\n".join(_rows(register)),
        register.notes.strip(),
        "## When each was measured",
        MEASURED,
        "\n".join(_measured(register)),
    )
    return "\n\n".join(parts) + "\n"


def _rows(register: Register) -> Iterator[str]:
    yield "| what | figure | goal | command |"
    yield "|---|---|---|---|"
    before = ""
    for one in register.figures:
        command = "same" if one.command == before else f"`{one.command}`"
        page = f" ([page]({one.page}))" if one.page else ""
        yield _row(one.what + _conditions(one), one.figure, one.goal or "", command + page)
        before = one.command


def _conditions(one: Figure) -> str:
    """Return n, seed and spread in brackets, as far as they are known."""
    n = f"n = {one.n}" if one.n and re.fullmatch(r"[\d,]+( each)?", one.n) else one.n
    seed = f"seed {one.seed}" if one.seed and one.seed.isdigit() else one.seed
    known = [part for part in (n, seed, one.spread) if part]
    return f" ({', '.join(known)})" if known else ""


def _measured(register: Register) -> Iterator[str]:
    """Yield a row a command, latest first."""
    yield "| command | data | commit | day | record |"
    yield "|---|---|---|---|---|"
    figures = {one.command: one for one in register.figures}
    for one in sorted(figures.values(), key=lambda one: one.day, reverse=True):
        records = ", ".join(f"`bench/results/{name}.json`" for name in one.records)
        yield _row(f"`{one.command}`", one.data or "", f"`{one.commit}`", f"{one.day}", records)


def _row(*cells: str) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
