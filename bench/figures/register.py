"""The register of figures, `bench/figures.yaml`, and the records that figures were taken from."""

import re
import shlex
from datetime import date
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, model_validator

from bench.records.schema import RESULTS, Record, read_record
from tools.strict import Strict

REGISTER = Path(__file__).parents[1] / "figures.yaml"


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
