"""What a check says: what is wrong and where, "no counterexample in n draws", or a counterexample.

Nothing is ever proved.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from tools.representation.schema import Transform
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


DIGITS: Final = 6  # of numbers in a counterexample

Cell = float | list["Cell"]


class PropertyVerdict(StrEnum):
    """What draws can say."""

    HOLDS = "no counterexample"
    FAILS = "counterexample"
    UNTESTED = "not tested"


def verdict_of(holds: bool) -> PropertyVerdict:
    return PropertyVerdict.HOLDS if holds else PropertyVerdict.FAILS


class Array(Strict):
    """Numbers of one quantity, complex ones as real and imaginary part, rows first."""

    name: str
    unit: str
    shape: list[int]
    values: list[float]
    imaginary: list[float] | None = None


class Counterexample(Strict):
    """Inputs, what was done to them, and what should have come out: small, for it was shrunk."""

    inputs: list[Array]
    change: str = Field(description="the element of the group, or the change, in words")
    changed: list[Array] = Field(default_factory=list, description="the inputs after it")
    expected: Array
    found: Array


class Finding(Strict):
    """One declared property and what the draws said."""

    about: Literal["function", "sensitivity", "symmetry", "locality", "limit", "information"]
    claim: str = Field(description='as declared, such as "invariant under O(3): improper rotations"')
    verdict: PropertyVerdict
    told: str
    draws: int = 0
    worst: float | None = Field(default=None, description="largest deviation, in the unit of the output")
    relative: float | None = Field(default=None, description="the same divided by the size of the output")
    unit: str = "1"
    counterexample: Counterexample | None = None


class CheckResult(Strict):
    """A specification, its faults, and what its tests found."""

    name: str
    text: str = Field(description="the specification as it was read")
    transform: Transform
    faults: list[Fault]
    against: str | None = Field(description="what was tested: its own equations, a descriptor, or a function")
    findings: list[Finding] = Field(default_factory=list)
    draws: int
    seed: int
    tolerance: float = Field(description="relative deviation that counts as rounding")

    @property
    def well_typed(self) -> bool:
        return not self.faults

    @property
    def counterexamples(self) -> list[Finding]:
        return [one for one in self.findings if one.verdict is PropertyVerdict.FAILS]

    @property
    def summary(self) -> str:
        """One line, which never says that anything is proved."""
        if self.faults:
            count = len(self.faults)
            return f"{self.name} is not well typed: {count} fault{'s' if count > 1 else ''}, {self.faults[0]}"
        if not self.findings:
            return f"{self.name} is well typed; nothing was tested, for it has no equation and no function"
        failed = [one.claim for one in self.counterexamples]
        tested = [one for one in self.findings if one.verdict is not PropertyVerdict.UNTESTED]
        if failed:
            share = f"{len(failed)} of {len(tested)} properties"
            return f"{self.name}: counterexample for {share}: {'; '.join(failed)}"
        return f"{self.name}: no counterexample for {len(tested)} properties in {self.draws} draws each"
