"""Rule sets: what counts as valid, unique and novel, and what is measured, each in a YAML file of its own."""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from pydantic import Field, ValidationError, model_validator

from tools.generation.crystals.matching import Tolerances
from tools.generation.crystals.oxidation import TABLES
from tools.generation.errors import BadFile
from tools.generation.judging.facts import RequestedFacts
from tools.generation.schema import SampleKind
from tools.strict import Strict

SYMMETRY_TOLERANCE: Final = 0.1  # Å, for space groups and prototypes


class MeasureName(StrEnum):
    """What can be measured."""

    VALID = "valid"
    STRUCTURAL = "structural"
    COMPOSITIONAL = "compositional"
    UNIQUE = "unique"
    UNIQUE_FIRST = "unique_first"
    NOVEL = "novel"
    VALID_UNIQUE_NOVEL = "valid_unique_novel"
    NOVEL_FORMULA = "novel_formula"
    NOVEL_PROTOTYPE = "novel_prototype"
    NOVEL_STRUCTURE = "novel_structure"
    COPIED = "copied"
    COVERAGE_RECALL = "coverage_recall"
    COVERAGE_PRECISION = "coverage_precision"
    DENSITY = "density"
    ELEMENTS = "elements"
    GROUP_VALIDITY = "group_validity"
    MATCH_COVERAGE = "match_coverage"
    MATCH_NOVELTY = "match_novelty"
    PAIR_UNIQUENESS = "pair_uniqueness"
    WEIGHT = "weight"
    SYNTHESIS = "synthesis"
    LIKENESS = "likeness"
    LOGP = "logp"
    SIMILARITY = "similarity"
    DIVERSITY_1 = "diversity_1"
    DIVERSITY_2 = "diversity_2"
    FILTERS = "filters"
    FRECHET = "frechet"
    COMPLETE = "complete"
    BONDED = "bonded"
    CLASH_FREE = "clash_free"
    BOND_LENGTHS = "bond_lengths"
    BOND_ANGLES = "bond_angles"
    CHIS = "chis"
    CONTACTS = "contacts"
    RESIDUES = "residues"
    COMPOSITION = "composition"
    NOVEL_ORDER = "novel_order"
    NEAREST = "nearest"


COVERAGE: Final = {MeasureName.COVERAGE_RECALL, MeasureName.COVERAGE_PRECISION}
SYMMETRY: Final = {MeasureName.GROUP_VALIDITY, MeasureName.NOVEL_PROTOTYPE}
PROPERTIES: Final = {MeasureName.WEIGHT, MeasureName.SYNTHESIS, MeasureName.LIKENESS, MeasureName.LOGP}
FINGERPRINTS: Final = {MeasureName.SIMILARITY, MeasureName.DIVERSITY_1, MeasureName.DIVERSITY_2}


class Cutoffs(Strict):
    """Of coverage; `reference` names the set they hold for, and the empty name any other."""

    reference: str
    structure: float
    composition: float


class CrystalRules(Strict):
    nearest: float | None = Field(default=None, description="Å; none: no condition on the structure")
    table: str | None = Field(default=None, description="of oxidation states; none: no condition")
    tolerances: Tolerances
    drawn: int | None = Field(default=None, gt=0, description="valid samples drawn for distances; none: all")
    coverage: tuple[Cutoffs, ...] = ()
    measures: tuple[MeasureName, ...]

    @model_validator(mode="after")
    def _names_a_table(self) -> "CrystalRules":
        if self.table is not None and self.table not in TABLES:
            raise ValueError(f"oxidation states {self.table!r}: choose from {', '.join(TABLES)}")
        return self

    def cutoffs(self, reference: str) -> Cutoffs | None:
        fitting = [c for c in self.coverage if c.reference in {reference, ""}]
        return fitting[0] if fitting else None


class MoleculeRules(Strict):
    fragments: bool = Field(default=True, description="several molecules in one string are valid")
    firsts: tuple[int, ...] = Field(default=(), description="k of unique@k, over the first k valid")
    drawn: int | None = Field(default=None, gt=0, description="valid samples drawn for distances; none: all")
    measures: tuple[MeasureName, ...]


class SiteRules(Strict):
    bond: float = Field(gt=0, description="Å that a bond may be off the median length of its kind")
    apart: float = Field(gt=0, description="Å between atoms that are not bonded, at the least")
    same: float = Field(gt=0, description="Å: nearer sites of the same residues in the same order are equal")
    drawn: int | None = Field(
        default=None, gt=0, description="valid samples drawn for distances; none: 1,000"
    )
    measures: tuple[MeasureName, ...]


Rules = CrystalRules | MoleculeRules | SiteRules


class RuleSet(Strict):
    """Named tolerances, tables and measures."""

    name: str
    title: str
    source: str
    note: str = ""
    crystal: CrystalRules | None = None
    molecule: MoleculeRules | None = None
    site: SiteRules | None = None

    def of(self, kind: SampleKind) -> Rules:
        """Raises BadFile where the set says nothing about this kind."""
        rules = {
            SampleKind.CRYSTAL: self.crystal,
            SampleKind.MOLECULE: self.molecule,
            SampleKind.SITE: self.site,
        }[kind]
        if rules is None:
            raise BadFile(
                f"rules {self.name!r} do not judge a {kind}: choose from {', '.join(list_rules(kind))}"
            )
        return rules


@cache
def load_rules(name: str) -> RuleSet:
    """Raises BadFile where no rule set has that name or its file is no rule set."""
    file = files(__name__) / f"{name}.yaml"
    if not name.isidentifier() or not file.is_file():
        raise BadFile(f"no rules {name!r}: choose from {', '.join(list_rules())}")
    try:
        return RuleSet(name=name, **yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise BadFile(f"rules {name!r} cannot be used: {error}") from error


def list_rules(kind: SampleKind | None = None) -> tuple[str, ...]:
    """Names, for one kind or for all."""
    names = sorted(
        f.name.removesuffix(".yaml") for f in files(__name__).iterdir() if f.name.endswith(".yaml")
    )
    return tuple(n for n in names if kind is None or getattr(load_rules(n), kind.value) is not None)


def gather_wants(
    sets: tuple[RuleSet, ...], kind: SampleKind, *, repair: bool, coverage: bool
) -> RequestedFacts:
    """What all the sets together ask of a sample; `coverage` only where its packages are there."""
    parts = [rules.of(kind) for rules in sets]
    names = {name for part in parts for name in part.measures}
    tables = {part.table for part in parts if isinstance(part, CrystalRules) and part.table}
    return RequestedFacts(
        repair=repair,
        tables=tuple(sorted(tables)),
        tolerance=SYMMETRY_TOLERANCE if names & SYMMETRY else None,
        fingerprints=coverage and bool(names & COVERAGE),
        properties=bool(names & PROPERTIES),
        bits=bool(names & FINGERPRINTS),
        filters=MeasureName.FILTERS in names,
    )
