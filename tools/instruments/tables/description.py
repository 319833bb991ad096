"""What a table says of itself: columns with units and meanings, source, systems for which it speaks."""

import re

from pydantic import Field, ValidationError, model_validator

from tools.instruments.contract import InstrumentError, Source
from tools.strict import Strict

HEADER = re.compile(r"^(?P<label>.+?)\s*[\[(](?P<unit>[^\])]*)[\])]$")
"""A heading with its unit, such as "band gap (eV)" or "volume [Å^3]"."""


class TableColumn(Strict):
    """A numeric column: a possible cause, and a possible response."""

    heading: str = Field(description="as in the first line of the table")
    label: str
    symbol: str = ""
    unit: str = Field(default="1", description='as pint reads it; "1" where there is none')
    meaning: str = ""
    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what settings call it."""
        return slug(self.label)


class Category(Strict):
    """A column with a few names, by which rows can be chosen."""

    heading: str
    label: str
    meaning: str = ""
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="other names by value")

    @property
    def name(self) -> str:
        return slug(self.label)


class TableDescription(Strict):
    """What is known of a table beside its numbers."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    purpose: str
    systems: tuple[str, ...] = Field(min_length=1)
    columns: tuple[TableColumn, ...] = Field(min_length=2)
    categories: tuple[Category, ...] = ()
    source: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> "TableDescription":
        names = [one.name for one in self.columns] + [one.name for one in self.categories]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two columns are called {twice[0]!r}: give one of them another label")
        return self


def slug(label: str) -> str:
    """Return a label as a name of a setting: "band gap" as "band_gap"."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"column_{plain}"


def guess(name: str, headings: list[str]) -> TableDescription:
    """Return a description of a table that has none, from its headings alone: "band gap (eV)".

    Raises InstrumentError where two headings give one name.
    """
    columns = []
    for heading in headings:
        found = HEADER.match(heading.strip())
        label, unit = (found["label"], found["unit"]) if found else (heading.strip(), "1")
        columns.append(TableColumn(heading=heading, label=label, unit=unit or "1"))
    try:
        return TableDescription(
            name=slug(name),
            title=f"The table {name}",
            purpose="Rows of the user's own table: associations, not causes.",
            systems=(name.replace("_", " "),),
            columns=tuple(columns),
            source=(Source(citation=f"the user's table {name}"),),
        )
    except ValidationError as error:
        raise InstrumentError(f"the table {name} cannot be used: {error.errors()[0]['msg']}") from error
