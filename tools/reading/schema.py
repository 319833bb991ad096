"""What is asked of a reading and what it gives, as objects."""

from typing import Final, Literal, TypeAlias

from pydantic import Field

from tools.strict import Strict

LONGEST: Final = 2_000_000  # characters of one text
Scalar: TypeAlias = bool | float | str


class ReadRequest(Strict):
    """A text, and what to read from it."""

    text: str = Field(max_length=LONGEST, description="an abstract, a section or a whole paper as plain text")
    form: str | dict[str, object] = Field(
        default="measurements",
        description="doping, measurements, synthesis, perovskite_cell, or a JSON schema of one record",
    )


class Value(Strict):
    """One thing that the text says, with the words that say it."""

    path: str = Field(description="the slot, with the place in lists: steps[0].temperature")
    value: Scalar = Field(description="in the slot's unit")
    unit: str | None = None
    written: str = Field(description="as the text has it")
    quote: str = Field(description="the sentence of the text that says it")
    start: int = Field(ge=0, description="where the words stand in the text, in characters")
    end: int = Field(ge=0)
    how: Literal["stated", "inferred"] = Field(
        description="inferred: concluded from the quote, not written in it"
    )
    note: str | None = Field(
        default=None, description="how it was concluded or converted, or what is odd about it"
    )


class ExtractedRecord(Strict):
    """What belongs together: a dopant and its host, a cell, a procedure."""

    content: dict[str, object] = Field(
        description="the record in the shape of the schema, without what was not found"
    )
    values: list[Value]


class Conflict(Strict):
    """A slot of one thing for which the text says two."""

    about: str = Field(description="the slot, and of what")
    values: list[str]
    quotes: list[str]


class Rejected(Strict):
    """What a reader gave and the text does not bear out, or cannot be."""

    path: str
    value: str
    quote: str
    reason: str


class ReadResult(Strict):
    """The records of a text."""

    form: str
    reader: str = Field(description="rules and tagger with version, or the chat model")
    characters: int
    records: list[ExtractedRecord]
    conflicts: list[Conflict] = Field(default_factory=list)
    rejected: list[Rejected] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list, description="slots that no record fills")
    notes: list[str] = Field(default_factory=list)


class DraftValue(Strict):
    """What a reader says before it is checked against the text. Without places the quote is searched for."""

    path: str
    value: Scalar
    unit: str | None = None
    quote: str
    start: int | None = Field(default=None, description="where the quote begins, if that is known")
    near: int = Field(default=0, description="from where it is searched for first")
    inferred: bool = False
    impossible: str | None = Field(default=None, description="why it cannot be, if the reader knows")
    note: str | None = None
