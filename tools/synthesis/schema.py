"""What is asked and what is said. Light: no science is imported."""

from typing import Annotated

from pydantic import Field, model_validator

from tools.quantity import Quantity
from tools.strict import Strict

MOST: int = 50  # candidates of one call
LONGEST_FORMULA = 200
LONGEST_STRUCTURE = 500_000  # characters

MEANING = (
    "score: the share of Materials Project entries like this one that were reported as made (an entry in the "
    "ICSD), by a model that saw no compound of the same elements. Not a formation energy, and no promise: "
    "of what nobody made, nobody knows whether anybody tried"
)


class SynthesisCandidate(Strict):
    """A formula or a structure, and its energy above the hull where that is known."""

    formula: Annotated[str, Field(min_length=1, max_length=LONGEST_FORMULA)] | None = Field(
        default=None, description="such as Li2FeSiO4; leave out if the structure is given"
    )
    structure: Annotated[str, Field(min_length=1, max_length=LONGEST_STRUCTURE)] | None = Field(
        default=None, description="the text of a CIF, POSCAR or extended XYZ"
    )
    above_hull: float | None = Field(
        default=None,
        ge=0,
        le=20,
        description="energy above the Materials Project's convex hull, eV/atom, if it is known",
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> "SynthesisCandidate":
        if (self.formula is None) == (self.structure is None):
            raise ValueError("a candidate has a formula or a structure, and not both")
        return self


class ToScore(Strict):
    """What to score."""

    candidates: list[SynthesisCandidate] = Field(min_length=1, max_length=MOST)


class Alike(Strict):
    """A made compound of the same proportions or prototype."""

    formula: str
    entry: str = Field(description="of the Materials Project")
    unlikeness: float = Field(
        description="root mean square difference of the elements that stand for each other, in standard "
        "deviations over all elements, summed over the slots; 0: the same compound"
    )


class FeatureContribution(Strict):
    """What one group of features adds."""

    about: str
    log_odds: float


class SynthesizabilityScore(Strict):
    """How likely a compound like this one has been made."""

    formula: str
    basis: str = Field(description="what was known: composition or structure, and perhaps the hull energy")
    score: Quantity = Field(
        description="0–1; std: spread of five models, each without a fifth of the systems"
    )
    among_made: float = Field(description="share of made entries that score at least as high, held out")
    among_others: float = Field(description="the same of entries that were not reported as made")
    made_as: str | None = Field(description="the entry of this very formula that was made; null: none known")
    alike: list[Alike] = Field(description="the nearest made compounds")
    reasons: list[FeatureContribution] = Field(
        description="the largest first; they add up, from the average, to the log-odds"
    )
    applicable: bool
    caveats: list[str] = Field(description="why the score is an extrapolation")


class Refused(Strict):
    """What nothing can be said of."""

    number: int = Field(description="its place among the candidates, from 0")
    name: str
    reason: str


class SynthesizabilityScores(Strict):
    """Scores in the order of the candidates."""

    scores: list[SynthesizabilityScore]
    refused: list[Refused]
    model: str
    meaning: str = MEANING
