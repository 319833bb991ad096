"""What may be wrong with a specification, and where."""

from collections.abc import Iterator
from enum import StrEnum

from tools.strict import Strict


class Wrong(StrEnum):
    """What kind of fault it is."""

    NAME = "name"
    SHAPE = "shape"
    UNIT = "unit"
    SYMMETRY = "symmetry"
    INFORMATION = "information"
    EQUATION = "equation"
    LIMIT = "limit"
    LOCALITY = "locality"
    LOSS = "loss"


class Fault(Strict):
    """One contradiction, and where it stands."""

    wrong: Wrong
    where: str
    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.where}: {self.message}"


Told = Iterator[tuple[str, str, str]]
"""The key of the place, the name of what stands there, and what is wrong with it."""
