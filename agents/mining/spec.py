"""What a mining job is asked for: a small YAML or JSON file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from agents.errors import MiningError
from agents.model import Budget
from agents.schema import Strict
from retrieval.passage import SourceName

LARGEST = 1 << 20  # bytes of a spec


def _named(value: object) -> object:
    """One line for a list of disciplines that is none, where pydantic would tell of both that it might be."""
    if value == "all" or (isinstance(value, list | tuple) and value):
        return value
    raise ValueError('give "all", or a list of disciplines with at least one')


Names = Annotated[Literal["all"] | tuple[str, ...], BeforeValidator(_named)]


class Strategy(StrEnum):
    STRUCTURE = "structure"
    EMBEDDING = "embedding"
    RANDOM = "random"


class Cross(Strict):
    """Which facet's concepts are tried on which facet's."""

    methods: str = Field(default="Techniques", description="a PhySH facet, those inside it included")
    targets: str = Field(description="a PhySH facet")


CROSSES = (
    Cross(targets="Research Areas"),
    Cross(targets="Physical Systems"),
    Cross(targets="Properties"),
)


class Choices(Strict):
    """What to try. The same choices and the same release of PhySH give the same pairs."""

    name: str = Field(pattern=r"^[A-Za-z0-9][\w.-]{0,59}$", description="what the job is called")
    sources: Names = Field(default="all", description="disciplines whose methods are taken, by label or URI")
    targets: Names = Field(default="all", description="disciplines whose problems they are tried on")
    cross: Annotated[tuple[Cross, ...], Field(min_length=1)] = CROSSES
    pairs: int = Field(ge=1, le=1_000_000)
    strategy: Strategy = Strategy.STRUCTURE
    budget: Budget = Budget()
    questions: int = Field(default=1, ge=1, le=5, description="independent answers asked for each pair")
    compare: tuple[tuple[str, str], ...] = Field(default=(), description="disciplines to compare, two by two")
    matches: int = Field(
        default=0,
        ge=0,
        le=100,
        description="at most, between the best eight of each two disciplines; fewer than 9 rank none",
    )
    search: tuple[SourceName, ...] = Field(default=(), description="literature services asked for known uses")
    library: bool = Field(default=False, description="look for known uses in the user's own library")
    seed: int = Field(default=0, ge=0, lt=2**31)

    @model_validator(mode="after")
    def _two_disciplines(self) -> Self:
        if any(first == second for first, second in self.compare):
            raise ValueError("compare: a discipline cannot be compared with itself")
        return self


class Spec(Choices):
    """One job: what to try, and of whom to ask it."""

    model: str | None = Field(default=None, description="its name; null: as the settings say")
    base_url: str | None = Field(default=None, description="an OpenAI-compatible address")


def read_spec(path: Path) -> Spec:
    """Raises MiningError with one line that says what is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise MiningError(f"{path} has more than {LARGEST:,} bytes: that is no spec of a mining job")
        return parse_spec(yaml.safe_load(path.read_text(encoding="utf-8")), str(path))
    except OSError as error:
        raise MiningError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    except RecursionError as error:
        raise MiningError(f"{path} is nested too deeply to be a spec of a mining job") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MiningError(f"{path} is neither YAML nor JSON: {' '.join(str(error).split())[:200]}") from error


def parse_spec(content: object, name: str) -> Spec:
    try:
        return Spec.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the spec"
        hint = ""
        if first["type"] == "extra_forbidden":
            hint = f"; there are {', '.join(Spec.model_fields)}"
        raise MiningError(f"{name}: {where}: {first['msg'].removeprefix('Value error, ')}{hint}") from error
