"""Roles, rubric and referees are data: this reads them, once, and refuses a file that does not fit."""

from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml
from pydantic import Field, TypeAdapter

from agents.schema import Mark, Marks, Strict, Way


class Roles(Strict):
    """Who speaks for a discipline and a facet."""

    facets: dict[str, str]
    disciplines: dict[str, str]

    def name(self, discipline: str, facets: list[str]) -> str:
        """The role for a concept of that discipline which lies in those facets, by label."""
        noun = self.disciplines.get(discipline, "Physicist")
        pattern = next((text for facet, text in self.facets.items() if facet in facets), "{noun}")
        return pattern.format(noun=noun)

    @property
    def techniques(self) -> list[str]:
        """The facets that hold methods rather than systems or areas."""
        return list(self.facets)


class Dimension(Strict):
    weight: float = Field(gt=0)
    asks: str


class Rubric(Strict):
    """The dimensions a reviewer marks, and how their marks become a score."""

    dimensions: dict[str, Dimension]
    computed_share: float = Field(ge=0, le=1, description="weight of the computed checks in the score")
    computed_share_if_judges_cannot_rank: float = Field(ge=0, le=1)
    ceilings: dict[str, float] = Field(description="what each verdict allows of 100, where no judge can rank")

    def ceiling(self, tested: str) -> float:
        """Return what may be given to a hypothesis with this verdict, of 100."""
        return self.ceilings[tested]

    def score(self, marks: Marks) -> float:
        """Weighted mean of the marks 1–5, mapped to 0–100."""
        given: dict[str, Mark] = dict(marks)
        weighed = [(d.weight, given[name].mark) for name, d in self.dimensions.items()]
        return 25 * sum(w * (mark - 1) for w, mark in weighed) / sum(w for w, _ in weighed)


class Referee(Strict):
    name: str
    stance: str


@cache
def roles() -> Roles:
    return Roles.model_validate(read_data("roles.yaml"))


@cache
def structures() -> dict[str, str]:
    """Technique, by PhySH label → the structure of the problems that it was made for."""
    return TypeAdapter(dict[str, str]).validate_python(read_data("structures.yaml"))


class FarMethod(NamedTuple):
    """A method that does something at home: PhySH labels, what it does there, and to which objects."""

    label: str
    discipline: str
    does: str
    objects: str


class Operation(Strict):
    """What a question may need done, and methods that do it somewhere."""

    needs: str
    words: str = Field(description="by which a question tells that it needs this, separated by blanks")
    methods: list[str]

    @property
    def rows(self) -> list[FarMethod]:
        return [FarMethod(*row.split(" | ")) for row in self.methods]


@cache
def operations() -> dict[str, Operation]:
    """What physh's problems name under `needs`."""
    return TypeAdapter(dict[str, Operation]).validate_python(read_data("operations.yaml"))


@cache
def ways() -> dict[Way, str]:
    """How a hypothesis is made of others → what its author is asked to do."""
    return TypeAdapter(dict[Way, str]).validate_python(read_data("ways.yaml"))


@cache
def wording() -> dict[str, list[str]]:
    """Words by which the checks know a number, a direction, a limit, a plan."""
    return TypeAdapter(dict[str, list[str]]).validate_python(read_data("wording.yaml"))


@cache
def order_words(*, first: bool = False) -> dict[str, list[list[str]]]:
    """Words by which a sentence is known to speak to its reader, in lines of like ones."""
    return TypeAdapter(dict[str, list[list[str]]]).validate_python(
        read_data("order_words_first.yaml" if first else "order_words.yaml")
    )


@cache
def rubric() -> Rubric:
    return Rubric.model_validate(read_data("rubric.yaml"))


@cache
def referees() -> tuple[Referee, ...]:
    return tuple(Referee.model_validate(entry) for entry in read_data("referees.yaml"))


def read_data(name: str) -> Any:  # noqa: ANN401 - YAML may hold anything until a model has read it
    """Return what a file in `agents/data` holds."""
    return _load((files("agents") / "data" / name).read_text(encoding="utf-8"))


def read_folder(name: str) -> list[Any]:
    """Return what the files of a folder in `agents/data` hold, by their names."""
    found = sorted((files("agents") / "data" / name).iterdir(), key=lambda file: file.name)
    return [_load(file.read_text(encoding="utf-8")) for file in found if file.name.endswith(".yaml")]


def _load(text: str) -> Any:  # noqa: ANN401 - as above
    """Read YAML, ten times faster where libyaml was built in."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
