"""Strings that stand for crystals and molecules, as they come from whoever wrote them.

A crystal in compact text has its cell on the first line (a b c in Å, alpha beta gamma in degrees) and then an
atom a line (element, three fractional coordinates):

    3.98 3.98 3.98 90 90 90
    Ba 0.00 0.00 0.00
    Ti 0.50 0.50 0.50
    O 0.50 0.50 0.00
    O 0.50 0.00 0.50
    O 0.00 0.50 0.50
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Nothing unknown gets in, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(StrEnum):
    CRYSTAL = "crystal"
    MOLECULE = "molecule"


class Form(StrEnum):
    """How a string writes what it stands for."""

    CIF = "cif"
    TEXT = "text"
    POSCAR = "poscar"
    SLICES = "slices"
    SMILES = "smiles"
    SELFIES = "selfies"
    XYZ = "xyz"


class Unreturned(StrEnum):
    """Why a generator gave no string that could be read; it counts as requested all the same."""

    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


class Sample(Strict):
    """One requested string."""

    form: Form
    text: str = ""
    unreturned: Unreturned | None = Field(default=None, description="none: the text was returned whole")
    shots: tuple[str, ...] = Field(default=(), description="examples in the prompt, to count copies")


class Generator(Protocol):
    """A source of strings: the same seed gives the same strings."""

    name: str
    version: str
    kind: Kind
    form: Form

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples, as they come. Raises GenerationError where it cannot start."""
