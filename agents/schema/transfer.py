"""A method of one discipline tried on a challenge of another, and two disciplines side by side."""

from enum import StrEnum

from pydantic import Field

from agents.schema.base import Prose
from agents.schema.review import Mark
from tools.strict import Strict

# ---- written by a model


class TransferVerdict(StrEnum):
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Correspondence(Strict):
    """What at home plays the part of what in the challenge."""

    variables: Prose = Field(description="which quantity becomes which")
    data: Prose = Field(description="what is measured or given, there and here")
    symmetries: Prose = Field(description="which symmetry or invariance is shared, or is not")
    scale: Prose = Field(description="sizes, times or energies, there and here")


class TransferMarks(Strict):
    structure: Mark = Field(description="how alike the two problems are in structure")
    soundness: Mark = Field(description="whether what the method takes for granted holds here")
    feasibility: Mark = Field(description="whether the first test can be done with known means")


class Transfer(Strict):
    """Whether a method of one discipline could help with a challenge of another."""

    method_does: Prose
    challenge: Prose
    mapping: Correspondence
    must_hold: Prose
    first_test: Prose
    marks: TransferMarks
    reason: Prose
    verdict: TransferVerdict


class SharedChallenge(Strict):
    challenge: Prose
    in_first: Prose = Field(description="how the first discipline meets it")
    in_second: Prose


class Term(Strict):
    first: Prose = Field(description="the first discipline's word")
    second: Prose = Field(description="the second's word for the same")
    meaning: Prose


class Contrast(Strict):
    """Two disciplines side by side."""

    shared: list[SharedChallenge] = Field(min_length=2, max_length=4)
    only_first: list[Prose] = Field(min_length=2, max_length=4)
    only_second: list[Prose] = Field(min_length=2, max_length=4)
    glossary: list[Term] = Field(min_length=1, max_length=4)
