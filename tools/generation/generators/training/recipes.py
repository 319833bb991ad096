"""What can be trained: one recipe a data set and form."""

from dataclasses import dataclass, replace
from typing import Final

from tools.generation.generators.crystal_tokens import CrystalAtoms
from tools.generation.generators.tokenisations import tokenisation
from tools.generation.generators.vocabulary import Tokenisation
from tools.generation.schema import SampleForm, SampleKind

CRYSTALS: Final = (
    "charges, magnetism, disorder and partial occupation: sites are whole atoms",
    "precision: lengths on a grid of 1 %, angles of 1 degree, coordinates of 1/120: relax before use",
    "stability: nothing was learnt of energies",
)
MOLECULES: Final = (
    "molecules unlike ZINC-250k: up to 38 heavy atoms of B, C, N, O, F, P, S, Cl, Br and I, drug-like",
    "activity, toxicity and synthesis: nothing was learnt of them",
)


@dataclass(frozen=True)
class Recipe:
    """`keep` is 1 - dropout; `minutes` what the shipped weights were given on one core."""

    name: str
    kind: SampleKind
    form: SampleForm
    reference: str
    tokens: Tokenisation
    does_not_apply: tuple[str, ...]
    width: int
    layers: int
    heads: int
    keep: float
    batch: int
    minutes: float
    temperature: float = 1.0

    @property
    def alphabet(self) -> str:
        return self.tokens.name


PEROV: Final = (
    "other than cubic cells of five atoms ABX3 with X among O, N, F and S (the 56 elements of Perov-5)"
)
MP: Final = "more than 20 atoms a cell or three elements"
XYZ: Final = "charged molecules, or more than 16 heavy atoms: left out to train in minutes on one core"
RECIPES: Final = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "perov5", SampleKind.CRYSTAL, SampleForm.TEXT, "perov_5/val", CrystalAtoms(sort=False),
            (PEROV, *CRYSTALS), 96, 3, 3, 0.9, 48, 7, 0.9,
        ),
        Recipe(
            "mp20", SampleKind.CRYSTAL, SampleForm.TEXT, "mp_20_biternary/val", CrystalAtoms(sort=True),
            (MP, *CRYSTALS), 128, 4, 4, 0.9, 48, 18,
        ),
        Recipe(
            "zinc-smiles", SampleKind.MOLECULE, SampleForm.SMILES, "zinc/valid",
            tokenisation(SampleForm.SMILES, "atoms"), MOLECULES, 144, 4, 4, 0.95, 48, 32, 0.98,
        ),
        Recipe(
            "zinc-selfies", SampleKind.MOLECULE, SampleForm.SELFIES, "zinc/valid",
            tokenisation(SampleForm.SELFIES, "atoms"), MOLECULES, 128, 4, 4, 0.95, 48, 8,
        ),
        Recipe(
            "zinc-xyz", SampleKind.MOLECULE, SampleForm.XYZ, "zinc/valid",
            tokenisation(SampleForm.XYZ, "atoms"), (XYZ, *MOLECULES), 128, 4, 4, 0.9, 24, 8,
        ),
    )
}  # fmt: skip


def recipe_of(what: str, tokens: str) -> Recipe:
    """The recipe for whole atoms, or its twin for characters."""
    found = RECIPES[what]
    if tokens == found.tokens.name:
        return found
    twin = replace(found, name=f"{what}-{tokens}", tokens=tokenisation(found.form, tokens))
    return replace(twin, width=96, layers=3, heads=3, minutes=8.0, temperature=1.0)
