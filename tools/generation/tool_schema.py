"""What goes into and comes out of the tools for agents, and the words of questions that they are for.

Light: no science is imported.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from tools.generation.downstream.schema import PropertyValue, Stability
from tools.strict import Strict

MOST: int = 50  # strings of one call
FormLabel = Literal["cif", "text", "poscar", "smiles", "selfies", "xyz"]
RulesLabel = Literal["seed_table", "cdvae", "mattergen", "moses", "genmetrics"]
PropertyLabel = Literal[
    "density", "volume", "atoms", "elements", "above_reference_hull", "formation_energy",
    "weight", "logp", "qed", "sa", "tpsa", "donors", "acceptors", "rings",
]  # fmt: skip
FORM = Field(
    description="text: a line 'a b c alpha beta gamma' (Å, degrees), then a line 'element x y z' an atom"
)
Strings = Annotated[
    list[Annotated[str, Field(max_length=50_000)]],
    Field(min_length=1, max_length=MOST, description="each a whole crystal or molecule"),
]


class ToAppraise(Strict):
    """Strings to judge."""

    form: FormLabel = FORM
    strings: Strings
    rules: RulesLabel = Field(default="seed_table", description="what counts as valid and unique")


class Judged(Strict):
    """One string."""

    number: int = Field(description="its place among the strings asked about, from 0")
    name: str | None = Field(description="reduced formula or canonical SMILES; null: it could not be read")
    text: str
    passed: str | None = Field(description="the last stage of the funnel that it passed; null: none")
    lost: str | None = Field(description="why it went no further; null: it came through")


class Appraisal(Strict):
    """How far each string came."""

    kind: Literal["crystal", "molecule"]
    form: FormLabel
    rules: str
    funnel: dict[str, int | None] = Field(description="strings that reached each stage; null: not judged")
    judged: list[Judged]
    versions: dict[str, str]
    note: str


class WindowAsked(Strict):
    """Bounds of a property."""

    property: PropertyLabel
    low: float | None = Field(default=None, description="in the property's unit; null: no bound")
    high: float | None = None


class AimAsked(Strict):
    """What to rank by."""

    property: PropertyLabel
    least: bool = Field(description="whether less is better")


class ToScreen(Strict):
    """Strings to screen and rank."""

    form: FormLabel = FORM
    strings: Strings
    windows: list[WindowAsked] = Field(default_factory=list, max_length=8)
    aims: list[AimAsked] = Field(
        default_factory=list, max_length=4, description="the first orders within a front"
    )
    relax: int = Field(
        default=0, ge=0, le=3, description="crystals whose stability is computed by relaxation, seconds each"
    )


class Ranked(Strict):
    """A string that passed."""

    number: int = Field(description="its place among the strings asked about, from 0")
    rank: int
    front: int = Field(description="of Pareto; 1 is beaten by nobody")
    name: str
    text: str
    properties: dict[str, PropertyValue]
    stability: Stability | None


class Screened(Strict):
    """The strings inside the windows, best first."""

    kind: Literal["crystal", "molecule"]
    form: FormLabel
    requested: int
    survived: int = Field(description="valid and unique")
    relaxed: int
    ranked: list[Ranked]
    note: str


class ToGenerate(Strict):
    """What to write."""

    kind: Literal["crystal", "molecule"]
    prototypes: list[str] = Field(
        default_factory=list,
        max_length=MOST,
        description="crystals as text: their elements are exchanged among each other; none: a small language "
        "model writes new ones",
    )
    count: int = Field(default=10, ge=1, le=MOST)
    seed: int = Field(default=0, ge=0, lt=2**31)


class GeneratedStrings(Strict):
    """What came, unjudged."""

    generator: str
    version: str
    kind: Literal["crystal", "molecule"]
    form: FormLabel
    seed: int
    requested: int
    strings: list[str] = Field(description="those that were returned whole")
    note: str


DESIGN: Final = (
    "inverse design", "generative model*", "crystal generation", "molecule generation", "generated crystal*",
    "generated molecule*", "crystal structure prediction", "de novo design", "molecular design",
    "drug design", "design new material*", "design new molecule*", "new perovskite*", "novel perovskite*",
    "new crystal structure*", "novel crystal structure*", "hypothetical crystal*", "hypothetical material*",
    "perovskite candidate*",
)  # fmt: skip
"""It asks for crystals or molecules that nobody has made."""

STRINGS: Final = ("SMILES", "SELFIES", "CIF", "CIFs", "POSCAR", "SLICES string*")
"""It speaks of crystals or molecules written as strings."""

SITES: Final = (
    "binding site*", "binding pocket*", "protein pocket*", "ligand pocket*", "active site of",
    "active sites of", "enzyme design", "protein design",
)  # fmt: skip
"""It speaks of where proteins hold their ligands."""

STABILITY: Final = (
    "energy above hull", "energy above the hull", "convex hull", "thermodynamic stability of crystal*",
    "thermodynamically stable crystal*", "thermodynamically stable compound*", "metastable crystal*",
    "metastable compound*",
)  # fmt: skip
"""It asks which crystals are stable."""
